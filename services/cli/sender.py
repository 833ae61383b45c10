"""Puts stories onto `stories.ingest`: in order, batch by batch, never above the stream's bound."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError, ReadOnlyError, RedisError, ResponseError
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_delay,
    wait_exponential_jitter,
)

from services.cli.connection import ask
from services.cli.follow import passes_by_itself
from services.cli.payload import Payload
from services.cli.problem import Problem

T = TypeVar("T")

MAX_BATCH = 100
POLL_SECONDS = 0.2

Waiting = Callable[[str], None]
"""Told why nothing goes on right now; an empty text when it goes on."""


class Sender:
    """One batch is under way at a time: a correction must not overtake the story that it corrects.

    Each batch is a transaction, so it is added as a whole or not at all, also when memory runs out in the
    middle of it. When the connection breaks before the answer, the batch is sent again: ingest recognises
    the repeats as duplicates.
    """

    def __init__(
        self, redis: Redis, key: str, group: str, bound: int, patience: float, waiting: Waiting
    ) -> None:
        self._redis = redis
        self._key = key
        self._group = group
        self._bound = bound
        self._patience = patience
        self._waiting = waiting

    @property
    def batch(self) -> int:
        """The largest batch that the bound lets through."""
        return min(MAX_BATCH, self._bound)

    async def send(self, payloads: Sequence[Payload]) -> list[str]:
        """The entry ids, in order. Raises `Problem` when nothing moved for `patience` seconds."""
        await self._room_for(len(payloads))
        return [entry_id.decode() for entry_id in await self._retrying(lambda: self._add(payloads))]

    async def _add(self, payloads: Sequence[Payload]) -> list[bytes]:
        async with self._redis.pipeline(transaction=True) as together:
            for payload in payloads:
                together.execute_command("XADD", self._key, "*", "data", payload.data)
            return list(await together.execute())

    async def _room_for(self, count: int) -> None:
        """Wait until lag + pending leave room. Any movement of the backlog renews the patience."""
        least, since = None, time.monotonic()
        while (load := await self._retrying(self._load)) + count > self._bound:
            if least is None or load < least:
                least, since = load, time.monotonic()
            if time.monotonic() - since > self._patience:
                raise Problem(
                    f"{self._key} has been full for {self._patience:.0f} s: {load:,} stories wait in it",
                    "look at `wiredesk status`: is ingest running? A larger STREAM_BOUND lets more queue up",
                )
            self._waiting(f"the wire is full: {load:,} of {self._bound:,} stories not taken in yet")
            await asyncio.sleep(POLL_SECONDS)
        self._waiting("")

    async def _load(self) -> int:
        return await load(self._redis, self._key, self._group)

    async def _retrying(self, action: Callable[[], Awaitable[T]]) -> T:
        attempts = AsyncRetrying(
            retry=retry_if_exception(can_wait),
            wait=wait_exponential_jitter(multiplier=0.1, max=2.0, jitter=0.1),
            stop=stop_after_delay(self._patience),
            before_sleep=self._tell,
            reraise=True,
        )
        try:
            async for attempt in attempts:
                with attempt:
                    answer = await action()
        except RedisError as error:
            if not can_wait(error):
                raise
            sentence = f"gave up after {self._patience:.0f} s: {why(error)}"
            raise Problem(sentence, "look at `wiredesk status`; --patience waits longer") from None
        self._waiting("")
        return answer

    def _tell(self, state: RetryCallState) -> None:
        if state.outcome and (error := state.outcome.exception()):
            self._waiting(why(error))


async def load(redis: Redis, key: str, group: str) -> int:
    """How many entries of the stream the group has not finished: lag + pending.

    Where Redis cannot tell the lag, and where the group is not there yet, every entry counts.
    """
    try:
        groups = await ask(redis, "XINFO GROUPS", key)
    except ResponseError as error:
        if "no such key" in str(error):
            return 0
        raise
    for found in groups:
        if found["name"].decode() == group and found["lag"] is not None:
            return int(found["lag"]) + int(found["pending"])
    return int(await ask(redis, "XLEN", key))


def can_wait(error: BaseException) -> bool:
    """Whether the same command may succeed later: memory is freed, the disk has room, Redis is back."""
    if isinstance(error, OutOfMemoryError | ReadOnlyError):
        return True
    return passes_by_itself(error) or (isinstance(error, ResponseError) and str(error).startswith("MISCONF"))


def why(error: BaseException) -> str:
    """What a user is told while the command waits, and when it gives up."""
    text = str(error).partition("\n")[0]
    if isinstance(error, OutOfMemoryError):
        return "Redis is full (maxmemory); it takes stories again when the stages have drained it"
    if isinstance(error, ReadOnlyError):
        return "Redis is a read-only replica right now"
    if text.startswith("MISCONF"):
        return "Redis cannot write to its disk"
    if "loading" in text.lower():
        return "Redis is loading its data"
    return f"Redis does not answer ({text})"
