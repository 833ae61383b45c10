"""`wiredesk push` against a real server: order, bounds, memory, what is said."""

import asyncio
import json
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.cli.connection import open_redis, settings
from services.cli.payload import Payload
from services.cli.problem import Problem
from services.cli.sender import Sender, load
from tests.integration.cli.wire import Command, Notices, Wire, said, texts
from tests.servers.redis import RedisServer

KEY = "stories.ingest"


@pytest.fixture
def command(redis_server: RedisServer) -> Command:
    return Command(REDIS_URL=redis_server.url)


def numbered(count: int) -> bytes:
    return b"".join(b'{"body": "%d"}\n' % number for number in range(count))


def payloads(*bodies: str) -> list[Payload]:
    return [Payload(body, json.dumps({"body": body}).encode(), len(body)) for body in bodies]


async def test_files_go_out_in_name_order_and_their_entries_are_told(
    redis: Redis, command: Command, tmp_path: Path
) -> None:
    for name in ("2.txt", "1.txt", "3.html"):
        (tmp_path / name).write_text(name)
    code, out, err = await command.run("push", str(tmp_path), "--provider", "Example Press")
    assert code == 0
    assert err == ""
    entries = await Wire(redis).entries(3)
    assert texts(entries) == ["1.txt", "2.txt", "3.html"]
    assert json.loads(entries[2][1][b"data"]) == {
        "body": "3.html",
        "content_type": "text/html",
        "provider": "Example Press",
    }
    assert out == f"pushed 3 stories: {entries[0][0]} to {entries[-1][0]}\n"


async def test_thousands_of_lines_arrive_in_order(redis: Redis, command: Command) -> None:
    code, out, _ = await command.run("push", "--jsonl", stdin=numbered(3_000))
    assert code == 0
    assert "pushed 3,000 stories" in out
    assert texts(await Wire(redis).entries(3_000)) == [str(number) for number in range(3_000)]


async def test_a_slow_pipe_is_sent_on_as_it_comes(redis: Redis, command: Command) -> None:
    process = await command.start("push", "--jsonl", stdin=True)
    assert process.stdin
    process.stdin.write(b'{"body": "first"}\n')
    await process.stdin.drain()
    assert texts(await Wire(redis).entries(1)) == ["first"]
    process.stdin.write(b'{"body": "second"}\n')
    process.stdin.close()
    assert await process.wait() == 0
    assert texts(await Wire(redis).entries(2)) == ["first", "second"]


async def test_bad_stories_are_named_the_good_ones_go_out(redis: Redis, command: Command) -> None:
    code, out, err = await command.run(
        "push", "--jsonl", stdin=b'{"body": "good"}\n{"body": ""}\n{"body": 5}\n'
    )
    assert code == 1
    assert "stdin:2 was not sent" in err
    assert "stdin:3 was not sent" in err
    assert "pushed 1 story, 2 not sent" in out
    assert texts(await Wire(redis).entries(1)) == ["good"]


async def test_json_tells_the_entry_of_each_story(redis: Redis, command: Command) -> None:
    code, out, _ = await command.run("push", "-", "--json", stdin=b"A story.")
    assert code == 0
    answer = json.loads(out)
    assert answer["source"] == "stdin"
    assert answer["entry_id"] == (await Wire(redis).entries(1))[0][0]


async def test_a_full_wire_is_waited_for_visibly_and_its_bound_is_kept(
    redis: Redis, redis_server: RedisServer
) -> None:
    wire = Wire(redis)
    await wire.group(KEY, "ingest")
    process = await Command(REDIS_URL=redis_server.url, STREAM_BOUND="5").start("push", "--jsonl", stdin=True)
    assert process.stdin
    process.stdin.write(numbered(23))
    process.stdin.close()
    assert "of 5 stories not taken in yet" in await said(process, "the wire is full")
    taken: list[str] = []
    async with asyncio.timeout(15):
        while len(taken) < 23:
            assert await load(redis, KEY, "ingest") <= 5
            taken += await wire.take(2)
    assert await process.wait() == 0
    assert len(set(taken)) == 23


async def test_a_wire_that_stays_full_ends_the_wait(redis: Redis) -> None:
    await redis.xadd(KEY, {"body": "x"})
    sender = Sender(redis, KEY, "ingest", bound=1, patience=0.3, waiting=lambda _: None)
    with pytest.raises(Problem, match="has been full for 0 s: 1 stories wait in it"):
        await sender.send(payloads("a"))
    assert await redis.xlen(KEY) == 1


async def test_the_load_is_lag_and_pending_of_ingest_alone(redis: Redis) -> None:
    wire = Wire(redis)
    assert await load(redis, KEY, "ingest") == 0
    for _ in range(4):
        await redis.xadd(KEY, {"body": "x"})
    assert await load(redis, KEY, "ingest") == 4
    await wire.group(KEY, "ingest")
    await wire.group(KEY, "somebody")
    await wire.take(1)
    assert await load(redis, KEY, "ingest") == 3
    await redis.xreadgroup("ingest", "w1", {KEY: ">"}, count=1)
    assert await load(redis, KEY, "ingest") == 3


async def test_when_memory_is_full_it_waits_says_so_and_goes_on(own_redis_server: RedisServer) -> None:
    redis = open_redis(settings(own_redis_server.url))
    reasons = Notices()
    try:
        await redis.config_set("maxmemory", "1")
        sender = Sender(redis, KEY, "ingest", bound=100, patience=10, waiting=reasons.tell)
        sending = asyncio.create_task(sender.send(payloads("a", "b", "c")))
        await reasons.hear("maxmemory")
        assert await redis.xlen(KEY) == 0
        await redis.config_set("maxmemory", "0")
        assert len(await sending) == 3
        assert await redis.xlen(KEY) == 3
        assert reasons[-1] == ""
    finally:
        await redis.aclose()


async def test_memory_that_stays_full_ends_with_the_reason(own_redis_server: RedisServer) -> None:
    redis = open_redis(settings(own_redis_server.url))
    try:
        await redis.config_set("maxmemory", "1")
        sender = Sender(redis, KEY, "ingest", bound=100, patience=0.3, waiting=lambda _: None)
        with pytest.raises(Problem, match=r"gave up after 0 s: Redis is full \(maxmemory\)"):
            await sender.send(payloads("a"))
    finally:
        await redis.aclose()


async def test_a_server_that_restarts_in_between_costs_no_story(own_redis_server: RedisServer) -> None:
    redis = open_redis(settings(own_redis_server.url))
    reasons = Notices()
    try:
        sender = Sender(redis, KEY, "ingest", bound=100, patience=20, waiting=reasons.tell)
        await sender.send(payloads("a"))
        await asyncio.to_thread(own_redis_server.kill)
        sending = asyncio.create_task(sender.send(payloads("b", "c")))
        await reasons.hear("does not answer")
        await asyncio.to_thread(own_redis_server.start)
        await sending
        assert texts(await Wire(redis).entries(3)) == ["a", "b", "c"]
    finally:
        await redis.aclose()


async def test_a_user_without_the_right_is_told_so_at_once(redis: Redis, redis_server: RedisServer) -> None:
    await redis.acl_setuser(
        "reader", enabled=True, passwords=["+secret"], keys=["*"], commands=["+ping", "+xinfo"]
    )
    url = redis_server.url.replace("redis://", "redis://reader:secret@")
    try:
        code, _, err = await Command(REDIS_URL=url).run("push", "-", stdin=b"A story.")
    finally:
        await redis.acl_deluser("reader")
    assert code == 1
    assert "may not do this" in err
    assert "secret" not in err
