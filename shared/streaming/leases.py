"""Leases: while a worker handles an entry, it shows a sign of life, so that nobody claims it."""

import asyncio
from collections.abc import Iterable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.streaming.commit import load_script


class Leases:
    """The entries that this worker holds, renewed by a task of its own."""

    def __init__(self, redis: Redis, stream: str, group: str, consumer: str, period: float) -> None:
        self._script = redis.register_script(load_script("renew_leases"))
        self._stream = stream
        self._group = group
        self._consumer = consumer
        self._period = period
        self._held: set[str] = set()

    def hold(self, entry_ids: Iterable[str]) -> None:
        """Renew these from now on."""
        self._held.update(entry_ids)

    def release(self, entry_ids: Iterable[str]) -> None:
        """Renew these no longer: settled, or left pending for another try."""
        self._held.difference_update(entry_ids)

    def __contains__(self, entry_id: str) -> bool:
        return entry_id in self._held

    def __len__(self) -> int:
        return len(self._held)

    async def renew(self) -> int:
        """Renew all once; answers how many this consumer still holds. Raises redis' errors."""
        if not self._held:
            return 0
        held = sorted(self._held)
        return int(await self._script(keys=[self._stream], args=[self._group, self._consumer, *held]))

    async def keep(self) -> None:
        """Renew for ever, until cancelled. A Redis that is down cannot hand the entries to others either."""
        while True:
            await asyncio.sleep(self._period)
            try:
                await self.renew()
            except RedisError:
                continue
