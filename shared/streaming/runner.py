"""Keeps a stage running in one process: reader, worker, leases, recovery, and the care of its stream."""

import asyncio
import logging
import time
from typing import Any, Generic

from faststream.redis import RedisBroker
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from shared.streaming.commit import Committer
from shared.streaming.delivery import Entry
from shared.streaming.groups import Groups
from shared.streaming.leases import Leases
from shared.streaming.names import Names
from shared.streaming.reader import Reader
from shared.streaming.recovery import Recovery
from shared.streaming.stage import M, Stage
from shared.streaming.tasks import end
from shared.streaming.trimming import Trimmer
from shared.streaming.worker import Batch, Worker

logger = logging.getLogger(__name__)

READ_TURNS = 4
"""Turns of the event loop that a commit lets pass, so that the next read is under way before it: Redis then
reads while we pack, and commits while we decode. Measured: 26 k/s steadily, against 16 to 27 k/s without."""
WATCH_SECONDS = 0.5
TEND_SECONDS = 1.0
TRIM_EVERY = 5
"""Trim at every fifth turn of tending."""
CLEAR_EVERY = 60
GONE_SECONDS = 600.0
"""A consumer not heard of for ten minutes, with nothing pending, is gone."""
SILENCE_SECONDS = 3.0
"""A Redis that takes longer to answer is reported: a frozen one would else look well for half a minute."""
GIVE_UP_SECONDS = 60.0
"""A subscriber that cannot be brought back to life ends the process, so that its supervisor sees it."""


