"""Lets embargoed stories go when their hour has come.

A release is an ordinary entry on `stories.enriched`, marked as released, so it is decided, committed,
guarded and counted like everything else. If this process dies between adding the entry and writing that
down, the story is released a second time, and the guard absorbs it.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.runtime import Clock, Service
from shared.store import Embargo, Store, StoreUnavailable
from shared.streaming import ENRICHED, Names
from shared.streaming.wire import DATA, RELEASED, TRACE

logger = logging.getLogger(__name__)

LOOK_AGAIN = 15.0
"""Seconds. Another publisher may have stored an embargo that ends sooner, and a clock may be set."""

AFTER_FAILURE = 2.0
"""Seconds until the store is asked again when it was not there."""


class Releases:
    """Looks after the embargoes of one deployment. Any number of publishers may do so at once."""

    def __init__(self, store: Store, clock: Clock, look_again: float = LOOK_AGAIN) -> None:
        self._store = store
        self._clock = clock
        self._look_again = look_again
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Look again now: an embargo was stored, or the clock was set."""
        self._news.set()

    async def run(self, service: Service) -> None:
        """Release until the service stops. Raises redis' errors; nothing is lost by starting again."""
        await self.keep(service.redis, service.names)

    async def keep(self, redis: Redis, names: Names) -> None:
        """Release what is due, sleep until the next hour, for ever."""
        while True:
            self._news.clear()
            try:
                await self.release_due(redis, names)
                pause = await self._until_next()
            except StoreUnavailable as error:
                logger.warning("embargoes wait for the store: %s", error)
                pause = AFTER_FAILURE
            try:
                async with asyncio.timeout(pause):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def release_due(self, redis: Redis, names: Names) -> int:
        """Release all whose hour has come. Answers how many went onto the stream."""
        released = 0
        while batch := await self._store.embargoes.due(self._clock.now()):
            for embargo in batch:
                released += await self._release(embargo, redis, names)
        return released

    async def _release(self, embargo: Embargo, redis: Redis, names: Names) -> bool:
        now = self._clock.now()
        if not await self._store.embargoes.lease(embargo, now):
            return False
        if await self._is_overtaken(embargo):
            return False
        try:
            await redis.xadd(names.stream(ENRICHED), _entry(embargo))
        except RedisError:
            await self._store.embargoes.give_back(embargo)
            raise
        await self._store.embargoes.finish(embargo, "released")
        logger.info("released version %d of %s, due %s", embargo.version, embargo.uri, embargo.release_at)
        return True

    async def _is_overtaken(self, embargo: Embargo) -> bool:
        """Whether there is nothing left to release: a newer version was decided about, or this one is
        out already. The story then stays counted as it is."""
        for decision in await self._store.decisions.of([embargo.uri]):
            if decision.version > embargo.version:
                await self._store.embargoes.finish(embargo, "superseded")
                return True
            if decision.version == embargo.version and decision.emitted:
                await self._store.embargoes.finish(embargo, "released")
                return True
        return False

    async def _until_next(self) -> float:
        """Seconds until there is something to do; at most `look_again`."""
        now = self._clock.now()
        hour = await self._store.embargoes.next_hour(now + timedelta(seconds=self._look_again))
        return self._look_again if hour is None else _seconds(hour, now)


def _seconds(hour: datetime, now: datetime) -> float:
    """Never zero: a clock that stands still must not make this a hot loop."""
    return max((hour - now).total_seconds(), 0.005)


def _entry(embargo: Embargo) -> dict[Any, Any]:
    return {
        DATA: embargo.message,
        "id": embargo.uri,
        "version": str(embargo.version),
        RELEASED: "withheld",
        TRACE: embargo.trace,
    }
