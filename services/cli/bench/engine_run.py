"""One run of one kind, in this process: `python -m services.cli.bench.engine_run KIND URL MESSAGES`."""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Awaitable, Sequence
from typing import Any

import redis
from faststream.redis import RedisBroker

from services.cli.bench.engine import STREAM, new_loop
from shared.runtime.garbage import spare_the_garbage_collector
from shared.runtime.servers import connect
from shared.schemas import StoryAccepted
from shared.streaming import ACCEPTED, ENRICHED, Delivery, Emit, Names, Outcome, Runner, Stage

BATCH = 100
GROUP = "enrichment"


class Meter:
    """Wall and CPU time of this process from its making on."""

    def __init__(self, messages: int) -> None:
        self._messages = messages
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict[str, float]:
        """Messages per second, CPU microseconds per message."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return {"rate": self._messages / wall, "cpu_us": cpu / self._messages * 1e6}


def raw_sync(url: str, messages: int) -> dict[str, float]:
    """The loop, blocking."""
    client: Any = redis.Redis.from_url(url)
    client.xgroup_create(STREAM, GROUP, "0")
    meter, done = Meter(messages), 0
    while done < messages:
        ((_, entries),) = client.xreadgroup(GROUP, "raw", {STREAM: ">"}, count=BATCH)
        pipeline = client.pipeline(transaction=False)
        for _, fields in entries:
            message = StoryAccepted.model_validate_json(fields[b"data"])
            pipeline.xadd(ENRICHED, {"data": message.model_dump_json()})
        pipeline.xack(STREAM, GROUP, *(entry_id for entry_id, _ in entries))
        pipeline.execute()
        done += len(entries)
    return meter.read()


async def raw(url: str, messages: int) -> dict[str, float]:
    """The loop, on asyncio."""
    client: Any = redis.asyncio.Redis.from_url(url)
    await client.xgroup_create(STREAM, GROUP, "0")
    meter, done = Meter(messages), 0
    while done < messages:
        ((_, entries),) = await client.xreadgroup(GROUP, "raw", {STREAM: ">"}, count=BATCH)
        pipeline = client.pipeline(transaction=False)
        for _, fields in entries:
            message = StoryAccepted.model_validate_json(fields[b"data"])
            pipeline.xadd(ENRICHED, {"data": message.model_dump_json()})
        pipeline.xack(STREAM, GROUP, *(entry_id for entry_id, _ in entries))
        await pipeline.execute()
        done += len(entries)
    found = meter.read()
    await client.aclose()
    return found


async def engine(url: str, messages: int) -> dict[str, float]:
    """The stage engine, as a service runs it."""
    logging.getLogger("faststream").setLevel(logging.WARNING)
    client, stopping = connect(url), asyncio.Event()
    broker = RedisBroker(
        url, apply_types=False, logger=logging.getLogger("faststream"), log_level=logging.DEBUG
    )
    stage = Stage(GROUP, ACCEPTED, StoryAccepted, pass_on, batch=BATCH)
    runner = Runner(stage, broker, client, Names(), "engine", stopping)
    await runner.prepare()
    spare_the_garbage_collector()
    meter = Meter(messages)
    await broker.start()
    await runner.start()
    while runner.worker.state.outcomes["enriched"] < messages:  # noqa: ASYNC110 - the engine sets no event for this
        await asyncio.sleep(0.005)
    found = meter.read()
    stopping.set()
    await runner.stop()
    await broker.stop()
    await client.aclose()
    return found


async def pass_on(deliveries: Sequence[Delivery[StoryAccepted]]) -> Sequence[Outcome | Exception]:
    """A handler that does nothing, so that only the engine is measured."""
    return [Emit.one(ENRICHED, delivery.message, "enriched") for delivery in deliveries]


def run(work: Awaitable[dict[str, float]]) -> dict[str, float]:
    """On the loop that the services run on."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(_awaited(work))


async def _awaited(work: Awaitable[dict[str, float]]) -> dict[str, float]:
    return await work


if __name__ == "__main__":
    kind, server, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if kind == "raw_sync":
        result = raw_sync(server, count)
    else:
        result = run({"engine": engine, "raw": raw}[kind](server, count))
    sys.stdout.write(json.dumps(result) + "\n")
