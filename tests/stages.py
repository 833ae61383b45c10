"""Builders for tests of the engine: small messages, stages that do as told, runners wired to a server."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from faststream.redis import RedisBroker
from pydantic import Field
from redis.exceptions import ConnectionError as RedisConnectionError

from shared.schemas.base import Message
from shared.streaming import Delivery, Emit, Names, Outcome, Redelivery, Runner, Stage

os.environ.setdefault("FASTSTREAM_SUPERVISOR_DISABLED", "1")

Client = Any
"""A redis client. Its replies are typed as unions over all protocols, which no test can index."""

SOURCE = "stories.ingest"
TARGET = "stories.accepted"
FAST = Redelivery(min_idle=0.2, max_rest=0.4, max_deliveries=3)


class Note(Message):
    """The smallest message there is."""

    text: str = Field(max_length=10_000_000)


async def pass_on(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
    """A handler that sends every note to the next stream."""
    return [Emit.one(TARGET, delivery.message, "accepted") for delivery in deliveries]


def stage(handle: Callable[..., Awaitable[Any]] = pass_on, **changes: Any) -> Stage[Note]:
    """A stage named `ingest` that redelivers quickly."""
    base = Stage("ingest", SOURCE, Note, handle, redelivery=FAST, timeout=5.0)
    return replace(base, **changes)


async def push(redis: Client, *texts: str) -> list[str]:
    """Add notes to the source; answers their entry ids."""
    pipeline = redis.pipeline(transaction=False)
    for text in texts:
        pipeline.xadd(SOURCE, {"data": Note(text=text).model_dump_json()})
    return [entry_id.decode() for entry_id in await pipeline.execute()]


async def texts(redis: Client, stream: str = TARGET) -> list[str]:
    """The notes on a stream."""
    return [Note.model_validate_json(fields[b"data"]).text for _, fields in await redis.xrange(stream)]


async def pending(redis: Client, stream: str = SOURCE, group: str = "ingest") -> int:
    """How many entries the group has not acknowledged."""
    return int((await redis.xpending(stream, group))["pending"])


async def counters(redis: Client) -> dict[str, int]:
    """The counters that the commit script keeps."""
    return {name.decode(): int(value) for name, value in (await redis.hgetall("stories.counters")).items()}


async def eventually(condition: Callable[[], Awaitable[object]], seconds: float = 15.0) -> None:
    """Wait until the condition holds, looking often; fails when the time is over."""
    try:
        async with asyncio.timeout(seconds):
            while not await _holds(condition):  # noqa: ASYNC110 - servers and other processes set no event
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not within {seconds} s: {condition.__name__}") from None


async def _holds(condition: Callable[[], Awaitable[object]]) -> bool:
    try:
        return bool(await condition())
    except RedisConnectionError:  # a server that the test has killed
        return False


@asynccontextmanager
async def running(
    url: str, redis: Client, stage: Stage[Any], worker: str = "w1", prefix: str = ""
) -> AsyncIterator[Runner[Any]]:
    """A stage at work on a server, as a service runs it."""
    quiet = logging.getLogger("faststream")
    broker = RedisBroker(url, apply_types=False, logger=quiet, log_level=logging.DEBUG, graceful_timeout=5)
    stopping = asyncio.Event()
    runner = Runner(stage, broker, redis, Names(prefix), worker, stopping)
    await runner.prepare()
    await broker.start()
    await runner.start()
    try:
        yield runner
    finally:
        stopping.set()
        await runner.stop()
        await broker.stop()
