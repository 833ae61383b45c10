"""Runs a stage: decodes entries, hands them to the handler, commits what it answers."""

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from typing import Generic

from redis.exceptions import RedisError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from shared.streaming.answers import Sorted, sort_answers, sort_failure
from shared.streaming.commit import Answer, Commit, Committer, WireOutput, moved_from
from shared.streaming.delivery import Delivery, Entry
from shared.streaming.leases import Leases
from shared.streaming.settlement import Settlement, describe
from shared.streaming.stage import M, Stage
from shared.streaming.state import StageState
from shared.streaming.wire import RELEASED, TRACE, append_hop, encode

logger = logging.getLogger(__name__)

WAIT = wait_random_exponential(multiplier=0.1, max=5)
"""Seconds between two tries at a dependency that is down: full jitter, at most five."""


class Worker(Generic[M]):
    """One stage in one process. `run` may be called by several tasks at once."""

    def __init__(
        self, stage: Stage[M], committer: Committer, leases: Leases, stopping: asyncio.Event
    ) -> None:
        self.stage = stage
        self.leases = leases
        self.state = StageState()
        self.incarnation = ""
        self.stopping = stopping
        self._committer = committer

    async def run(self, entries: Sequence[Entry]) -> None:
        """Handle and commit these entries. What is neither committed nor refused stays pending.

        Returns early, leaving entries pending, when the service stops while a dependency is down.
        """
        held = [entry.entry_id for entry in entries]
        self.leases.hold(held)
        self.state.in_flight += len(entries)
        started = time.monotonic()
        try:
            await self._run(entries)
        except RedisError as error:
            logger.warning("%s leaves %d entries pending: %s", self.stage.name, len(entries), error)
        finally:
            self.state.in_flight -= len(entries)
            self.state.busy_seconds += time.monotonic() - started
            self.leases.release(held)

    async def settle(self, settled: Sequence[Settlement]) -> None:
        """Commit settlements that were decided without the handler."""
        await self._commit(settled, time.time(), time.monotonic())

    async def _run(self, entries: Sequence[Entry]) -> None:
        received, began = time.time(), time.monotonic()
        todo, result = self._decode(entries, received)
        pauses = 0
        while True:
            if todo:
                _merge(result, await self._handle(todo))
            self._note_failures(result.again)
            await self._commit(result.settled, received, began)
            if not result.waiting:
                self.state.paused = None
                return
            self._pause(str(result.waiting[0][1]))
            pauses += 1
            if await self._stops_within(min(0.1 * 2**pauses, 5.0)):
                return
            waiting = {entry.entry_id for entry, _ in result.waiting}
            todo = [delivery for delivery in todo if delivery.entry_id in waiting]
            result = Sorted()

    def _decode(self, entries: Iterable[Entry], received: float) -> tuple[list[Delivery[M]], Sorted]:
        deliveries: list[Delivery[M]] = []
        result = Sorted()
        stage, incarnation = self.stage, self.incarnation
        for entry in entries:
            fields = entry.fields
            if stage.outside and (TRACE in fields or RELEASED in fields):
                fields = {name: value for name, value in fields.items() if name not in (TRACE, RELEASED)}
            try:
                message = stage.read(fields)
            except Exception as error:  # one entry that cannot be read must not stop its batch
                sort_failure(stage, entry, error, received, result)
                continue
            deliveries.append(
                Delivery(
                    message, stage.source, incarnation, entry.entry_id, entry.deliveries, received, fields
                )
            )
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
                sort_failure(self.stage, _entry(delivery), error, time.time(), result)
            return result
        logger.warning("%s: a batch of %d failed, each entry runs alone", self.stage.name, len(deliveries))
        for delivery in deliveries:
            if self.stopping.is_set():
                break
            _merge(result, await self._handle([delivery]))
        return result

    async def _commit(self, settled: Sequence[Settlement], received: float, began: float) -> None:
        if not settled:
            return
        commits = self._pack(settled, received, time.monotonic() - began)
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(RedisError),
            wait=WAIT,
            stop=lambda _: self.stopping.is_set(),
            sleep=self._nap,
            before_sleep=self._note_refusal,
            reraise=True,
        ):
            with attempt:
                answers = await self._committer.commit(commits)
        self._count(commits, answers)

    def _pack(self, settled: Sequence[Settlement], received: float, took: float) -> list[Commit]:
        stage = self.stage
        head = f'["{stage.name}","{stage.source}","'
        middle = f'",{received:.3f},{took * 1000:.1f},"'
        commits: list[Commit] = []
        for item in settled:
            entry = item.entry
            row = f'{head}{entry.entry_id}{middle}{item.outcome}",{entry.deliveries}]'.encode()
            trace = append_hop(entry.fields.get(TRACE), row)
            outputs = [WireOutput(out.stream, encode(out, trace), out.guard) for out in item.outputs]
            commits.append(Commit(entry.entry_id, item.outcome, outputs, moved_from(entry.fields)))
        return commits

    def _count(self, commits: Sequence[Commit], answers: Sequence[Answer]) -> None:
        self.state.last_commit = time.monotonic()
        self.state.paused = None
        for commit, answer in zip(commits, answers, strict=True):
            if answer is Answer.STALE:
                self.state.stale += 1
            else:
                self.state.outcomes[
                    commit.outcome if answer is Answer.COMMITTED else answer.name.lower()
                ] += 1

    def _note_failures(self, again: Iterable[tuple[Entry, Exception]]) -> None:
        for entry, error in again:
            self.state.failures += 1
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


def _entry(delivery: Delivery[M]) -> Entry:
    return Entry(delivery.entry_id, delivery.fields, delivery.deliveries)


def _merge(into: Sorted, other: Sorted) -> None:
    into.settled += other.settled
    into.waiting += other.waiting
    into.again += other.again
