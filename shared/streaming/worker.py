"""Runs a stage: decodes entries, hands them to the handler, commits what it answers."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic

from redis.exceptions import RedisError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from shared.streaming.answers import Sorted, sort_answers, sort_failure
from shared.streaming.commit import Answer, Commit, Committer
from shared.streaming.delivery import Delivery, Entry
from shared.streaming.leases import Leases
from shared.streaming.packing import Timing, pack
from shared.streaming.settlement import Settlement, describe
from shared.streaming.stage import M, Stage
from shared.streaming.state import StageState
from shared.streaming.wire import RELEASED, TRACE

logger = logging.getLogger(__name__)

WAIT = wait_random_exponential(multiplier=0.1, max=5)
"""Seconds between two tries at a dependency that is down: full jitter, at most five."""


@dataclass(slots=True)
class Batch(Generic[M]):
    """Entries that were handled and wait for their commit. Times: Unix, and the monotonic clock."""

    entries: Sequence[Entry]
    deliveries: Sequence[Delivery[M]]
    result: Sorted
    received: float
    began: float


class Worker(Generic[M]):
    """One stage in one process. Several tasks may run batches at once."""

    def __init__(
        self, stage: Stage[M], committer: Committer, leases: Leases, stopping: asyncio.Event
    ) -> None:
        self.stage = stage
        self.leases = leases
        self.state = StageState()
        self.incarnation = ""
        self.stopping = stopping
        self.resting: deque[str] = deque(maxlen=10_000)
        """Entries whose last delivery failed here: recovery delivers them, not a drain at the end."""
        self._committer = committer

    async def run(self, entries: Sequence[Entry]) -> None:
        """Handle and commit these entries. What is neither committed nor refused stays pending.

        Returns early, leaving entries pending, when the service stops while a dependency is down.
        """
        await self.finish(await self.begin(entries))

    async def begin(self, entries: Sequence[Entry]) -> Batch[M]:
        """Decode and handle. The entries are leased until `finish`, which must follow."""
        self.leases.hold(entry.entry_id for entry in entries)
        self.state.in_flight += len(entries)
        received, began = time.time(), time.monotonic()
        deliveries, result = self._decode(entries, received)
        batch = Batch(entries, deliveries, result, received, began)
        try:
            if deliveries:
                _merge(result, await self._handle(deliveries))
        except BaseException:
            self._let_go(batch)
            raise
        return batch

    async def finish(self, batch: Batch[M]) -> None:
        """Commit; handle again, for as long as it takes, what waits for a dependency."""
        try:
            await self._finish(batch)
        except RedisError as error:
            logger.warning("%s leaves %d entries pending: %s", self.stage.name, len(batch.entries), error)
        finally:
            self._let_go(batch)

    async def settle(self, settled: Sequence[Settlement]) -> None:
        """Commit settlements that were decided without the handler."""
        await self._commit(settled, Timing(time.time(), 0.0))

    def _let_go(self, batch: Batch[M]) -> None:
        self.state.in_flight -= len(batch.entries)
        self.state.busy_seconds += time.monotonic() - batch.began
        self.leases.release(entry.entry_id for entry in batch.entries)

    async def _finish(self, batch: Batch[M]) -> None:
        result, pauses = batch.result, 0
        while True:
            self._note_failures(result.again)
            await self._commit(result.settled, Timing(batch.received, time.monotonic() - batch.began))
            if not result.waiting:
                self.state.paused = None
                return
            self._pause(str(result.waiting[0][1]))
            pauses += 1
            if await self._stops_within(min(0.1 * 2**pauses, 5.0)):
                return
            waiting = {entry.entry_id for entry, _ in result.waiting}
            result = await self._handle([each for each in batch.deliveries if each.entry_id in waiting])

    def _decode(self, entries: Iterable[Entry], received: float) -> tuple[list[Delivery[M]], Sorted]:
        deliveries: list[Delivery[M]] = []
        result = Sorted()
        stage, incarnation, read = self.stage, self.incarnation, self.stage.read
        for given in entries:
            entry = _without_marks(given) if stage.outside else given
            try:
                message = read(entry.fields)
            except Exception as error:  # one entry that cannot be read must not stop its batch
                sort_failure(stage, entry, error, received, result)
                continue
            deliveries.append(Delivery(message, entry, stage.source, incarnation, received))
        return deliveries, result

    async def _handle(self, deliveries: Sequence[Delivery[M]]) -> Sorted:
        try:
            async with asyncio.timeout(self.stage.timeout):
                answers = await self.stage.handle(deliveries)
            return sort_answers(self.stage, deliveries, answers, time.time())
        except Exception as error:  # the worker's edge: the type decides what becomes of the entries
            return await self._handle_failed(deliveries, error)

    async def _handle_failed(self, deliveries: Sequence[Delivery[M]], error: Exception) -> Sorted:
        """A failing batch is handled again at once, each entry alone: only the culprit pays."""
        result = Sorted()
        if len(deliveries) == 1 or isinstance(error, self.stage.unavailable):
            for delivery in deliveries:
                sort_failure(self.stage, delivery.entry, error, time.time(), result)
            return result
        logger.warning("%s: a batch of %d failed, each entry runs alone", self.stage.name, len(deliveries))
        for delivery in deliveries:
            if self.stopping.is_set():
                break
            _merge(result, await self._handle([delivery]))
        return result

    async def _commit(self, settled: Sequence[Settlement], timing: Timing) -> None:
        commits = self._pack(settled, timing)
        if not commits:
            return
        try:
            answers = await self._committer.commit(commits)
        except RedisError as error:
            answers = await self._commit_later(commits, error)
        self._count(commits, answers)

    def _pack(self, settled: Sequence[Settlement], timing: Timing) -> list[Commit]:
        name, source = self.stage.name, self.stage.source
        try:
            return pack(name, source, settled, timing)
        except Exception:  # one output cannot be written: find it, let its neighbours through
            logger.warning("%s: an output cannot be written as JSON", name, exc_info=True)
        commits: list[Commit] = []
        for one in settled:
            failed = Sorted()
            try:
                commits += pack(name, source, [one], timing)
            except Exception as error:
                sort_failure(self.stage, one.entry, error, timing.received, failed)
            self._note_failures(failed.again)
            commits += pack(name, source, failed.settled, timing)
        return commits

    async def _commit_later(self, commits: Sequence[Commit], error: RedisError) -> list[Answer]:
        """Try the same commit until it is answered: whether it ran or not, it cannot run twice."""
        self._pause(f"the commit does not go through: {error}")
        if self.stopping.is_set():
            raise error
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(RedisError),
            wait=WAIT,
            stop=lambda _: self.stopping.is_set(),
            sleep=self._nap,
            before_sleep=self._note_refusal,
            reraise=True,
        ):
            with attempt:
                return await self._committer.commit(commits)
        raise error  # not reached: the loop answers or raises

    def _count(self, commits: Sequence[Commit], answers: Sequence[Answer]) -> None:
        self.state.last_commit = time.monotonic()
        self.state.paused = None
        outcomes = self.state.outcomes
        for commit, answer in zip(commits, answers, strict=True):
            if answer is Answer.COMMITTED:
                outcomes[commit.outcome] += 1
            elif answer is Answer.STALE:
                self.state.stale += 1
            else:
                outcomes[answer.name.lower()] += 1

    def _note_failures(self, again: Iterable[tuple[Entry, Exception]]) -> None:
        for entry, error in again:
            self.state.failures += 1
            self.resting.append(entry.entry_id)
            logger.warning(
                "%s: delivery %d of %s failed and will be tried again: %s",
                self.stage.name,
                entry.deliveries,
                entry.entry_id,
                describe(error),
                exc_info=error,
            )

    def _note_refusal(self, attempt: RetryCallState) -> None:
        error = attempt.outcome.exception() if attempt.outcome else None
        self._pause(f"the commit does not go through: {error}")

    def _pause(self, why: str) -> None:
        if self.state.paused != why:
            logger.warning("%s pauses: %s", self.stage.name, why)
        self.state.paused = why

    async def _nap(self, seconds: float) -> None:
        await self._stops_within(seconds)

    async def _stops_within(self, seconds: float) -> bool:
        """Sleep, but wake when the service stops; answers whether it does."""
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return False
        return True


def _without_marks(entry: Entry) -> Entry:
    """An entry from outside has no history here, whatever it says."""
    if TRACE not in entry.fields and RELEASED not in entry.fields:
        return entry
    kept = {name: value for name, value in entry.fields.items() if name not in (TRACE, RELEASED)}
    return entry._replace(fields=kept)


def _merge(into: Sorted, other: Sorted) -> None:
    into.settled += other.settled
    into.waiting += other.waiting
    into.again += other.again
