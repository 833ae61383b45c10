"""Enrichment as it runs: from `stories.accepted` to `stories.enriched` on a real server."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psutil
from redis.asyncio import Redis

from shared.schemas import StoryAccepted, StoryEnriched
from shared.streaming import ACCEPTED, ENRICHED
from tests.servers.free_port import free_port
from tests.servers.redis import RedisServer
from tests.stages import eventually
from tests.stories import story

GOOD = "Rebels in Syria killed twelve soldiers near Damascus, the army said on Monday."


@asynccontextmanager
async def service(server: RedisServer) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = os.environ | {
        "REDIS_URL": server.url,
        "HEALTH_PORT": str(free_port()),
        "ENRICHMENT_FAULTS": "1",
        "ENRICHMENT_TIME_LIMIT": "2",
        "LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.enrichment", env=environment
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 30)


async def push(redis: Redis, *bodies: str, **fields: Any) -> None:
    for number, body in enumerate(bodies):
        accepted = StoryAccepted(story=story(uri=f"urn:test:{number}", body=body, **fields))
        await redis.xadd(ACCEPTED, {"data": accepted.model_dump_json()})


async def enriched(redis: Redis) -> dict[str, tuple[StoryEnriched, dict[bytes, bytes]]]:
    entries: Any = await redis.xrange(ENRICHED)
    read = [(StoryEnriched.model_validate_json(fields[b"data"]), fields) for _, fields in entries]
    return {message.story.uri: (message, fields) for message, fields in read}


async def test_stories_are_tagged_and_a_hanging_one_costs_only_itself(
    redis: Redis, redis_server: RedisServer
) -> None:
    await push(redis, GOOD, f"{GOOD} [[fault:hang]]", GOOD, f"{GOOD} [[fault:crash]]", GOOD)
    async with service(redis_server) as process:

        async def three() -> bool:
            return len(await enriched(redis)) == 3

        await eventually(three, 40)
        answers = await enriched(redis)
        children = psutil.Process(process.pid).children(recursive=True)
    assert set(answers) == {"urn:test:0", "urn:test:2", "urn:test:4"}
    message, fields = answers["urn:test:0"]
    assert message.tags.subjects[0].code == "16000000"
    assert {"Syria", "Damascus"} <= {entity.name for entity in message.tags.entities}
    assert (fields[b"id"], fields[b"version"], fields[b"language"]) == (b"urn:test:0", b"1", b"en")
    assert [hop[0] for hop in json.loads(fields[b"trace"])] == ["enrichment"]
    assert int(await redis.hget("stories.counters", "enrichment.enriched") or 0) == 3
    assert (await redis.xpending(ACCEPTED, "enrichment"))["pending"] == 2
    assert process.returncode in (0, -signal.SIGTERM)
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []


async def test_a_withdrawn_story_passes_without_tags(redis: Redis, redis_server: RedisServer) -> None:
    await push(redis, f"{GOOD} [[fault:hang]]", pub_status="canceled")
    async with service(redis_server):

        async def one() -> bool:
            return bool(await enriched(redis))

        await eventually(one, 40)
    message, _ = (await enriched(redis))["urn:test:0"]
    assert message.tags.subjects == ()
    assert message.tags.entities == ()
