"""What a running service tells the machines that look after it."""

import json
import re
import signal

from tests.integration.runtime.process import tiny
from tests.servers.redis import RedisServer
from tests.stages import Client, counters, eventually, pending, push


async def test_the_pages_of_a_service(redis: Client, redis_server: RedisServer) -> None:
    async with tiny(redis_server.url) as service:
        await service.until_ready()
        await push(redis, "a", "b")

        async def counted() -> bool:
            return await counters(redis) == {"ingest.accepted": 2}

        await eventually(counted)
        assert await service.get("/livez") == (204, "")
        assert await service.get("/readyz") == (200, '{"status":"ok","reason":null}')

        report = await service.health()
        assert (report["service"], report["worker"], report["status"]) == ("tiny", service.worker, "ok")
        assert report["pid"] == service.process.pid
        assert report["dependencies"] == {"redis": "ok", "shelf": "ok"}
        (stage,) = report["stages"]
        assert (stage["name"], stage["stream"], stage["group"]) == ("ingest", "stories.ingest", "ingest")
        assert stage["reading"]
        assert stage["outcomes"] == {"accepted": 2}
        assert stage["last_commit_seconds_ago"] >= 0

        status, metrics = await service.get("/metrics")
        assert status == 200
        assert 'wiredesk_entries_total{outcome="accepted",stage="ingest"} 2.0' in metrics
        assert "wiredesk_ready 1.0" in metrics
        assert re.search(
            r'^faststream_received_messages_total\{.*app_name="tiny".*\} \d', metrics, re.MULTILINE
        )

        status, page = await service.get("/asyncapi")
        assert status == 200
        assert "stories.ingest" in page
        assert (await service.get("/nowhere"))[0] == 404


async def test_the_heartbeat_appears_and_goes_with_its_service(
    redis: Client, redis_server: RedisServer
) -> None:
    async with tiny(redis_server.url) as service:
        key = f"stories.health:tiny:{service.worker}"
        await service.until_ready()

        async def beats_well() -> bool:
            return bool(json.loads(await redis.get(key) or "{}").get("status") == "ok")

        await eventually(beats_well)
        beat = json.loads(await redis.get(key))
        assert {"service", "worker", "status", "reason", "started", "time", "pid", "stages"} <= set(beat)
        assert {"name", "stream", "group", "lag", "pending", "in_flight"} <= set(beat["stages"][0])
        assert 0 < await redis.ttl(key) <= 15, "a worker that dies is forgotten"

        service.signal(signal.SIGTERM)
        assert await service.ended() == 0
        assert not await redis.exists(key)
        assert not service.lines("error"), "an orderly end is no error"


async def test_stopped_under_load_it_ends_in_order_with_nothing_pending(
    redis: Client, redis_server: RedisServer
) -> None:
    await push(redis, *(str(n) for n in range(400)))
    async with tiny(redis_server.url, batch_size=20, tiny_pause=0.1) as service:

        async def at_work() -> bool:
            return (await counters(redis)).get("ingest.accepted", 0) >= 40

        await eventually(at_work, seconds=30)
        service.signal(signal.SIGTERM)
        assert await service.ended() == 0, "its supervisor must not take an orderly end for a crash"
        assert await pending(redis) == 0
        accepted = (await counters(redis))["ingest.accepted"]
        assert accepted < 400, "it ended in the middle of its work"
        assert await redis.xlen("stories.accepted") == accepted
        assert await redis.xinfo_consumers("stories.ingest", "ingest") == []


async def test_a_prefix_is_put_before_every_key(redis: Client, redis_server: RedisServer) -> None:
    async with tiny(redis_server.url, stream_prefix="{wire}:") as service:
        await service.until_ready()
        await redis.xadd("{wire}:stories.ingest", {"data": '{"text":"a"}'})

        async def beats() -> bool:
            return bool(await redis.exists(f"{{wire}}:stories.health:tiny:{service.worker}"))

        async def passed_on() -> bool:
            return bool(await redis.xlen("{wire}:stories.accepted") == 1)

        await eventually(beats)
        await eventually(passed_on)
        assert all(key.startswith(b"{wire}:stories.") for key in await redis.keys())


async def test_the_heartbeat_says_ok_as_soon_as_the_service_is_ready(
    redis: Client, redis_server: RedisServer
) -> None:
    async with tiny(redis_server.url) as service:
        await service.until_ready()

        async def says_ok() -> bool:
            beat = await redis.get(f"stories.health:tiny:{service.worker}")
            return bool(json.loads(beat)["status"] == "ok")

        await eventually(says_ok, seconds=1.0)  # sooner than the next beat, three seconds later
