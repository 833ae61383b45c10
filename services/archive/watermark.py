"""Says how far the archive is complete, so that readers can join it with the live stream without a hole."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.runtime import Clock, Service
from shared.store import Store, StoreUnavailable, Watermark
from shared.store.cursor import after
from shared.streaming import PUBLISHED

logger = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks. A reader that starts from the archive waits at most about this long."""


async def edge(redis: Redis, stream: str, group: str) -> str | None:
    """The id below which the group has acknowledged every entry; None while the group does not exist.

    An entry is acknowledged only after it was stored. The last delivered id is read before the oldest
    pending one: an entry that is delivered between the two reads then counts as not stored, which is safe,
    where the other order would take it for stored.
    """
    try:
        delivered = _last_delivered(await redis.xinfo_groups(stream), group)
        if delivered is None:
            return None
        pending = await redis.xpending(stream, group)
    except ResponseError as error:
        if "NOGROUP" in str(error) or "no such key" in str(error):
            return None
        raise
    oldest = pending["min"]
    return oldest.decode() if oldest else after(delivered)


class WatermarkKeeper:
    """Raises the watermark as the archive goes on."""

    def __init__(self, store: Store, clock: Clock, every: float = EVERY) -> None:
        self._store = store
        self._clock = clock
        self._every = every
        self._written = ""

    async def run(self, service: Service) -> None:
        """Look every second until the service stops. Raises redis' errors."""
        while True:
            try:
                await self.raise_mark(service.redis, service.names.stream(PUBLISHED))
            except StoreUnavailable as error:
                logger.warning("the watermark waits for the store: %s", error)
            await asyncio.sleep(self._every)

    async def raise_mark(self, redis: Redis, stream: str) -> None:
        """Write the watermark down if it has moved."""
        below = await edge(redis, stream, "archive")
        if below is None or below == self._written:
            return
        await self._store.watermarks.rise(Watermark(PUBLISHED, below, self._clock.now()))
        self._written = below


def _last_delivered(groups: Sequence[Mapping[str, Any]], name: str) -> str | None:
    for group in groups:
        if group["name"] == name.encode():
            return str(group["last-delivered-id"].decode())
    return None
