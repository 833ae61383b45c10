"""Follows a stream from a cursor, through lost connections, and tells of gaps."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from services.cli.connection import ask
from services.cli.cursor import EMPTY, START, EntryId, Extent, Place, advance, gap, is_ahead
from services.cli.wire_event import WireEvent

Notice = Callable[[str], None]

BATCH = 100
BLOCK_MS = 2_000
"""Well below the socket's time limit, or a quiet stream looks like a dead connection."""

CANCEL_SECONDS = 0.2
MAX_PAUSE = 5.0
"""Longest pause between two attempts to reach Redis again, in seconds."""

_GONE = ("LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY")


def passes_by_itself(error: BaseException) -> bool:
    """Whether waiting can help: the connection is gone, or the server is still loading."""
    if isinstance(error, AuthenticationError | NoPermissionError):
        return False
    if isinstance(error, ResponseError):
        return str(error).startswith(_GONE)
    return isinstance(error, RedisError | OSError)


async def locate(redis: Redis, key: str, start: str, last: int = 0) -> Place:
    """Where to begin: `$` after everything there is, `0` at the oldest, or after an entry id.

    With `last`, before the newest `last` entries. Raises ValueError when `start` is no cursor.
    """
    if last:
        newest = await ask(redis, "XREVRANGE", key, "+", "-", "COUNT", last + 1)
        older = newest[last:]
        return Place(EntryId.parse(older[0][0].decode())) if older else Place(START)
    if start == "$":
        extent = await _extent(redis, key)
        return Place(extent.last, extent.added)
    place = EntryId.parse(start)
    return Place(place, 0) if place == START else Place(place)


class Follower:
    """Reads a stream's entries in order, each once, for as long as it is asked to."""

    def __init__(self, redis: Redis, key: str, place: Place, notice: Notice) -> None:
        self._redis = redis
        self._key = key
        self._notice = notice
        self._told_ahead = False
        self.place = place

    async def events(self) -> AsyncIterator[WireEvent]:
        """Endless. `place` stands at the batch of which an entry is handed out.

        Raises Redis' errors that waiting cannot mend (rights, credentials, a key of the wrong type).
        """
        while True:
            for event in await self._patiently():
                yield event

    async def _patiently(self) -> list[WireEvent]:
        attempts = AsyncRetrying(
            retry=retry_if_exception(passes_by_itself),
            wait=wait_exponential_jitter(multiplier=0.2, max=MAX_PAUSE, jitter=0.3),
            before_sleep=self._tell_lost,
            reraise=True,
        )
        async for attempt in attempts:
            with attempt:
                batch = await self._batch()
            if attempt.retry_state.attempt_number > 1:
                self._notice("connected again")
        return batch

    async def _batch(self) -> list[WireEvent]:
        """The next entries; waits for them up to `BLOCK_MS`.

        The extent and the entries are read in one transaction: trimming between two commands would make
        gaps seen that are none, or hide real ones.
        """
        extent, entries = await self._read()
        if not entries:
            how = ("COUNT", 1, "BLOCK", BLOCK_MS)
            await ask(self._redis, "XREAD", *how, "STREAMS", self._key, str(self.place.cursor))
            extent, entries = await self._read()
        self._tell_gap(extent)
        read = [EntryId.parse(event.entry_id) for event in entries]
        if not is_ahead(self.place, extent):
            self.place = advance(self.place, extent, read)
        return entries

    async def _read(self) -> tuple[Extent, list[WireEvent]]:
        async with self._redis.pipeline(transaction=True) as together:
            together.execute_command("XINFO STREAM", self._key)
            together.execute_command("XREAD", "COUNT", BATCH, "STREAMS", self._key, str(self.place.cursor))
            info, reply = await together.execute(raise_on_error=False)
        if isinstance(reply, Exception):
            raise reply
        return read_extent(info), read_entries(reply)

    def _tell_gap(self, extent: Extent) -> None:
        if is_ahead(self.place, extent):
            if not self._told_ahead:
                self._notice(
                    f"the stream ends at {extent.last}, before {self.place.cursor}: waiting for later events"
                )
            self._told_ahead = True
            self.place = replace(self.place, ordinal=None)
        elif found := gap(self.place, extent):
            self._notice(str(found))

    def _tell_lost(self, state: RetryCallState) -> None:
        if state.attempt_number in (1, 5) and state.outcome:
            reason = str(state.outcome.exception()).partition("\n")[0]
            self._notice(f"lost the connection to Redis ({reason}); trying again")


async def _extent(redis: Redis, key: str) -> Extent:
    try:
        return read_extent(await ask(redis, "XINFO STREAM", key))
    except ResponseError as error:
        return read_extent(error)


def read_extent(info: Any) -> Extent:
    """From XINFO STREAM's answer. A stream that is not there yet is empty; other errors are raised."""
    if isinstance(info, Exception):
        if "no such key" in str(info):
            return EMPTY
        raise info
    first = info["first-entry"]
    return Extent(
        first=EntryId.parse(first[0].decode()) if first else None,
        last=EntryId.parse(info["last-generated-id"].decode()),
        added=int(info["entries-added"]),
        length=int(info["length"]),
    )


def read_entries(reply: Any) -> list[WireEvent]:
    """From XREAD's answer for one stream."""
    streams = reply.items() if isinstance(reply, dict) else reply or ()
    return [
        WireEvent(entry_id.decode(), fields)
        for _, entries in streams
        for entry_id, fields in entries
        if fields is not None
    ]


async def until_stopped(stop: asyncio.Event, work: "asyncio.Task[None]") -> None:
    """Wait for `work`, or cancel it once `stop` is set. Raises what `work` raised."""
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        while not work.done():
            work.cancel()
            # redis-py now and then swallows a cancellation that comes while it gives a connection back
            # (1 of 25 stops hung for good): so ask again.
            await asyncio.wait({work}, timeout=CANCEL_SECONDS)
    try:
        await work
    except asyncio.CancelledError:
        return