class Runner(Generic[M]):
    """One stage of a service. `prepare`, then start the broker, then `start`; at the end `stop`.

    `failed` is set, with `why`, when the stage cannot be kept alive.
    """

    def __init__(
        self,
        stage: Stage[M],
        broker: RedisBroker,
        redis: Redis,
        names: Names,
        consumer: str,
        stopping: asyncio.Event,
        give_up_seconds: float = GIVE_UP_SECONDS,
    ) -> None:
        stream = names.stream(stage.source)
        leases = Leases(redis, stream, stage.group, consumer, stage.redelivery.renewal)
        committer = Committer(redis, names, stage.name, stage.source, stage.group, stage.guard_seconds)
        self.stage = stage
        self.worker = Worker(stage, committer, leases, stopping)
        self.failed = asyncio.Event()
        self.why = ""
        self._redis = redis
        self._names = names
        self._consumer = consumer
        self._stopping = stopping
        self._give_up_seconds = give_up_seconds
        self._leases = leases
        self._groups = Groups(redis, names)
        self._trimmer = Trimmer(redis, names)
        self._recovery = Recovery(self.worker, redis, stream, consumer)
        self._reader = Reader(broker, stage, stream, consumer, self._consume)
        self._finishing: asyncio.Task[None] | None = None
        self._open = asyncio.Event()
        self._open.set()
        self._tasks: list[asyncio.Task[None]] = []

    async def prepare(self) -> None:
        """Make the group before anything reads, and see whether there is room below. Raises redis' errors."""
        _, self.worker.incarnation = await self._groups.ensure(self.stage.source, self.stage.group)
        await self._look()

    async def start(self) -> None:
        """Begin to watch, renew, recover and tend; the broker reads already."""
        await self._groups.rewind_if_skipping(self.stage.source, self.stage.group)
        self.worker.state.reading = True
        for keep in (self._leases.keep, self._watch, self._recovery.keep, self._tend):
            self._tasks.append(asyncio.create_task(keep(), name=f"{self.stage.name}:{keep.__qualname__}"))

    async def stop(self) -> None:
        """Stop reading, finish what is in hand, handle what was fetched and not begun, leave the group."""
        self.worker.state.reading = False
        # the watch first, or it would take the stopped subscriber for a dead one and start it again;
        # the leases last, for the batch in hand
        await end(self._tasks[1:])
        await self._reader.stop()
        await self._settled()
        await end(self._tasks[:1])
        try:
            await self._drain()
            await self._groups.remove(self.stage.source, self.stage.group, self._consumer)
        except RedisError as error:
            logger.warning("%s leaves without a word to its group: %s", self.stage.name, error)

    async def _consume(self, entries: list[Entry]) -> None:
        """Handle a batch and let its commit run while the next one is read and handled.

        Commits stay in order, and no more than two batches are in hand.
        """
        batch = await self.worker.begin(entries)
        await self._settled()
        self._finishing = asyncio.create_task(self._finish(batch))
        if not self._open.is_set():
            await self._settled()
            await self._until_open()

    async def _finish(self, batch: Batch[M]) -> None:
        for _ in range(READ_TURNS):
            await asyncio.sleep(0)
        try:
            await self.worker.finish(batch)
        except Exception:  # a defect of ours: its entries stay pending, the next batch must not pay for it
            logger.exception("%s could not settle a batch", self.stage.name)

    async def _settled(self) -> None:
        """Wait for the commit that is under way."""
        if self._finishing:
            await self._finishing

    async def _until_open(self) -> None:
        """Hold the reader, with nothing in hand, while the next stream is over its bound."""
        waits = [asyncio.create_task(event.wait()) for event in (self._open, self._stopping)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _drain(self) -> None:
        """Entries whose read reply came too late to be begun: handle them now rather than after a rest."""
        if self.worker.state.paused:
            return
        answer: Any = await self._redis.xreadgroup(
            self.stage.group,
            self._consumer,
            {self._names.stream(self.stage.source): "0"},
            count=self.stage.batch,
        )
        for _, entries in answer:
            fetched = [Entry(entry_id.decode(), fields) for entry_id, fields in entries if fields]
            unbegun = [entry for entry in fetched if entry.entry_id not in self.worker.resting]
            if unbegun:
                await self.worker.run(unbegun)

    async def _watch(self) -> None:
        """Make the group again when a flush removed it; bring a dead subscriber back, or give up."""
        healthy = time.monotonic()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                await self._ensure()
                if self._reader.alive:
                    self._report(None)
                    healthy = time.monotonic()
                else:
                    await self._revive()
            except (RedisConnectionError, RedisTimeoutError) as error:
                # Redis is away: the subscriber waits for it by itself, there is nothing to give up
                self._report(f"Redis does not answer: {error}")
                healthy = time.monotonic()
            except Exception as error:
                self._report(f"cannot read {self._names.stream(self.stage.source)}: {error}")
            if time.monotonic() - healthy > self._give_up_seconds:
                self._give_up()
                return

    async def _ensure(self) -> None:
        silence = asyncio.get_running_loop().call_later(
            SILENCE_SECONDS, self._report, f"Redis has not answered for {SILENCE_SECONDS:.0f} s"
        )
        try:
            made, self.worker.incarnation = await self._groups.ensure(self.stage.source, self.stage.group)
        finally:
            silence.cancel()
        if made:
            logger.error("%s: its group was gone and was made again at 0", self.stage.name)

    async def _revive(self) -> None:
        self._report(f"the subscriber died and is started again: {self._reader.why_dead()}")
        await self._reader.restart()
        await self._groups.rewind_if_skipping(self.stage.source, self.stage.group)

    def _report(self, problem: str | None) -> None:
        """Note the problem, or that there is none; log it once, not at every look."""
        state = self.worker.state
        if problem != state.problem:
            if problem:
                logger.error("%s: %s", self.stage.name, problem)
            else:
                logger.info("%s reads again", self.stage.name)
        state.problem = problem

    def _give_up(self) -> None:
        self.why = (
            f"{self.stage.name} has not read for {self._give_up_seconds:.0f} s: {self.worker.state.problem}"
        )
        self.failed.set()

    async def _tend(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(TEND_SECONDS)
            turn += 1
            try:
                await self._look()
                if turn % TRIM_EVERY == 0:
                    await self._trimmer.trim(self.stage)
                if turn % CLEAR_EVERY == 0:
                    await self._groups.remove_gone(self.stage.source, self.stage.group, GONE_SECONDS)
            except RedisError as error:
                logger.info("%s: tending waits: %s", self.stage.name, error)

    async def _look(self) -> None:
        info = await self._groups.info(self.stage.source, self.stage.group)
        if info:
            self.worker.state.group = info
        below = self.stage.downstream
        if below:
            await self._measure(below.stream, below.group, below.bound)

    async def _measure(self, stream: str, group: str, bound: int) -> None:
        info = await self._groups.info(stream, group)
        backlog = info.lag + info.pending if info else 0
        if backlog < bound and not self._open.is_set():
            self._open.set()
            self.worker.state.held = None
        elif backlog >= bound:
            self._open.clear()
            self.worker.state.held = f"{stream} holds {backlog} unfinished entries, its bound is {bound}"
