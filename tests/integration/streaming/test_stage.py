"""A stage at work on a real server: every entry ends in one counted outcome."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from shared.runtime.servers import connect
from shared.schemas import DeadLetter
from shared.streaming import Delivery, Done, Downstream, Emit, Outcome, Redelivery, Reject, Unavailable
from tests.servers.redis import RedisServer
from tests.stages import (
    FAST,
    SOURCE,
    TARGET,
    Client,
    Note,
    counters,
    eventually,
    pass_on,
    pending,
    push,
    running,
    stage,
    texts,
)


async def letters(redis: Client) -> list[DeadLetter]:
    return [
        DeadLetter.model_validate_json(fields[b"data"]) for _, fields in await redis.xrange("stories.dead")
    ]


async def settled(redis: Client, count: int) -> None:
    """Until so many entries are counted and none is pending."""

    async def all_counted() -> bool:
        return sum((await counters(redis)).values()) >= count and await pending(redis) == 0

    await eventually(all_counted)


async def test_what_was_queued_before_the_first_start_is_handled(
    redis: Client, redis_server: RedisServer
) -> None:
    await push(redis, *(str(n) for n in range(250)))
    async with running(redis_server.url, redis, stage()):
        await settled(redis, 250)
    assert await texts(redis) == [str(n) for n in range(250)]
    assert await counters(redis) == {"ingest.accepted": 250}


async def test_bad_entries_are_dead_lettered_and_their_neighbours_come_out(
    redis: Client, redis_server: RedisServer
) -> None:
    await push(redis, "a", "b")
    await redis.xadd(SOURCE, {"data": "not json"})
    await redis.xadd(SOURCE, {"other": "field"})
    await redis.xadd(SOURCE, {"data": b'{"text": "\xff\xfe"}'})
    await redis.xadd(SOURCE, {"data": '{"text": 3}'})
    await push(redis, "c")
    async with running(redis_server.url, redis, stage()):
        await settled(redis, 7)
    assert await texts(redis) == ["a", "b", "c"]
    found = await letters(redis)
    assert [letter.reason for letter in found] == ["invalid", "rejected", "invalid", "invalid"]
    assert found[2].fields[0].content() == b'{"text": "\xff\xfe"}'
    assert all(letter.stage == "ingest" and letter.stream == SOURCE and letter.message for letter in found)


async def test_a_rejected_story_is_a_dead_letter_at_once(redis: Client, redis_server: RedisServer) -> None:
    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        return [
            Reject("no headline: send one", uri="urn:x") if d.message.text == "bad" else Done("seen")
            for d in deliveries
        ]

    await push(redis, "good", "bad")
    async with running(redis_server.url, redis, stage(handle)):
        await settled(redis, 2)
    (letter,) = await letters(redis)
    assert (letter.reason, letter.message, letter.uri, letter.deliveries) == (
        "rejected",
        "no headline: send one",
        "urn:x",
        1,
    )
    assert await counters(redis) == {"ingest.seen": 1, "ingest.dead_lettered": 1}


async def test_a_failing_entry_is_tried_again_alone_and_dead_lettered_after_n(
    redis: Client, redis_server: RedisServer
) -> None:
    calls: list[list[str]] = []

    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        calls.append([d.message.text for d in deliveries])
        if any(d.message.text == "bad" for d in deliveries):
            raise RuntimeError("it breaks")
        return await pass_on(deliveries)

    await push(redis, "a", "bad", "b")
    async with running(redis_server.url, redis, stage(handle)):
        await settled(redis, 3)
    assert await texts(redis) == ["a", "b"]
    # the batch, then each alone at once, then the culprit twice more
    assert calls == [["a", "bad", "b"], ["a"], ["bad"], ["b"], ["bad"], ["bad"]]
    (letter,) = await letters(redis)
    assert (letter.reason, letter.error, letter.deliveries) == ("failed", "RuntimeError", 3)
    assert letter.traceback
    assert "it breaks" in letter.traceback


async def test_an_output_that_cannot_be_sent_costs_only_its_entry(
    redis: Client, redis_server: RedisServer
) -> None:
    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        wrong: Any = {"count": 3}
        return [
            Emit.one(TARGET, d.message, "accepted", fields=wrong if d.message.text == "bad" else None)
            for d in deliveries
        ]

    await push(redis, "a", "bad", "b")
    async with running(redis_server.url, redis, stage(handle)):
        await settled(redis, 3)
        await push(redis, "later")
        await settled(redis, 4)
    assert await texts(redis) == ["a", "b", "later"]
    (letter,) = await letters(redis)
    assert (letter.reason, letter.error, letter.deliveries) == ("failed", "TypeError", 3)
    assert "`count` is int" in letter.message


async def test_a_handler_that_hangs_is_ended_and_costs_only_its_entry(
    redis: Client, redis_server: RedisServer
) -> None:
    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        if any(d.message.text == "hang" for d in deliveries):
            await asyncio.Event().wait()
        return await pass_on(deliveries)

    await push(redis, "a", "hang", "b")
    async with running(redis_server.url, redis, stage(handle, timeout=0.1)):
        await settled(redis, 3)
    assert sorted(await texts(redis)) == ["a", "b"]
    (letter,) = await letters(redis)
    assert "longer than the stage allows" in letter.message


async def test_a_dependency_that_is_down_burns_no_delivery(redis: Client, redis_server: RedisServer) -> None:
    down = True
    tries = 0

    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        nonlocal tries
        tries += 1
        if down:
            raise Unavailable("mongo", "connection refused")
        return await pass_on(deliveries)

    await push(redis, "a", "b")
    # the lease is renewed meanwhile: nobody may claim, although the outage is longer than the idle time
    async with running(redis_server.url, redis, stage(handle, redelivery=Redelivery(0.3, 0.3, 2))) as runner:

        async def tried_often() -> bool:
            return tries >= 4

        await eventually(tried_often)
        rows = await redis.xpending_range(SOURCE, "ingest", "-", "+", 10)
        assert [row["times_delivered"] for row in rows] == [1, 1]
        assert runner.worker.state.paused == "mongo is unavailable: connection refused"
        down = False
        await settled(redis, 2)

        async def goes_on() -> bool:
            return runner.worker.state.paused is None

        await eventually(goes_on)
    assert await counters(redis) == {"ingest.accepted": 2}


async def test_only_the_entries_whose_dependency_is_down_wait(
    redis: Client, redis_server: RedisServer
) -> None:
    seen: list[str] = []

    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        answers: list[Outcome | Exception] = []
        for delivery in deliveries:
            first = delivery.message.text not in seen
            seen.append(delivery.message.text)
            waits = delivery.message.text == "slow" and first
            answers.append(
                Unavailable("mongo", "later") if waits else Emit.one(TARGET, delivery.message, "accepted")
            )
        return answers

    await push(redis, "a", "slow", "b")
    async with running(redis_server.url, redis, stage(handle)):
        await settled(redis, 3)
    assert await texts(redis) == ["a", "b", "slow"]
    assert seen == ["a", "slow", "b", "slow"]


async def test_entries_of_a_worker_that_died_are_claimed_whoever_owned_them(
    redis: Client, redis_server: RedisServer
) -> None:
    await push(redis, *(str(n) for n in range(20)))
    await redis.xgroup_create(SOURCE, "ingest", "0")
    await redis.xreadgroup("ingest", "dead-worker", {SOURCE: ">"}, count=15)
    deliveries: list[tuple[str, int]] = []

    async def handle(batch: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        deliveries.extend((d.message.text, d.deliveries) for d in batch)
        assert len(batch) == 1 or all(d.deliveries == 1 for d in batch), "a redelivered entry runs alone"
        return await pass_on(batch)

    async with running(redis_server.url, redis, stage(handle)):
        await settled(redis, 20)
    assert sorted(await texts(redis), key=int) == [str(n) for n in range(20)]
    assert sorted(deliveries) == sorted(
        [(str(n), 2) for n in range(15)] + [(str(n), 1) for n in range(15, 20)]
    )


async def test_a_story_that_kills_its_process_ends_as_a_dead_letter(
    redis: Client, redis_server: RedisServer
) -> None:
    ids = await push(redis, "poison", "good")
    await redis.xgroup_create(SOURCE, "ingest", "0")
    for number in range(FAST.max_deliveries):  # so many workers took it and died
        if number == 0:
            await redis.xreadgroup("ingest", "w0", {SOURCE: ">"}, count=1)
        else:
            await redis.xclaim(SOURCE, "ingest", f"w{number}", 0, [ids[0]])
    async with running(redis_server.url, redis, stage()):
        await settled(redis, 2)
    (letter,) = await letters(redis)
    assert (letter.reason, letter.deliveries, letter.entry_id) == ("poison", FAST.max_deliveries, ids[0])
    assert await texts(redis) == ["good"]


async def test_a_group_that_was_removed_is_made_again_at_0(redis: Client, redis_server: RedisServer) -> None:
    async with running(redis_server.url, redis, stage()):
        await push(redis, "a")
        await settled(redis, 1)
        await redis.xgroup_destroy(SOURCE, "ingest")
        await push(redis, "b")

        async def both() -> bool:
            return {"a", "b"} <= set(await texts(redis))

        await eventually(both)


async def test_after_flushall_the_stage_goes_on(redis: Client, redis_server: RedisServer) -> None:
    async with running(redis_server.url, redis, stage()) as runner:
        await push(redis, "a")
        await settled(redis, 1)
        before = runner.worker.incarnation
        await redis.flushall()
        await push(redis, "b")
        await settled(redis, 1)
        assert await texts(redis) == ["b"]
        assert runner.worker.incarnation != before, "entry ids may repeat now"


async def test_after_a_read_only_spell_the_stage_goes_on(own_redis_server: RedisServer) -> None:
    client: Client = connect(own_redis_server.url)
    async with running(own_redis_server.url, client, stage()) as runner:
        await client.replicaof("127.0.0.1", "1")

        async def noticed() -> bool:
            return runner.worker.state.problem is not None

        await eventually(noticed)
        await client.replicaof("NO", "ONE")
        await push(client, "a")
        await settled(client, 1)

        async def well() -> bool:
            return runner.worker.state.problem is None

        await eventually(well)
    await client.aclose()


async def test_a_killed_redis_loses_nothing_and_doubles_nothing(own_redis_server: RedisServer) -> None:
    client: Client = connect(own_redis_server.url)
    async with running(own_redis_server.url, client, stage(batch=10)):
        await push(client, *(str(n) for n in range(300)))
        await asyncio.to_thread(own_redis_server.restart)
        await push(client, *(str(n) for n in range(300, 400)))
        await settled(client, 400)
    assert sorted(await texts(client), key=int) == [str(n) for n in range(400)]
    assert await counters(client) == {"ingest.accepted": 400}
    await client.aclose()


async def test_a_destination_that_is_no_stream_pauses_the_stage_and_loses_nothing(
    redis: Client, redis_server: RedisServer
) -> None:
    await redis.set(TARGET, "oops")
    await push(redis, "a", "b")
    async with running(redis_server.url, redis, stage()) as runner:

        async def paused() -> bool:
            return "not a stream" in (runner.worker.state.paused or "")

        await eventually(paused)
        assert await pending(redis) == 2
        await redis.delete(TARGET)
        await settled(redis, 2)
    assert await texts(redis) == ["a", "b"]
    assert await redis.xlen("stories.dead") == 0


async def test_stopping_finishes_the_batch_and_leaves_nothing_pending(
    redis: Client, redis_server: RedisServer
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        begun.set()
        await go_on.wait()
        return await pass_on(deliveries)

    await push(redis, *(str(n) for n in range(30)))
    async with running(redis_server.url, redis, stage(handle, batch=10)):
        await begun.wait()
        asyncio.get_running_loop().call_later(0.1, go_on.set)
    assert await pending(redis) == 0
    assert await redis.xlen(TARGET) % 10 == 0
    assert await redis.xinfo_consumers(SOURCE, "ingest") == [], (
        "a consumer that leaves takes itself off the list"
    )


async def test_it_stops_although_a_dependency_is_down(redis: Client, redis_server: RedisServer) -> None:
    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        raise Unavailable("mongo", "gone")

    await push(redis, "a")
    async with asyncio.timeout(5), running(redis_server.url, redis, stage(handle)) as runner:

        async def paused() -> bool:
            return runner.worker.state.paused is not None

        await eventually(paused)
    assert await pending(redis) == 1


async def test_it_stops_reading_while_the_next_stream_is_over_its_bound(
    redis: Client, redis_server: RedisServer
) -> None:
    await redis.xgroup_create(TARGET, "enrichment", "0", mkstream=True)
    for number in range(30):
        await redis.xadd(TARGET, {"data": Note(text=f"old {number}").model_dump_json()})
    await push(redis, *(str(n) for n in range(200)))
    below = Downstream(TARGET, "enrichment", bound=20)
    async with running(redis_server.url, redis, stage(batch=10, downstream=below)) as runner:

        async def first_batch_is_out() -> bool:
            return bool(await redis.xlen(TARGET) > 30)

        await eventually(first_batch_is_out)
        assert "its bound is 20" in (runner.worker.state.held or "")
        await asyncio.sleep(1.2)  # longer than it takes to look again
        assert await redis.xlen(TARGET) == 40
        while await redis.xlen(TARGET) < 230 or await pending(redis, TARGET, "enrichment"):
            answer = await redis.xreadgroup("enrichment", "e1", {TARGET: ">"}, count=1000, block=2000)
            for _, entries in answer:
                await redis.xack(TARGET, "enrichment", *(entry_id for entry_id, _ in entries))
        await settled(redis, 200)
        assert runner.worker.state.held is None


async def test_large_entries_are_read_fewer_at_a_time(redis: Client, redis_server: RedisServer) -> None:
    sizes: list[int] = []

    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        sizes.append(len(deliveries))
        return await pass_on(deliveries)

    await push(redis, *("x" * 100_000 for _ in range(60)))
    await push(redis, *("small" for _ in range(300)))
    async with running(redis_server.url, redis, stage(handle, batch=50, read_bytes=500_000)):
        await settled(redis, 360)
    assert sizes[0] == 50
    assert sizes[1] <= 5
    assert max(sizes[4:]) == 50
    assert await counters(redis) == {"ingest.accepted": 360}


async def test_acknowledged_entries_are_trimmed_and_pending_ones_never(
    redis: Client, redis_server: RedisServer
) -> None:
    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        return [RuntimeError("not yet") if d.message.text == "30" else Done("seen") for d in deliveries]

    await push(redis, *(str(n) for n in range(100)))
    slow = Redelivery(min_idle=60, max_deliveries=6)
    async with running(redis_server.url, redis, stage(handle, redelivery=slow)):

        async def trimmed() -> bool:
            return bool(await redis.xlen(SOURCE) == 70)

        await eventually(trimmed, seconds=20)
    assert (await redis.xrange(SOURCE, count=1))[0][1][b"data"] == b'{"text":"30"}'


async def test_a_second_group_holds_the_trimming_back(redis: Client, redis_server: RedisServer) -> None:
    await redis.xgroup_create(SOURCE, "audit", "0", mkstream=True)
    ids = await push(redis, *(str(n) for n in range(10)))
    await redis.xreadgroup("audit", "a", {SOURCE: ">"}, count=4)
    await redis.xack(SOURCE, "audit", *ids[:4])
    async with running(redis_server.url, redis, stage()):

        async def trimmed() -> bool:
            return bool(await redis.xlen(SOURCE) == 6)

        await eventually(trimmed, seconds=20)


@pytest.mark.parametrize("workers", [3])
async def test_several_workers_share_a_stream_and_double_nothing(
    redis: Client, redis_server: RedisServer, workers: int
) -> None:
    await push(redis, *(str(n) for n in range(900)))
    from contextlib import AsyncExitStack

    async with AsyncExitStack() as stack:
        for number in range(workers):
            await stack.enter_async_context(
                running(redis_server.url, redis, stage(batch=20), worker=f"w{number}")
            )
        await settled(redis, 900)
    assert sorted(await texts(redis), key=int) == [str(n) for n in range(900)]


async def test_the_trace_grows_by_a_hop_and_one_from_outside_is_not_believed(
    redis: Client, redis_server: RedisServer
) -> None:
    from shared.streaming import read_trace

    await redis.xadd(SOURCE, {"data": '{"text":"a"}', "trace": '[["forged","s","1-1",1,1,"ok",1]]'})
    async with running(redis_server.url, redis, stage(outside=True)):
        await settled(redis, 1)
    ((_, fields),) = await redis.xrange(TARGET)
    (hop,) = read_trace(fields[b"trace"])
    assert (hop.stage, hop.stream, hop.outcome, hop.deliveries) == ("ingest", SOURCE, "accepted", 1)
