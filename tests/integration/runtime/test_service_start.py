"""How a service starts, waits for its servers, or refuses to."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from tests.integration.runtime.process import tiny
from tests.servers.free_port import free_port
from tests.servers.redis import RedisServer
from tests.stages import Client, counters, eventually, push
from tests.tiny_service import TinySettings, build


async def test_it_waits_for_a_redis_that_comes_up_later_and_says_so() -> None:
    server = RedisServer()
    try:
        async with tiny(server.url) as service:

            async def waits() -> bool:
                return any("waits for Redis" in line for line in service.lines("warning"))

            await eventually(waits, seconds=30)
            assert any(f"127.0.0.1:{server.port}" in line for line in service.lines("warning")), (
                "it says which one"
            )
            server.start()
            await service.until_ready()
            async with Redis.from_url(server.url) as client:
                await push(client, "a")

                async def counted() -> bool:
                    return await counters(client) == {"ingest.accepted": 1}

                await eventually(counted)
    finally:
        server.stop()


async def test_its_patience_ends_with_one_clear_line_and_exit_code_1() -> None:
    port = free_port()
    url = f"redis://someone:s3cr3t-word@127.0.0.1:{port}/0"
    async with tiny(url, startup_seconds=1) as service:
        assert await service.ended() == 1
        (line,) = service.lines("critical")
        assert line.startswith("tiny cannot start: ")
        assert f"127.0.0.1:{port}" in line
        assert "Traceback" not in service.said()
        assert "s3cr3t-word" not in service.said()


async def test_told_to_stop_while_it_waits_it_ends_at_once(tmp_path: Path) -> None:
    async with tiny(f"redis://127.0.0.1:{free_port()}/0", startup_seconds=600) as service:

        async def waits() -> bool:
            return any("waits for Redis" in line for line in service.lines("warning"))

        await eventually(waits, seconds=30)
        began = time.monotonic()
        service.signal(signal.SIGTERM)
        assert await service.ended() == 0
        assert time.monotonic() - began < 10
        assert not service.lines("critical")
        assert "Traceback" not in service.said()


async def test_it_refuses_a_redis_that_would_throw_stories_away() -> None:
    with RedisServer("--maxmemory-policy", "allkeys-lru") as server:
        async with tiny(server.url) as service:
            began = time.monotonic()
            assert await service.ended() == 1
            assert time.monotonic() - began < 20, "waiting would not help"
            (line,) = service.lines("critical")
            assert "maxmemory-policy is allkeys-lru" in line
            assert "Set it to noeviction" in line
            assert "Traceback" not in service.said()


async def test_a_password_works_and_is_never_logged() -> None:
    with RedisServer() as server:
        async with Redis.from_url(server.url) as client:
            await client.config_set("requirepass", "s3cr3t-word")
        url = server.url.replace("redis://", "redis://:s3cr3t-word@")
        async with tiny(url, log_level="DEBUG") as service:
            await service.until_ready()
            assert "s3cr3t-word" not in (await service.get("/asyncapi"))[1]
            assert "s3cr3t-word" not in (await service.get("/healthz"))[1]
            async with Redis.from_url(url) as client:
                await push(client, "a")
                await client.config_set("requirepass", "other-word")
                await client.client_kill_filter(_type="normal", skipme=True)
                reason = await service.until_reason("password")
            assert "s3cr3t-word" not in reason
            service.signal(signal.SIGTERM)
            assert await service.ended() == 0
            assert "s3cr3t-word" not in service.said()


async def test_a_wrong_password_is_told_and_not_shown() -> None:
    with RedisServer() as server:
        async with Redis.from_url(server.url) as client:
            await client.config_set("requirepass", "right-word")
        url = server.url.replace("redis://", "redis://:wr0ng-word@")
        async with tiny(url, startup_seconds=1) as service:
            assert await service.ended() == 1
            (line,) = service.lines("critical")
            assert "password" in line
            assert "wr0ng-word" not in service.said()


async def test_a_resource_that_cannot_be_had_ends_the_start(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("the shelf fell down")
    async with tiny(redis_server.url, tiny_broken=broken, startup_seconds=1) as service:
        assert await service.ended() == 1
        assert any("waits for Shelf" in line for line in service.lines("warning"))
        (line,) = service.lines("critical")
        assert "the shelf fell down" in line


async def test_a_port_that_is_taken_ends_it_and_is_named(redis: Client, redis_server: RedisServer) -> None:
    async with tiny(redis_server.url) as first:
        await first.until_ready()
        async with tiny(redis_server.url, health_port=first.port) as second:
            assert await second.ended() == 1
            assert any(str(first.port) in line and "in use" in line for line in second.lines("error"))


async def test_a_wrong_setting_ends_it_and_is_named(redis_server: RedisServer) -> None:
    async with tiny(redis_server.url, batch_size="many") as service:
        assert await service.ended() == 1
        assert "batch_size" in service.said()


async def test_a_start_that_fails_half_way_ends_it() -> None:
    """FastStream pings the server after uvicorn was told that the start is complete."""
    with RedisServer() as server:
        async with Redis.from_url(server.url) as client:
            await client.acl_setuser(
                "mute", enabled=True, passwords=["+word"], keys=["*"], commands=["+@all", "-ping"]
            )
        async with tiny(server.url.replace("redis://", "redis://mute:word@")) as service:
            assert await service.ended() == 1
            assert any("could not begin" in line for line in service.lines("critical"))


@pytest.mark.parametrize("turns", [0, 2, 4, 8])
async def test_told_to_stop_while_it_begins_it_ends_in_order(
    redis: Client, redis_server: RedisServer, turns: int
) -> None:
    app = build(TinySettings(redis_url=SecretStr(redis_server.url), worker="w1")).app
    orders: asyncio.Queue[Any] = asyncio.Queue()
    answers: asyncio.Queue[Any] = asyncio.Queue()
    life = asyncio.create_task(app({"type": "lifespan"}, orders.get, answers.put))
    await orders.put({"type": "lifespan.startup"})
    assert await answers.get() == {"type": "lifespan.startup.complete"}
    for _ in range(turns):
        await asyncio.sleep(0)
    await orders.put({"type": "lifespan.shutdown"})
    assert await answers.get() == {"type": "lifespan.shutdown.complete"}
    await life
    assert await redis.keys("stories.health:*") == []
    assert await redis.xinfo_consumers("stories.ingest", "ingest") == []
