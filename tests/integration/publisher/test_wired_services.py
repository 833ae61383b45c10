"""ingest, publisher and archive as real processes, with a stand-in for enrichment between them."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from shared.schemas import PublishedEvent, StoryAccepted, StoryEnriched
from shared.store import Mongo, Store
from shared.store.cursor import sortable
from tests.servers.free_port import free_port
from tests.servers.mongo import MongoServer
from tests.servers.redis import RedisServer
from tests.stories import raw, tags

ROOT = Path(__file__).parents[3]
SERVICES = ("ingest", "publisher", "archive")


@contextmanager
def processes(env: dict[str, str], folder: Path) -> Iterator[None]:
    """The services, stopped with SIGTERM at the end; each must end by itself, in order."""
    running = []
    for service in SERVICES:
        with (folder / f"{service}.log").open("wb") as log:
            own = {**os.environ, **env, "HEALTH_PORT": str(free_port())}
            command = [sys.executable, "-X", "faulthandler", "-m", f"services.{service}"]
            running.append(subprocess.Popen(command, env=own, cwd=ROOT, stdout=log, stderr=log))
    try:
        yield
        for process in running:
            process.terminate()
        codes = [_code(process) for process in running]
        logs = "\n".join((folder / f"{service}.log").read_text()[-5000:] for service in SERVICES)
        assert set(codes) <= {0, -signal.SIGTERM}, logs  # uvicorn raises the signal again once it is done
    finally:
        for process in running:
            process.kill()
            process.wait()


def _code(process: subprocess.Popen[bytes]) -> int | None:
    """The exit code; None for one that does not end, which then writes down where it stands."""
    try:
        return process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        process.wait()
        return None


async def enrich(redis: Redis) -> None:
    """Tag everything that is accepted, for ever."""
    last = "0"
    while True:
        found: Any = await redis.xread({"stories.accepted": last}, block=500)
        for _, entries in found:
            for entry_id, fields in entries:
                last = entry_id
                story = StoryAccepted.model_validate_json(fields[b"data"]).story
                message = StoryEnriched(story=story, tags=tags()).model_dump_json()
                await redis.xadd("stories.enriched", {"data": message, b"trace": fields[b"trace"]})


async def next_event(redis: Redis, after: str) -> tuple[str, PublishedEvent, dict[bytes, bytes]]:
    """The next published event, within twenty seconds."""
    found: Any = []
    async with asyncio.timeout(20):
        while not found:  # in steps below the client's own socket time-out
            found = await redis.xread({"stories.published": after}, block=1_000, count=1)
    ((_, ((entry_id, fields),)),) = found
    return entry_id.decode(), PublishedEvent.model_validate_json(fields[b"data"]), dict(fields)


async def settled(redis: Redis, **wanted: int) -> dict[str, int]:
    """The counters, once they are as wanted, within twenty seconds."""
    names = {name.replace("__", "."): count for name, count in wanted.items()}
    async with asyncio.timeout(20):
        while True:
            rows: Any = await redis.hgetall("stories.counters")
            counts = {key.decode(): int(value) for key, value in rows.items()}
            if all(counts.get(name, 0) == count for name, count in names.items()):
                return counts
            await asyncio.sleep(0.05)


async def test_a_story_goes_from_the_wire_to_the_archive(
    redis_server: RedisServer, redis: Redis, mongo_server: MongoServer, tmp_path: Path
) -> None:
    database = mongo_server.new_database()
    store = Store(Mongo(mongo_server.url, database))
    env = {"REDIS_URL": redis_server.url, "MONGO_URL": mongo_server.url, "MONGO_DATABASE": database}
    enriching = asyncio.create_task(enrich(redis))
    try:
        with processes(env, tmp_path):
            await the_wire_runs(redis, store)
    finally:
        enriching.cancel()
        await asyncio.gather(enriching, return_exceptions=True)
        await store.close()


async def push(redis: Redis, body: str, **fields: Any) -> None:
    await redis.xadd("stories.ingest", {"data": raw(body, **fields).model_dump_json()})


async def the_wire_runs(redis: Redis, store: Store) -> None:
    await push(redis, "Two were hurt when the bridge closed.")
    await push(redis, "Two were hurt when the bridge closed.")
    await redis.xadd("stories.ingest", {"headline": "A story without a body"})
    cursor, first, plain = await next_event(redis, "0")
    assert (first.type, plain[b"version"], plain[b"topics"]) == (
        "wiredesk.story.published.v1",
        b"1",
        b"03000000",
    )
    soon = datetime.now(UTC) + timedelta(seconds=3)
    await push(redis, "Nobody knows this yet.", guid="secret", embargoed_until=soon)
    await push(redis, "Three were hurt when the bridge closed.")
    cursor, second, _ = await next_event(redis, cursor)
    assert (second.type, second.subject) == ("wiredesk.story.corrected.v1", first.subject)

    counts = await settled(redis, publisher__withheld=1, publisher__published=2, ingest__dead_lettered=1)
    assert (counts["ingest.accepted"], counts["ingest.duplicate"]) == (3, 1)

    cursor, third, _ = await next_event(redis, cursor)
    assert third.data.story.guid == "secret"
    assert datetime.now(UTC) >= soon
    await settled(redis, publisher__withheld=0, publisher__published=3, archive__archived=3)

    assert await redis.xlen("stories.published") == 3
    archived = await store.archive.of(first.subject)
    assert [item.event for item in archived] == [first, second]
    assert archived[1].entry_id < cursor
    steps = await store.timeline.of(first.subject)
    assert [step.stage for step in steps if step.version == 2] == ["ingest", "publisher", "archive"]
    assert {(step.stage, step.outcome) for step in await store.timeline.of(third.subject)} == {
        ("ingest", "accepted"),
        ("publisher", "withheld"),
        ("publisher", "published"),
        ("archive", "archived"),
    }
    rows: Any = await redis.xrange("stories.dead")
    ((_, dead),) = rows
    await kept(store, json.loads(dead[b"data"])["entry_id"], cursor)


async def kept(store: Store, dead: str, published: str) -> None:
    """Wait, at most twenty seconds, until the dead letter is stored and the watermark is past the event."""
    async with asyncio.timeout(20):
        while True:
            mark = await store.watermarks.read("stories.published")
            letter = await store.dead_letters.of_entry("stories.ingest", dead)
            if letter and mark and sortable(mark.below) > sortable(published):
                return
            await asyncio.sleep(0.05)
