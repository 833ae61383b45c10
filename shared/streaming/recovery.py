"""Recovery: pending entries that nobody works on are claimed by their idle time, whoever owned them."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Generic

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.streaming.delivery import Entry
from shared.streaming.settlement import Place, dead_letter
from shared.streaming.stage import M
from shared.streaming.worker import Worker

logger = logging.getLogger(__name__)

SLICE = 100
"""Pending entries looked at in one call: 50,000 at once block Redis for 129 ms."""


class DeliveriesExhausted(Exception):
    """Raised for an entry that was delivered as often as allowed without an answer."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pending entry: how often it was delivered, and for how many seconds nobody showed a sign of life."""

    entry_id: str
    deliveries: int
    idle: float


class Recovery(Generic[M]):
    """Delivers pending entries again, each alone, so that a poison one cannot drag its neighbours along."""

    def __init__(self, worker: Worker[M], redis: Redis, stream: str, consumer: str) -> None:
        self._worker = worker
        self._redis = redis
        self._stream = stream
        self._group = worker.stage.group
        self._consumer = consumer
        self._policy = worker.stage.redelivery

    async def keep(self) -> None:
        """Pass after pass, until cancelled or the service stops."""
        said = ""
        while not self._worker.stopping.is_set():
            pause = self._policy.min_idle / 4
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - spreads the workers, guards nothing
            try:
                await self.sweep()
                said = ""
            except RedisError as error:
                if said != str(error):  # once, not at every pass
                    said = str(error)
                    logger.warning("recovery of %s waits: %s", self._stream, error)

    async def sweep(self) -> int:
        """One pass over all that is due. Answers how many entries were delivered again."""
        count = 0
        async for candidate in self._due():
            if self._worker.stopping.is_set():
                break
            entry = await self._claim(candidate)
            if entry is not None:
                await self._deliver(entry, candidate)
                count += 1
        return count

    async def _due(self) -> AsyncIterator[Candidate]:
        start = "-"
        while True:
            page: list[dict[str, Any]] = await self._redis.xpending_range(
                self._stream, self._group, start, "+", SLICE, idle=int(self._policy.min_idle * 1000)
            )
            for row in page:
                candidate = Candidate(
                    row["message_id"].decode(), row["times_delivered"], row["time_since_delivered"] / 1000
                )
                held = candidate.entry_id in self._worker.leases
                if not held and self._policy.due(candidate.deliveries, candidate.idle):
                    yield candidate
            if len(page) < SLICE:
                return
            start = f"({page[-1]['message_id'].decode()}"

    async def _claim(self, candidate: Candidate) -> Entry | None:
        """Claim just before the run, so that a crash counts against this entry alone.

        None when another worker was quicker, or when the entry was trimmed away.
        """
        rest = int(self._policy.rest(candidate.deliveries) * 1000)
        claimed: Any = await self._redis.xclaim(
            self._stream, self._group, self._consumer, rest, [candidate.entry_id]
        )
        for entry_id, fields in claimed:
            if fields is not None:
                self._worker.state.redelivered += 1
                return Entry(entry_id.decode(), fields, candidate.deliveries + 1)
        await self._report_vanished(candidate)
        return None

    async def _deliver(self, entry: Entry, candidate: Candidate) -> None:
        if not self._policy.exhausted(candidate.deliveries):
            await self._worker.run([entry])
            return
        error = DeliveriesExhausted(
            f"delivered {candidate.deliveries} times without an answer: "
            f"it kills or hangs the {self._group} process"
        )
        place = Place(self._worker.stage.name, self._worker.stage.source)
        # the entry is told with the deliveries that it had, not with the one that ends it
        last = Entry(entry.entry_id, entry.fields, candidate.deliveries)
        await self._worker.settle([dead_letter(last, place, error, "poison", time.time())])

    async def _report_vanished(self, candidate: Candidate) -> None:
        """Redis drops a trimmed entry from the pending list without a word: say it."""
        if await self._redis.xrange(self._stream, candidate.entry_id, candidate.entry_id):
            return
        still = await self._redis.xpending_range(
            self._stream, self._group, candidate.entry_id, candidate.entry_id, 1
        )
        if not still:
            self._worker.state.vanished += 1
            logger.error("%s: the pending entry %s was trimmed away", self._stream, candidate.entry_id)
