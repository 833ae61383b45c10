"""The commit script: XACK is the token, everything is looked at before the first XACK."""

import pytest
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError, ResponseError

from shared.streaming import Answer, Commit, Committer, Names, OnceGuard, VersionGuard, WireOutput
from shared.streaming.commit import load_script, split
from tests.servers.redis import RedisServer
from tests.stages import Client, counters, pending

SOURCE, TARGET, GROUP = "stories.ingest", "stories.accepted", "ingest"


async def delivered(redis: Client, count: int) -> list[str]:
    """Entries of a fresh group, delivered and not acknowledged."""
    await redis.xgroup_create(SOURCE, GROUP, "0", mkstream=True)
    for number in range(count):
        await redis.xadd(SOURCE, {"data": str(number)})
    answer = await redis.xreadgroup(GROUP, "w1", {SOURCE: ">"}, count=count)
    return [entry_id.decode() for entry_id, _ in answer[0][1]]


def committer(redis: Client, prefix: str = "") -> Committer:
    return Committer(redis, Names(prefix), "ingest", SOURCE, GROUP, 60)


def emitting(entry_id: str, *outputs: WireOutput, moved_from: str = "") -> Commit:
    return Commit(
        entry_id, "accepted", outputs or (WireOutput(TARGET, ["data", entry_id], None),), moved_from
    )


def guarded(version: int, identity: str = "urn:a") -> WireOutput:
    return WireOutput(TARGET, ["version", str(version)], VersionGuard(identity, version))


async def test_outputs_are_added_acknowledged_and_counted(redis: Client) -> None:
    ids = await delivered(redis, 3)
    assert await committer(redis).commit([emitting(i) for i in ids]) == [Answer.COMMITTED] * 3
    assert [fields[b"data"].decode() for _, fields in await redis.xrange(TARGET)] == ids
    assert await pending(redis) == 0
    assert await counters(redis) == {"ingest.accepted": 3}


async def test_a_second_commit_of_the_same_entry_changes_nothing(redis: Client) -> None:
    ids = await delivered(redis, 2)
    await committer(redis).commit([emitting(ids[0])])
    assert await committer(redis).commit([emitting(i) for i in ids]) == [Answer.STALE, Answer.COMMITTED]
    assert await redis.xlen(TARGET) == 2
    assert await counters(redis) == {"ingest.accepted": 2}


async def test_one_entry_may_have_no_outputs_or_several(redis: Client) -> None:
    ids = await delivered(redis, 2)
    several = [
        WireOutput(TARGET, ["data", "x"], None),
        WireOutput("stories.dead", ["data", "y", "why", "z"], None),
    ]
    await committer(redis).commit([Commit(ids[0], "duplicate"), emitting(ids[1], *several)])
    assert await redis.xlen(TARGET) == 1
    assert (await redis.xrange("stories.dead"))[0][1] == {b"data": b"y", b"why": b"z"}
    assert await counters(redis) == {"ingest.duplicate": 1, "ingest.accepted": 1}


@pytest.mark.parametrize("wrong", ["destination", "counters", "guard"])
async def test_a_key_of_the_wrong_type_refuses_before_anything_is_acknowledged(
    redis: Client, wrong: str
) -> None:
    ids = await delivered(redis, 3)
    if wrong == "destination":
        await redis.set(TARGET, "not a stream")
    elif wrong == "counters":
        await redis.set("stories.counters", "not a hash")
    else:
        await redis.rpush("stories.guard:urn:a", "not a string")
    with pytest.raises(ResponseError, match="WIREDESK"):
        await committer(redis).commit([emitting(i, guarded(1)) for i in ids])
    assert await pending(redis) == 3
    assert await redis.type(TARGET) in (b"string", b"none")


async def test_a_user_who_may_not_add_is_refused_before_anything_is_acknowledged(
    redis: Client, redis_server: RedisServer
) -> None:
    ids = await delivered(redis, 2)
    await redis.execute_command("ACL", "SETUSER", "weak", "on", ">pw", "~*", "+@all", "-xadd")
    weak = Redis(port=redis_server.port, username="weak", password="pw")
    with pytest.raises(ResponseError, match="grant xadd"):
        await committer(weak).commit([emitting(i) for i in ids])
    assert await pending(redis) == 2
    await weak.aclose()
    await redis.execute_command("ACL", "DELUSER", "weak")


