"""Consumer groups: made at 0, looked at, cleared of consumers that are gone."""

import uuid
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.streaming.commit import load_script
from shared.streaming.names import Names
from shared.streaming.state import GroupInfo


class Groups:
    """What one deployment's groups look like, and the scripts that change them in one step."""

    def __init__(self, redis: Redis, names: Names) -> None:
        self._redis = redis
        self._names = names
        self._ensure = redis.register_script(load_script("ensure_group"))
        self._remove = redis.register_script(load_script("remove_consumer"))

    async def ensure(self, stream: str, group: str) -> tuple[bool, str]:
        """Make the group at 0 if it is missing. Answers whether it was made, and the incarnation.

        Raises `ResponseError` when the key is no stream, and redis' connection errors.
        """
        keys = [self._names.stream(stream), self._names.incarnation(stream)]
        made, incarnation = await self._ensure(keys=keys, args=[group, uuid.uuid4().hex[:16]])
        return bool(made), incarnation.decode()

    async def rewind_if_skipping(self, stream: str, group: str) -> bool:
        """Set a group to 0 that was made at the end of the stream, by whoever made it so."""
        for found in await self._infos(stream):
            if found["name"] == group.encode() and _made_at_the_end(found):
                await self._redis.xgroup_setid(self._names.stream(stream), group, "0")
                return True
        return False

    async def info(self, stream: str, group: str) -> GroupInfo | None:
        """Lag, pending and consumers of a group, None where stream or group is missing."""
        for found in await self._infos(stream):
            if found["name"] == group.encode():
                length = await self._redis.xlen(self._names.stream(stream))
                return GroupInfo(
                    length=length,
                    # Redis cannot tell the lag after some deletions: then no more than all is left
                    lag=int(found["lag"]) if found.get("lag") is not None else length,
                    pending=int(found["pending"]),
                    consumers=int(found["consumers"]),
                    oldest_pending_seconds=await self._oldest(stream, group) if found["pending"] else 0.0,
                )
        return None

    async def remove_gone(self, stream: str, group: str, idle_seconds: float) -> int:
        """Remove consumers that have not been heard of and have nothing pending. Answers how many."""
        key = self._names.stream(stream)
        gone = 0
        for consumer in await self._redis.xinfo_consumers(key, group):
            if consumer["pending"] == 0 and consumer["idle"] > idle_seconds * 1000:
                gone += int(await self._remove(keys=[key], args=[group, consumer["name"]]))
        return gone

    async def remove(self, stream: str, group: str, consumer: str) -> bool:
        """Remove a consumer that leaves, unless it has something pending."""
        return bool(await self._remove(keys=[self._names.stream(stream)], args=[group, consumer]))

    async def _infos(self, stream: str) -> list[Mapping[str, Any]]:
        try:
            return list(await self._redis.xinfo_groups(self._names.stream(stream)))
        except ResponseError as error:
            if "no such key" in str(error):
                return []
            raise

    async def _oldest(self, stream: str, group: str) -> float:
        """Seconds since the oldest pending entry was added, by its id. An id of the future counts as 0."""
        summary = await self._redis.xpending(self._names.stream(stream), group)
        if not summary["min"]:
            return 0.0
        seconds, micros = await self._redis.time()
        added = int(summary["min"].split(b"-")[0]) / 1000
        return max(seconds + micros / 1e6 - added, 0.0)


def _made_at_the_end(found: Mapping[str, Any]) -> bool:
    never_read = not found.get("entries-read") and not found["pending"]
    return never_read and found["last-delivered-id"] != b"0-0"
