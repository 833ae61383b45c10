"""`wiredesk status` on real servers."""

import asyncio
import json
from typing import Any

import pytest
from redis.asyncio import Redis

from services.cli.connection import ask
from services.cli.wire_state import GROUPS, SERVICES
from tests.integration.cli.wire import Command, Wire, read_batch
from tests.servers.mongo import MongoServer
from tests.servers.redis import RedisServer

INGEST = "stories.ingest"


@pytest.fixture
def command(redis_server: RedisServer, mongo_server: MongoServer) -> Command:
    return Command(REDIS_URL=redis_server.url, MONGO_URL=mongo_server.url)


@pytest.fixture
async def wire(redis: Redis) -> Wire:
    wire = Wire(redis)
    await _prepare(wire)
    return wire


async def _prepare(wire: Wire) -> None:
    for stream, group in GROUPS.items():
        await wire.group(stream, group)
    for service in SERVICES:
        await wire.beat(service)


async def asked(command: Command) -> tuple[int, Any]:
    code, out, _ = await command.run("status", "--json")
    return code, json.loads(out)


async def test_a_wire_that_is_well(wire: Wire, command: Command) -> None:
    code, out, err = await command.run("status")
    assert code == 0
    assert err == ""
    assert out.strip().endswith("healthy")
    assert "0 accepted = 0 published" in out
    for name in (*GROUPS, *SERVICES):
        assert name in out


async def test_lag_pending_consumers_age_and_balance_are_those_of_redis(wire: Wire, command: Command) -> None:
    for _ in range(5):
        await wire.redis.xadd(INGEST, {"body": "x"})
    await wire.take(1)
    await wire.redis.xreadgroup("ingest", "w2", {INGEST: ">"}, count=2)
    await wire.redis.hset(wire.names.counters, "ingest.duplicate", "1")
    code, answer = await asked(command)
    (group,) = answer["streams"][0]["groups"]
    assert code == 0
    assert (group["lag"], group["pending"], group["consumers"]) == (2, 2, 2)
    assert 0 <= group["oldest_pending"] < 30
    assert answer["balance"] == {
        "accepted": 5,
        "published": 0,
        "duplicate": 1,
        "superseded": 0,
        "withheld": 0,
        "dead_lettered": 0,
        "pending": 4,
        "off": 0,
    }


async def test_the_balance_holds_at_every_moment_while_stories_move(wire: Wire, command: Command) -> None:
    """Stories are taken and counted in one step, as the commit script does it, while status looks."""
    done = asyncio.Event()
    group = ("GROUP", "ingest", "w1")

    async def move() -> None:
        while not done.is_set():
            await wire.redis.xadd(INGEST, {"body": "x"})
            reply = await ask(wire.redis, "XREADGROUP", *group, "COUNT", 1, "STREAMS", INGEST, ">")
            ((entry_id, _),) = read_batch(reply)
            async with wire.redis.pipeline(transaction=True) as together:
                together.xack(INGEST, "ingest", entry_id)
                together.hincrby(wire.names.counters, "ingest.duplicate", 1)
                await together.execute()

    moving = asyncio.create_task(move())
    try:
        for _ in range(3):
            _, answer = await asked(command)
            assert answer["balance"]["off"] == 0
        assert answer["balance"]["accepted"] > 0
    finally:
        done.set()
        await moving


async def test_a_degraded_worker_and_a_missing_service_are_named(wire: Wire, command: Command) -> None:
    await wire.beat("enrichment", "degraded", "mongo: connection refused")
    await wire.redis.delete(wire.names.health("archive", "archive-1"))
    code, out, _ = await command.run("status")
    assert code == 1
    assert "enrichment worker enrichment-1 is degraded: mongo: connection refused" in out
    assert "no archive worker is running" in out


async def test_a_destroyed_group_is_named(wire: Wire, command: Command) -> None:
    await wire.redis.xgroup_destroy(INGEST, "ingest")
    code, answer = await asked(command)
    assert code == 1
    assert answer["problems"] == ["the group ingest is missing on stories.ingest"]


async def test_mongo_that_is_away_is_named_without_its_password(
    wire: Wire, redis_server: RedisServer
) -> None:
    command = Command(REDIS_URL=redis_server.url, MONGO_URL="mongodb://u:secret@127.0.0.1:1")
    code, out, err = await command.run("status")
    assert code == 1
    assert "MongoDB cannot be reached" in out
    assert "make up" in err
    assert "secret" not in out + err


async def test_a_prefix_shows_that_wire_only(
    wire: Wire, redis_server: RedisServer, mongo_server: MongoServer
) -> None:
    await _prepare(Wire(wire.redis, prefix="{other}:"))
    await wire.redis.xadd("{other}:stories.ingest", {"body": "x"})
    other = Command(REDIS_URL=redis_server.url, MONGO_URL=mongo_server.url, STREAM_PREFIX="{other}:")
    _, answer = await asked(other)
    assert answer["balance"]["accepted"] == 1
    assert len(answer["workers"]) == len(SERVICES)


async def test_an_outside_group_is_shown_and_judged_by_nobody(wire: Wire, command: Command) -> None:
    await wire.redis.xadd("stories.published", {"data": "{}"})
    await wire.redis.xgroup_create("stories.published", "newsroom", "0")
    code, answer = await asked(command)
    assert code == 0
    groups = {group["name"]: group["lag"] for group in answer["streams"][3]["groups"]}
    assert groups == {"archive": 1, "newsroom": 1}


async def test_watching_goes_on_until_it_is_stopped(wire: Wire, command: Command) -> None:
    process = await command.start("status", "--watch", "--json")
    assert process.stdout
    async with asyncio.timeout(15):
        first = json.loads(await process.stdout.readline())
        await wire.redis.delete(wire.names.health("ingest", "ingest-1"))
        second = json.loads(await process.stdout.readline())
    assert (first["healthy"], second["healthy"]) == (True, False)
    process.terminate()
    assert await process.wait() == 130