async def test_a_destination_without_free_ids_is_refused(redis: Client) -> None:
    ids = await delivered(redis, 1)
    await redis.xadd(TARGET, {"a": "b"}, id=f"{2**64 - 1}-{2**64 - 1}")
    with pytest.raises(ResponseError, match="last entry id"):
        await committer(redis).commit([emitting(ids[0])])
    assert await pending(redis) == 1


async def test_commits_go_on_while_memory_is_full(own_redis_server: RedisServer) -> None:
    client: Client = Redis.from_url(own_redis_server.url)
    ids = await delivered(client, 3)
    await client.config_set("maxmemory", "1")
    with pytest.raises(OutOfMemoryError):
        await client.xadd(SOURCE, {"data": "refused"})
    outputs = [emitting(ids[0]), emitting(ids[1], guarded(1)), Commit(ids[2], "duplicate")]
    assert await committer(client).commit(outputs) == [Answer.COMMITTED] * 3
    assert await client.xlen(TARGET) == 2
    await client.aclose()


async def test_the_guard_lets_only_rising_versions_through(redis: Client) -> None:
    ids = await delivered(redis, 5)
    commits = [emitting(i, guarded(v)) for i, v in zip(ids, (1, 3, 2, 3, 4), strict=True)]
    answers = await committer(redis).commit(commits)
    assert answers == [
        Answer.COMMITTED,
        Answer.COMMITTED,
        Answer.SUPERSEDED,
        Answer.REPEATED,
        Answer.COMMITTED,
    ]
    assert [fields[b"version"] for _, fields in await redis.xrange(TARGET)] == [b"1", b"3", b"4"]
    assert await counters(redis) == {"ingest.accepted": 3, "ingest.superseded": 1, "ingest.repeated": 1}
    assert 0 < await redis.ttl("stories.guard:urn:a") <= 60


async def test_a_once_guard_lets_an_event_through_once(redis: Client) -> None:
    ids = await delivered(redis, 2)
    output = WireOutput(TARGET, ["data", "x"], OnceGuard("urn:a:1:retagged"))
    assert await committer(redis).commit([emitting(i, output) for i in ids]) == [
        Answer.COMMITTED,
        Answer.REPEATED,
    ]
    assert await redis.xlen(TARGET) == 1


async def test_the_guard_holds_when_a_group_is_destroyed_and_made_again(redis: Client) -> None:
    ids = await delivered(redis, 4)
    commits = [emitting(i, guarded(n + 1)) for n, i in enumerate(ids)]
    await committer(redis).commit(commits)
    await redis.xgroup_destroy(SOURCE, GROUP)
    await redis.xgroup_create(SOURCE, GROUP, "0")
    await redis.xreadgroup(GROUP, "w1", {SOURCE: ">"})
    assert Answer.COMMITTED not in await committer(redis).commit(commits)
    assert await redis.xlen(TARGET) == 4
    assert await pending(redis) == 0


async def test_a_released_story_moves_from_its_old_outcome(redis: Client) -> None:
    ids = await delivered(redis, 3)
    await committer(redis).commit([Commit(ids[0], "withheld")])
    await committer(redis).commit([emitting(ids[1], guarded(1), moved_from="withheld")])
    assert await counters(redis) == {"ingest.withheld": 0, "ingest.accepted": 1}
    # the very same release once more: it was absorbed, nothing moves twice
    await committer(redis).commit([emitting(ids[2], guarded(1), moved_from="withheld")])
    assert await counters(redis) == {"ingest.withheld": 0, "ingest.accepted": 1, "ingest.repeated": 1}


async def test_all_keys_carry_the_prefix(redis: Client) -> None:
    await redis.xgroup_create("{wire}:" + SOURCE, GROUP, "0", mkstream=True)
    await redis.xadd("{wire}:" + SOURCE, {"data": "x"})
    answer = await redis.xreadgroup(GROUP, "w1", {"{wire}:" + SOURCE: ">"})
    entry_id = answer[0][1][0][0].decode()
    await committer(redis, "{wire}:").commit([emitting(entry_id, guarded(1))])
    assert all(key.startswith(b"{wire}:") for key in await redis.keys("*"))


