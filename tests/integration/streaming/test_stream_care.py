"""The care of streams and groups: what is trimmed and what stays, who is removed and who is not."""

import asyncio
from dataclasses import replace

from shared.streaming import Groups, Names, Retention
from shared.streaming.trimming import Trimmer
from tests.stages import SOURCE, Client, push, stage

GROUP = "archive"
DAY_MS = 86_400_000


async def read_all(redis: Client, group: str = GROUP) -> list[bytes]:
    """Deliver everything that is left to a group; answers the entry ids."""
    answer = await redis.xreadgroup(group, "reader", {SOURCE: ">"}, count=10_000)
    return [entry_id for _, entries in answer for entry_id, _ in entries]


async def aged(redis: Client, days: float, count: int) -> None:
    """Entries that were added so many days ago, by their ids."""
    seconds, _ = await redis.time()
    first = int(seconds * 1000 - days * DAY_MS)
    for number in range(count):
        await redis.xadd(SOURCE, {"data": "old"}, id=f"{first + number}-0")


async def test_kept_entries_go_once_they_are_archived_and_past_their_time(redis: Client) -> None:
    await aged(redis, 2, 5)
    await push(redis, "young", "younger")
    await redis.xgroup_create(SOURCE, GROUP, "0")
    await redis.xgroup_create(SOURCE, "dead-outsider", "0")
    kept = replace(stage(), retention=Retention(GROUP, seconds=86_400))
    trimmer = Trimmer(redis, Names())
    assert await trimmer.trim(kept) == 0, "nothing goes before it is archived"
    ids = await read_all(redis)
    await redis.xack(SOURCE, GROUP, *ids[1:])
    assert await trimmer.trim(kept) == 0, "the oldest is still pending"
    await redis.xack(SOURCE, GROUP, ids[0])
    assert await trimmer.trim(kept) == 5, "a dead group of an outsider blocks nothing"
    assert await redis.xlen(SOURCE) == 2


async def test_kept_entries_go_when_there_are_too_many(redis: Client) -> None:
    await redis.xgroup_create(SOURCE, GROUP, "0", mkstream=True)
    ids = await push(redis, *(str(n) for n in range(100)))
    await read_all(redis)
    await redis.xack(SOURCE, GROUP, *ids)
    kept = replace(stage(), retention=Retention(GROUP, entries=30))
    assert await Trimmer(redis, Names()).trim(kept) == 70
    assert (await redis.xrange(SOURCE, count=1))[0][0].decode() == ids[70]


async def test_an_entry_id_of_the_future_is_not_trimmed_before_it_is_read(redis: Client) -> None:
    await redis.xgroup_create(SOURCE, "ingest", "0", mkstream=True)
    await redis.xadd(SOURCE, {"data": "far"}, id="99999999999999-0")
    await push(redis, "after")
    assert await Trimmer(redis, Names()).trim(stage()) == 0
    ids = await read_all(redis, "ingest")
    await redis.xack(SOURCE, "ingest", ids[0])
    assert await Trimmer(redis, Names()).trim(stage()) == 1
    await redis.xack(SOURCE, "ingest", ids[1])
    assert await Trimmer(redis, Names()).trim(stage()) == 1


async def test_a_reader_of_the_published_stream_trims_nothing(redis: Client) -> None:
    await redis.xgroup_create("stories.published", "newsletter", "0", mkstream=True)
    entry_id = await redis.xadd("stories.published", {"data": "x"})
    await redis.xreadgroup("newsletter", "w", {"stories.published": ">"})
    await redis.xack("stories.published", "newsletter", entry_id)
    reader = replace(stage(), name="newsletter", source="stories.published")
    assert await Trimmer(redis, Names()).trim(reader) == 0
    assert await redis.xlen("stories.published") == 1


async def test_nothing_is_trimmed_while_the_group_that_counts_is_missing(redis: Client) -> None:
    await push(redis, "a")
    assert await Trimmer(redis, Names()).trim(stage()) == 0
    assert (
        await Trimmer(redis, Names()).trim(replace(stage(), retention=Retention(GROUP, seconds=0.001))) == 0
    )


async def test_the_lag_stays_known_after_trimming(redis: Client) -> None:
    groups = Groups(redis, Names())
    await groups.ensure(SOURCE, "ingest")
    ids = await push(redis, *(str(n) for n in range(10)))
    answer = await redis.xreadgroup("ingest", "w", {SOURCE: ">"}, count=6)
    assert len(answer[0][1]) == 6
    await redis.xack(SOURCE, "ingest", *ids[:5])
    await Trimmer(redis, Names()).trim(stage())
    info = await groups.info(SOURCE, "ingest")
    assert info
    assert (info.length, info.lag, info.pending, info.consumers) == (5, 4, 1, 1)
    await redis.xdel(SOURCE, ids[8])
    info = await groups.info(SOURCE, "ingest")
    assert info
    assert 3 <= info.lag <= 4, "where Redis cannot tell, no more than all that is left"


async def test_a_group_made_at_the_end_is_set_back_to_the_beginning(redis: Client) -> None:
    groups = Groups(redis, Names())
    await push(redis, "a", "b")
    await redis.xgroup_create(SOURCE, "ingest", "$")
    assert await groups.rewind_if_skipping(SOURCE, "ingest")
    assert len(await read_all(redis, "ingest")) == 2
    assert not await groups.rewind_if_skipping(SOURCE, "ingest"), "a group that has read is left alone"


async def test_the_incarnation_changes_with_the_stream_and_not_with_the_group(redis: Client) -> None:
    groups = Groups(redis, Names())
    made, first = await groups.ensure(SOURCE, "ingest")
    assert made
    assert await groups.ensure(SOURCE, "ingest") == (False, first)
    await redis.xgroup_destroy(SOURCE, "ingest")
    assert await groups.ensure(SOURCE, "ingest") == (True, first)
    await redis.delete(SOURCE)
    made, second = await groups.ensure(SOURCE, "ingest")
    assert made
    assert second != first


async def test_consumers_that_are_gone_are_removed_unless_they_hold_something(redis: Client) -> None:
    groups = Groups(redis, Names())
    await groups.ensure(SOURCE, "ingest")
    await push(redis, "a")
    await redis.xreadgroup("ingest", "holder", {SOURCE: ">"})
    await redis.xgroup_createconsumer(SOURCE, "ingest", "gone")
    await asyncio.sleep(0.2)
    await redis.xgroup_createconsumer(SOURCE, "ingest", "young")
    assert await groups.remove_gone(SOURCE, "ingest", idle_seconds=0.15) == 1
    names = {consumer["name"] for consumer in await redis.xinfo_consumers(SOURCE, "ingest")}
    assert names == {b"holder", b"young"}
