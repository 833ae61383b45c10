"""What a running service does when its server, its rights or its connections fail it."""

import asyncio
import time
from pathlib import Path

from tests.integration.runtime.process import TinyProcess, tiny
from tests.integration.runtime.proxy import lossy_proxy
from tests.servers.redis import RedisServer
from tests.stages import SOURCE, Client, Note, counters, eventually, pending, push, texts


async def passes_on(redis: Client, service: TinyProcess, text: str) -> None:
    """A note that is pushed now comes out, and the service is well again."""
    await push(redis, text)

    async def came_out() -> bool:
        return text in await texts(redis)

    await eventually(came_out, seconds=30)
    await service.until_ready()


async def test_a_resource_that_fails_shows_until_it_works_again(
    redis: Client, redis_server: RedisServer, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    async with tiny(redis_server.url, tiny_broken=broken) as service:
        await service.until_ready()
        broken.write_text("the shelf fell down")
        await service.until_reason("shelf: the shelf fell down")
        assert (await service.health())["dependencies"]["shelf"] == "the shelf fell down"
        assert (await service.get("/livez"))[0] == 204, "to restart it would not help"
        broken.unlink()
        await service.until_ready()


async def test_a_background_task_that_dies_ends_the_process(
    redis: Client, redis_server: RedisServer, tmp_path: Path
) -> None:
    deadly = tmp_path / "deadly"
    async with tiny(redis_server.url, tiny_deadly=deadly) as service:
        await service.until_ready()
        deadly.write_text("out of ideas")
        assert await service.ended() == 1
        (line,) = service.lines("critical")
        assert "background task died: out of ideas" in line
        assert await redis.keys("stories.health:*") == []


async def test_a_source_that_is_no_stream_any_more_shows_at_once_and_ends_the_process(
    redis: Client, redis_server: RedisServer
) -> None:
    async with tiny(redis_server.url, give_up_seconds=4) as service:
        await service.until_ready()
        await redis.delete(SOURCE)
        await redis.set(SOURCE, "oops")
        began = time.monotonic()
        reason = await service.until_reason("cannot read stories.ingest", "WRONGTYPE")
        assert time.monotonic() - began < 10, "seen within two seconds on an idle machine"
        assert reason.startswith("ingest: ")
        assert await service.ended() == 1
        (line,) = [line for line in service.lines("critical") if line.startswith("tiny ends")]
        assert "ingest has not read for 4 s" in line
        assert "WRONGTYPE" in line
        assert len(service.lines("error")) < 10, "a problem is logged once, not at every look"


async def test_a_source_that_is_a_stream_again_in_time_is_read_on(
    redis: Client, redis_server: RedisServer
) -> None:
    async with tiny(redis_server.url) as service:
        await service.until_ready()
        await redis.delete(SOURCE)
        await redis.set(SOURCE, "oops")
        await service.until_reason("cannot read")
        await redis.delete(SOURCE)
        await passes_on(redis, service, "a")
        assert "ingest reads again" in service.lines("info")


async def test_rights_that_are_taken_away_show_without_a_hot_loop_and_come_back(
    own_redis_server: RedisServer,
) -> None:
    client: Client = own_redis_server.client(protocol=2)
    client.acl_setuser(
        "wire", enabled=True, passwords=["+word"], keys=["*"], channels=["*"], commands=["+@all"]
    )
    async with tiny(own_redis_server.url.replace("redis://", "redis://wire:word@")) as service:
        await service.until_ready()
        client.acl_setuser("wire", enabled=True, commands=["-xreadgroup"])
        reason = await service.until_reason("subscriber died", "xreadgroup")
        assert "word" not in reason
        before, began, lines = service.cpu_seconds(), time.monotonic(), len(service.lines())
        await asyncio.sleep(4)  # the time in which a hot loop would show
        share = (service.cpu_seconds() - before) / (time.monotonic() - began)
        assert share < 0.4, f"it burns {share:.0%} of a core while it may not read"
        assert len(service.lines()) - lines < 10
        client.acl_setuser("wire", enabled=True, commands=["+@all"])
        await service.until_ready()
        client.xadd(SOURCE, {"data": '{"text":"a"}'})

        async def came_out() -> bool:
            return bool(client.xlen("stories.accepted") == 1)

        await eventually(came_out)
    client.close()


async def test_a_user_that_may_do_nothing_any_more_shows_it(own_redis_server: RedisServer) -> None:
    client: Client = own_redis_server.client(protocol=2)
    client.acl_setuser(
        "wire", enabled=True, passwords=["+word"], keys=["*"], channels=["*"], commands=["+@all"]
    )
    async with tiny(own_redis_server.url.replace("redis://", "redis://wire:word@")) as service:
        await service.until_ready()
        client.acl_setuser("wire", enabled=True, commands=["-@all"])
        await service.until_reason("no permissions")
        lines = len(service.lines())
        await asyncio.sleep(2)  # the time in which a hot loop would show
        assert len(service.lines()) - lines < 20
        client.acl_setuser("wire", enabled=True, commands=["+@all"])
        await service.until_ready()
    client.close()


async def test_after_flushall_it_goes_on(redis: Client, redis_server: RedisServer) -> None:
    async with tiny(redis_server.url) as service:
        await service.until_ready()
        await passes_on(redis, service, "a")
        await redis.flushall()
        await passes_on(redis, service, "b")
        assert await counters(redis) == {"ingest.accepted": 1}

        async def beats_again() -> bool:
            return bool(await redis.keys("stories.health:tiny:*"))

        await eventually(beats_again)


async def test_a_frozen_redis_shows_and_then_the_stream_drains(own_redis_server: RedisServer) -> None:
    import redis.asyncio

    async with (
        redis.asyncio.Redis.from_url(own_redis_server.url) as client,
        tiny(own_redis_server.url) as service,
    ):
        await service.until_ready()
        await push(client, *(str(n) for n in range(50)))
        await client.client_pause(6_000)
        began = time.monotonic()
        await service.until_reason("Redis has not answered")
        assert time.monotonic() - began < 10
        assert (await service.get("/livez"))[0] == 204
        await passes_on(client, service, "after")
        assert sorted(await texts(client)) == sorted([*(str(n) for n in range(50)), "after"])


async def test_a_redis_that_is_down_shows_and_does_not_end_the_process(own_redis_server: RedisServer) -> None:
    import redis.asyncio

    async with tiny(own_redis_server.url, give_up_seconds=1) as service:
        await service.until_ready()
        await asyncio.to_thread(own_redis_server.kill)
        await service.until_reason("Redis does not answer")
        await asyncio.sleep(3)  # well beyond the time after which a dead subscriber ends the process
        assert service.process.poll() is None, "it waits for Redis as long as it takes"
        await asyncio.to_thread(own_redis_server.start)
        async with redis.asyncio.Redis.from_url(own_redis_server.url) as client:
            await passes_on(client, service, "a")


async def test_connections_that_are_cut_are_made_again(redis: Client, redis_server: RedisServer) -> None:
    async with tiny(redis_server.url, batch_size=10, tiny_pause=0.02) as service:
        await service.until_ready()
        await push(redis, *(str(n) for n in range(300)))
        for _ in range(5):
            await redis.client_kill_filter(_type="normal", skipme=True)
            await asyncio.sleep(0.1)  # in the middle of other work each time
        await passes_on(redis, service, "after")

        async def settled() -> bool:
            return sum((await counters(redis)).values()) == 301 and await pending(redis) == 0

        await eventually(settled, seconds=30)
    assert await counters(redis) == {"ingest.accepted": 301}
    assert sorted(await texts(redis)) == sorted([*(str(n) for n in range(300)), "after"])


async def test_entries_whose_read_reply_was_lost_are_delivered_again(
    redis: Client, redis_server: RedisServer
) -> None:
    async with lossy_proxy(redis_server.port) as proxy, tiny(proxy.url) as service:
        await service.until_ready()
        proxy.lose = b"the lost one"
        await push(redis, "the lost one", "its neighbour")
        async with asyncio.timeout(15):
            await proxy.lost.wait()

        async def both() -> bool:
            return await counters(redis) == {"ingest.accepted": 2} and await pending(redis) == 0

        await eventually(both, seconds=30)
        assert sorted(await texts(redis)) == ["its neighbour", "the lost one"]
        (stage,) = (await service.health())["stages"]
        assert stage["redelivered"] >= 1


async def test_a_commit_whose_reply_was_lost_doubles_nothing(
    redis: Client, redis_server: RedisServer
) -> None:
    async with lossy_proxy(redis_server.port) as proxy, tiny(proxy.url, tiny_pause=1) as service:
        await service.until_ready()
        async with redis.pipeline(transaction=True) as together:  # so that one read takes them all
            for number in range(7):
                together.xadd(SOURCE, {"data": Note(text=str(number)).model_dump_json()})
            await together.execute()

        async def delivered() -> bool:
            return await pending(redis) == 7

        await eventually(delivered)
        proxy.lose = b"*7\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n"
        async with asyncio.timeout(15):
            await proxy.lost.wait()
        await passes_on(redis, service, "after")
    assert sorted(await texts(redis)) == sorted([*(str(n) for n in range(7)), "after"])
    assert await counters(redis) == {"ingest.accepted": 8}