async def test_a_large_commit_is_split_and_every_part_lands(redis: Client) -> None:
    ids = await delivered(redis, 30)
    commits = [emitting(i, WireOutput(TARGET, ["data", b"x" * 1_000_000], None)) for i in ids]
    assert len(list(split(commits))) > 5
    assert await committer(redis).commit(commits) == [Answer.COMMITTED] * 30
    assert await redis.xlen(TARGET) == 30


def test_a_split_keeps_order_and_loses_nothing() -> None:
    commits = [
        Commit(str(n), "accepted", [WireOutput("s", ["d", b"x" * (n * 1000)], None)]) for n in range(500)
    ]
    parts = list(split(commits))
    assert [c for part in parts for c in part] == commits
    assert all(sum(4 + 4 + 2 for _ in part) <= 1_000 for part in parts)


async def test_a_lease_is_renewed_only_by_its_holder_and_counts_no_delivery(redis: Client) -> None:
    ids = await delivered(redis, 3)
    await redis.xclaim(SOURCE, GROUP, "w2", 0, [ids[0]])
    script = redis.register_script(load_script("renew_leases"))
    assert await script(keys=[SOURCE], args=[GROUP, "w1", *ids, "1-1"]) == 2
    rows = await redis.xpending_range(SOURCE, GROUP, "-", "+", 10)
    assert [(row["consumer"], row["times_delivered"]) for row in rows] == [(b"w2", 2), (b"w1", 1), (b"w1", 1)]


async def test_a_consumer_with_something_pending_is_not_removed(redis: Client) -> None:
    ids = await delivered(redis, 1)
    script = redis.register_script(load_script("remove_consumer"))
    assert await script(keys=[SOURCE], args=[GROUP, "w1"]) == 0
    await redis.xack(SOURCE, GROUP, ids[0])
    assert await script(keys=[SOURCE], args=[GROUP, "w1"]) == 1
    assert await redis.xinfo_consumers(SOURCE, GROUP) == []


async def test_entries_that_look_alike_and_entries_that_do_not_share_a_commit(redis: Client) -> None:
    """The wire form leaves out what is as in the entry before: whatever the order, each keeps its own."""
    ids = await delivered(redis, 9)
    plain = [WireOutput(TARGET, ["data", f"plain {n}"], None) for n in range(4)]
    longer = WireOutput(TARGET, ["data", "longer", "topics", "11000000"], None)
    elsewhere = WireOutput("stories.dead", ["data", "elsewhere"], None)
    commits = [
        Commit(ids[0], "accepted", [plain[0]]),
        Commit(ids[1], "accepted", [plain[1]]),
        Commit(ids[2], "accepted", [longer]),
        Commit(ids[3], "accepted", [plain[2]]),
        Commit(ids[4], "accepted", [guarded(7)]),
        Commit(ids[5], "accepted", [plain[3]]),
        Commit(ids[6], "duplicate"),
        Commit(ids[7], "duplicate"),
        Commit(ids[8], "dead_lettered", [elsewhere]),
    ]
    await redis.xack(SOURCE, GROUP, ids[1])  # settled by another: its values are passed over
    answers = await committer(redis).commit(commits)
    assert answers == [Answer.COMMITTED, Answer.STALE, *[Answer.COMMITTED] * 7]
    sent = [dict(fields) for _, fields in await redis.xrange(TARGET)]
    assert sent == [
        {b"data": b"plain 0"},
        {b"data": b"longer", b"topics": b"11000000"},
        {b"data": b"plain 2"},
        {b"version": b"7"},
        {b"data": b"plain 3"},
    ]
    assert [fields for _, fields in await redis.xrange("stories.dead")] == [{b"data": b"elsewhere"}]
    assert await counters(redis) == {
        "ingest.accepted": 5,
        "ingest.duplicate": 2,
        "ingest.dead_lettered": 1,
    }
