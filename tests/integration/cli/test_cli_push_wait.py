"""`wiredesk push --wait`: the end of every story, whichever way it goes."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from shared.store import Store
from shared.streaming.names import INGEST
from tests.integration.cli.wire import Command, Wire
from tests.servers.mongo import MongoServer
from tests.servers.redis import RedisServer
from tests.unit.cli.builders import dead_letter, event, story


def urn(number: int) -> str:
    return f"urn:uuid:00000000-0000-5000-8000-{number:012d}"


@pytest.fixture
def database(mongo_server: MongoServer) -> str:
    return mongo_server.new_database()


@pytest.fixture
async def wire(redis: Redis, mongo_server: MongoServer, database: str) -> AsyncIterator[Wire]:
    store = Store.connect(mongo_server.url, database)
    await store.start()
    wire = Wire(redis, store)
    await wire.group(INGEST, "ingest")
    yield wire
    await store.close()


@pytest.fixture
def command(redis_server: RedisServer, mongo_server: MongoServer, database: str) -> Command:
    return Command(REDIS_URL=redis_server.url, MONGO_URL=mongo_server.url, MONGO_DATABASE=database)


def stories(count: int) -> bytes:
    return b"".join(b'{"body": "Story %d."}\n' % number for number in range(count))


async def test_every_kind_of_end_is_shown_and_a_dead_letter_fails_the_command(
    wire: Wire, command: Command
) -> None:
    pushing = asyncio.create_task(
        command.run("push", "--jsonl", "--wait", "--timeout", "20", stdin=stories(8))
    )
    ids = [entry_id for entry_id, _ in await wire.entries(8)]
    await wire.publish(event(story("By its trace", uri=urn(0))), origin=ids[0])
    await wire.ingested(ids[1], "accepted", urn(1), 1)
    await wire.publish(event(story("By uri and version", uri=urn(1))))
    await wire.ingested(ids[2], "duplicate", urn(1), 1)
    await wire.ingested(ids[3], "superseded", urn(1), 3)
    await wire.bury(dead_letter("ingest", ids[4]))
    await wire.ingested(ids[5], "accepted", urn(5), 1)
    await wire.decided(urn(5), 1, "withheld")
    await wire.ingested(ids[6], "accepted", urn(6), 1)
    await wire.publish(event(story("A newer one", uri=urn(6), version=2), "corrected"))
    await wire.ingested(ids[7], "accepted", urn(7), 1)
    await wire.decided(urn(7), 1, "embargoed")
    code, out, err = await pushing
    assert code == 1
    assert err == ""
    rows = [line.split() for line in out.splitlines()]
    assert [row[1] for row in rows[1:9]] == [
        "published",
        "published",
        "duplicate",
        "superseded",
        "dead-lettered",
        "withheld",
        "superseded",
        "withheld",
    ]
    assert "By its trace" in out
    assert "By uri and version" in out
    assert "`body` is empty" in out
    assert (
        out.splitlines()[-1]
        == "8 stories: 2 published, 1 duplicate, 2 superseded, 2 withheld, 1 dead-lettered"
    )


async def test_when_all_end_well_the_command_does(wire: Wire, command: Command) -> None:
    pushing = asyncio.create_task(command.run("push", "-", "--wait", "--json", stdin=b"A story."))
    ((entry_id, _),) = await wire.entries(1)
    await wire.publish(event(story("Fine")), origin=entry_id)
    code, out, _ = await pushing
    assert code == 0
    assert json.loads(out)["headline"] == "Fine"
    assert json.loads(out)["outcome"] == "published"


async def test_what_was_published_before_is_not_taken_for_ours(wire: Wire, command: Command) -> None:
    await wire.publish(event(story("Old", uri=urn(1))), origin="1-1")
    pushing = asyncio.create_task(command.run("push", "-", "--wait", "--timeout", "1", stdin=b"A story."))
    ((entry_id, _),) = await wire.entries(1)
    await wire.ingested(entry_id, "accepted", urn(1), 1)
    code, out, _ = await pushing
    assert code == 1
    assert "accepted" in out
    assert "its end did not show in time" in out


async def test_a_stopped_wire_ends_the_wait_and_says_where_the_story_is(wire: Wire, command: Command) -> None:
    code, out, _ = await command.run("push", "-", "--wait", "--timeout", "0.5", stdin=b"A story.")
    assert code == 1
    assert "queued" in out
    assert "wiredesk status" in out


async def test_without_mongo_what_the_streams_tell_is_told_and_the_rest_is_said(
    redis: Redis, redis_server: RedisServer
) -> None:
    wire = Wire(redis)
    command = Command(REDIS_URL=redis_server.url, MONGO_URL="mongodb://u:secret@127.0.0.1:1")
    arguments = ("push", "--jsonl", "--wait", "--timeout", "5")
    pushing = asyncio.create_task(command.run(*arguments, stdin=stories(2)))
    first, second = await wire.entries(2)
    await wire.publish(event(story("Seen")), origin=first[0])
    await wire.bury(dead_letter("ingest", second[0]))
    code, out, err = await pushing
    assert code == 1
    assert "Seen" in out
    assert "1 published, 1 dead-lettered" in out
    assert "secret" not in out + err


async def test_many_stories_are_counted_not_listed(wire: Wire, command: Command) -> None:
    pushing = asyncio.create_task(command.run("push", "--jsonl", "--wait", stdin=stories(700)))
    entries = await wire.entries(700)
    for number, (entry_id, _) in enumerate(entries[:-1]):
        await wire.publish(event(story(uri=urn(number))), origin=entry_id)
    await wire.bury(dead_letter("ingest", entries[-1][0]))
    code, out, _ = await pushing
    assert code == 1
    assert len(out.splitlines()) == 3
    assert "stdin:700" in out
    assert out.splitlines()[-1] == "700 stories: 699 published, 1 dead-lettered"
