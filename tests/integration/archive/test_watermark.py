"""The watermark: below it everything is archived, whatever is being delivered meanwhile."""

from collections.abc import Mapping
from typing import Any

import pytest
from redis.asyncio import Redis

from services.archive.watermark import WatermarkKeeper, edge
from shared.store import Store
from tests.stories import NOON, SetClock

STREAM = "stories.published"


@pytest.fixture
async def entries(redis: Redis) -> list[str]:
    """Four events on the stream and the archive's group at its beginning."""
    ids = [f"{number}-5" for number in range(1, 5)]
    for entry_id in ids:
        await redis.xadd(STREAM, {"data": "{}"}, id=entry_id)
    await redis.xgroup_create(STREAM, "archive", id="0")
    return ids


async def deliver(redis: Redis, count: int) -> None:
    await redis.xreadgroup("archive", "worker", {STREAM: ">"}, count=count)


async def test_there_is_none_without_the_stream_or_its_group(redis: Redis, store: Store) -> None:
    assert await edge(redis, STREAM, "archive") is None
    await redis.xadd(STREAM, {"data": "{}"})
    assert await edge(redis, STREAM, "archive") is None
    await redis.xgroup_create(STREAM, "somebody else", id="0")
    assert await edge(redis, STREAM, "archive") is None

    await WatermarkKeeper(store, SetClock()).raise_mark(redis, STREAM)
    assert await store.watermarks.read(STREAM) is None


async def test_before_anything_is_delivered_nothing_is_archived(redis: Redis, entries: list[str]) -> None:
    assert await edge(redis, STREAM, "archive") == "0-1"


async def test_the_oldest_entry_in_work_is_the_edge(redis: Redis, entries: list[str]) -> None:
    await deliver(redis, 3)
    assert await edge(redis, STREAM, "archive") == "1-5"
    await redis.xack(STREAM, "archive", entries[0], entries[2])
    assert await edge(redis, STREAM, "archive") == "2-5"


async def test_with_nothing_in_work_all_that_was_delivered_is_archived(
    redis: Redis, entries: list[str]
) -> None:
    await deliver(redis, 3)
    await redis.xack(STREAM, "archive", *entries[:3])
    assert await edge(redis, STREAM, "archive") == "3-6"


class Overtaken:
    """A server on which an entry is delivered to the archive between our two questions."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def xinfo_groups(self, stream: str) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = await self._redis.xinfo_groups(stream)
        await self._redis.xreadgroup("archive", "worker", {STREAM: ">"}, count=1)
        return answer

    async def xpending(self, stream: str, group: str) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = await self._redis.xpending(stream, group)
        await self._redis.xreadgroup("archive", "worker", {STREAM: ">"}, count=1)
        return answer


async def test_an_entry_delivered_while_we_look_does_not_count_as_archived(
    redis: Redis, entries: list[str]
) -> None:
    await deliver(redis, 1)
    await redis.xack(STREAM, "archive", entries[0])

    found = await edge(Overtaken(redis), STREAM, "archive")  # type: ignore[arg-type]

    assert found in {"1-6", "2-5"}


async def test_the_mark_is_written_and_rises(redis: Redis, entries: list[str], store: Store) -> None:
    keeper = WatermarkKeeper(store, SetClock())
    await deliver(redis, 2)
    await keeper.raise_mark(redis, STREAM)
    first = await store.watermarks.read(STREAM)
    await redis.xack(STREAM, "archive", *entries[:2])
    await keeper.raise_mark(redis, STREAM)
    second = await store.watermarks.read(STREAM)

    assert first
    assert second
    assert (first.below, second.below, second.time) == ("1-5", "2-6", NOON)


async def test_a_mark_that_has_not_moved_is_not_written_again(
    redis: Redis, entries: list[str], store: Store
) -> None:
    clock = SetClock()
    keeper = WatermarkKeeper(store, clock)
    await keeper.raise_mark(redis, STREAM)
    clock.pass_by(hours=1)
    await keeper.raise_mark(redis, STREAM)

    mark = await store.watermarks.read(STREAM)
    assert mark
    assert mark.time == NOON
