"""Following a stream on a real server: order, gaps, lost connections."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from services.cli.connection import open_redis, settings
from services.cli.cursor import START, Place
from services.cli.follow import Follower, locate
from services.cli.wire_event import WireEvent
from tests.integration.cli.wire import Notices
from tests.servers.redis import RedisServer

KEY = "stories.published"


async def add(redis: Redis, *ids: str) -> None:
    for entry_id in ids:
        await redis.xadd(KEY, {"data": "{}"}, id=entry_id)


async def take(events: AsyncIterator[WireEvent], count: int) -> list[str]:
    async with asyncio.timeout(15):
        return [(await anext(events)).entry_id for _ in range(count)]


async def follow(redis: Redis, start: str, notices: Notices, last: int = 0) -> AsyncIterator[WireEvent]:
    return Follower(redis, KEY, await locate(redis, KEY, start, last), notices.tell).events()


async def test_it_begins_now_at_the_oldest_after_a_cursor_or_before_the_newest(redis: Redis) -> None:
    assert await locate(redis, KEY, "$") == Place(START, 0)
    await add(redis, "1-0", "2-0", "3-0")
    notices = Notices()
    assert await take(await follow(redis, "0", notices), 3) == ["1-0", "2-0", "3-0"]
    assert await take(await follow(redis, "1-0", notices), 2) == ["2-0", "3-0"]
    assert await take(await follow(redis, "$", notices, last=2), 2) == ["2-0", "3-0"]
    assert await take(await follow(redis, "$", notices, last=9), 3) == ["1-0", "2-0", "3-0"]
    now = await follow(redis, "$", notices)
    await add(redis, "4-0")
    assert await take(now, 1) == ["4-0"]
    assert notices == []


async def test_what_is_no_cursor_is_refused(redis: Redis) -> None:
    with pytest.raises(ValueError, match="is no entry id"):
        await locate(redis, KEY, "yesterday")


async def test_a_long_history_comes_whole_and_in_order(redis: Redis) -> None:
    await add(redis, *(f"{number}-0" for number in range(1, 351)))
    notices = Notices()
    assert await take(await follow(redis, "0", notices), 350) == [f"{number}-0" for number in range(1, 351)]
    assert notices == []


async def test_trimming_behind_the_reader_is_no_gap(redis: Redis) -> None:
    notices = Notices()
    events = await follow(redis, "$", notices)
    for number in range(1, 6):
        await redis.xadd(KEY, {"data": "{}"}, id=f"{number}-0", maxlen=1, approximate=False)
        assert await take(events, 1) == [f"{number}-0"]
    assert notices == []


async def test_trimming_past_the_reader_is_told_with_the_number_missed(redis: Redis) -> None:
    notices = Notices()
    await add(redis, "1-0", "2-0")
    events = await follow(redis, "0", notices)
    assert await take(events, 2) == ["1-0", "2-0"]
    await add(redis, "3-0", "4-0", "5-0", "6-0")
    await redis.xtrim(KEY, minid="5-0", approximate=False)
    assert await take(events, 2) == ["5-0", "6-0"]
    await add(redis, "7-0")
    assert await take(events, 1) == ["7-0"]
    assert notices == ["2 events were trimmed away after 2-0 before they were read: going on at 5-0"]


async def test_a_cursor_that_is_gone_says_that_events_may_be_missing(redis: Redis) -> None:
    notices = Notices()
    await add(redis, "1-0", "2-0", "3-0", "4-0")
    await redis.xtrim(KEY, minid="3-0", approximate=False)
    assert await take(await follow(redis, "1-0", notices), 2) == ["3-0", "4-0"]
    assert len(notices) == 1
    assert "may have been trimmed away" in notices[0]


async def test_a_server_that_dies_and_comes_back_costs_nothing(own_redis_server: RedisServer) -> None:
    redis = open_redis(settings(own_redis_server.url))
    notices = Notices()
    try:
        events = await follow(redis, "$", notices)
        await add(redis, "1-0")
        assert await take(events, 1) == ["1-0"]
        waiting = asyncio.create_task(take(events, 1))
        await asyncio.to_thread(own_redis_server.kill)
        await notices.hear("lost the connection to Redis")
        await asyncio.to_thread(own_redis_server.start)
        await notices.hear("connected again")
        await add(redis, "2-0")
        assert await waiting == ["2-0"]
        assert "trimmed" not in " ".join(notices)
    finally:
        await redis.aclose()


async def test_a_flushed_stream_is_told_and_followed_on(redis: Redis) -> None:
    notices = Notices()
    await add(redis, "5-0", "6-0")
    events = await follow(redis, "0", notices)
    assert await take(events, 2) == ["5-0", "6-0"]
    waiting = asyncio.create_task(take(events, 2))
    await redis.delete(KEY)
    await notices.hear("the stream ends at 0-0, before 6-0")
    await add(redis, "7-0", "8-0")
    assert await waiting == ["7-0", "8-0"]
    assert len(notices) == 1


async def test_a_key_of_another_type_is_an_error_not_a_wait(redis: Redis) -> None:
    await redis.set(KEY, "x")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await anext(Follower(redis, KEY, Place(START, 0), print).events())
