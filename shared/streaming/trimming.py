"""Trims a stage's source: what all have acknowledged goes, what is kept for a while stays."""

from typing import Any

from redis.asyncio import Redis

from shared.streaming.commit import load_script
from shared.streaming.names import KEPT, Names
from shared.streaming.stage import M, Retention, Stage

SLICE = 1_000
"""Entries looked over in one pass to find the id below which a stream is too long."""


class Trimmer:
    """Trims one deployment's streams."""

    def __init__(self, redis: Redis, names: Names) -> None:
        self._redis = redis
        self._names = names
        self._script = redis.register_script(load_script("trim"))

    async def trim(self, stage: Stage[M]) -> int:
        """Trim the stage's source once. Answers how many entries went. Raises redis' errors.

        A stage that reads a kept stream without owning its retention trims nothing.
        """
        if stage.source in KEPT and not stage.retention.group:
            return 0
        stream = self._names.stream(stage.source)
        ceiling = await self._ceiling(stream, stage.retention)
        if ceiling is None:
            return 0
        return int(await self._script(keys=[stream], args=[stage.retention.group, ceiling]))

    async def _ceiling(self, stream: str, retention: Retention) -> str | None:
        """The id below which the retention lets go: '' for no limit, None to keep everything."""
        if not retention.seconds and not retention.entries:
            return ""
        seconds, _ = await self._redis.time()
        by_age = f"{max(int((seconds - retention.seconds) * 1000), 0)}-0" if retention.seconds else "0-0"
        surplus = await self._redis.xlen(stream) - retention.entries if retention.entries else 0
        if surplus <= 0:
            return by_age if by_age != "0-0" else None
        rows: Any = await self._redis.xrange(stream, count=min(surplus, SLICE) + 1)
        by_count: str = rows[-1][0].decode()
        return max(by_age, by_count, key=order)


def order(entry_id: str) -> tuple[int, int]:
    """Entry ids in their order: milliseconds, then sequence."""
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence or 0)
