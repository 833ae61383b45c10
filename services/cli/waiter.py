"""Watches the wire until the end of every pushed story is known."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.cli.connection import ask, cause
from services.cli.fate import SeenEvent
from services.cli.follow import locate, passes_by_itself, read_entries
from services.cli.outcomes import Outcomes
from services.cli.wire_event import NotAnEvent, WireEvent
from shared.schemas import DeadLetter
from shared.store import Store, StoreError
from shared.streaming.names import DEAD, INGEST, PUBLISHED, Names
from shared.streaming.wire import read_trace

BLOCK_MS = 200
"""How long one look at the streams waits for news."""

STORE_SECONDS = 0.5
"""Pause between two looks into MongoDB: duplicates and withheld stories leave no trace on the streams."""

ASK_AT_ONCE = 500
READ_AT_ONCE = 200


class Waiter:
    """Make it (`begin`) before the first story is pushed, so that nothing is missed."""

    def __init__(self, redis: Redis, store: Store, names: Names, notice: Callable[[str], None]) -> None:
        self._redis = redis
        self._store = store
        self._names = names
        self._notice = notice
        self._cursors: dict[str, str] = {}
        self._asked = 0.0
        self._store_lost = False

    async def begin(self) -> None:
        """Remember where the streams end now."""
        for stream in (PUBLISHED, DEAD):
            key = self._names.stream(stream)
            self._cursors[key] = str((await locate(self._redis, key, "$")).cursor)

    async def wait(self, outcomes: Outcomes, seconds: float, progress: Callable[[int], None]) -> None:
        """Until all ends are known, or `seconds` have passed. `progress` gets how many are still open."""
        deadline = time.monotonic() + seconds
        while outcomes.open and time.monotonic() < deadline:
            await self._look_at_streams(outcomes)
            if outcomes.open and time.monotonic() - self._asked >= STORE_SECONDS:
                await self._ask_store(outcomes)
            progress(len(outcomes.open))

    async def _look_at_streams(self, outcomes: Outcomes) -> None:
        try:
            reply = await ask(
                self._redis,
                "XREAD",
                "COUNT",
                READ_AT_ONCE,
                "BLOCK",
                BLOCK_MS,
                "STREAMS",
                *self._cursors,
                *self._cursors.values(),
            )
        except (RedisError, OSError) as error:
            if not passes_by_itself(error):
                raise
            await asyncio.sleep(BLOCK_MS / 1000)
            return
        for key, entries in by_stream(reply):
            for entry in entries:
                _take(key == self._names.stream(DEAD), entry, outcomes)
                self._cursors[key] = entry.entry_id

    async def _ask_store(self, outcomes: Outcomes) -> None:
        self._asked = time.monotonic()
        try:
            await self._ask_ingest(outcomes)
            for uris in _slices(outcomes.undecided):
                outcomes.decided(await self._store.decisions.of(uris))
            self._store_lost = False
        except StoreError as error:
            if not self._store_lost:
                self._notice(f"MongoDB does not answer ({cause(error)}); duplicates show only once it does")
            self._store_lost = True

    async def _ask_ingest(self, outcomes: Outcomes) -> None:
        raw = await self._redis.get(self._names.incarnation(INGEST))
        incarnation = raw.decode() if isinstance(raw, bytes) else ""
        for entry_ids in _slices(outcomes.not_ingested):
            sources = [f"{stream}/{incarnation}/{one}" for stream in self._spellings for one in entry_ids]
            outcomes.ingested((await self._store.raw.outcomes(sources)).values())

    @property
    def _spellings(self) -> set[str]:
        return {INGEST, self._names.stream(INGEST)}


def by_stream(reply: object) -> Iterator[tuple[str, list[WireEvent]]]:
    """XREAD's answer, stream by stream."""
    streams = list(reply.items()) if isinstance(reply, dict) else list(reply or ())  # type: ignore[call-overload]
    for key, entries in streams:
        yield key.decode(), read_entries([(key, entries)])


def _take(dead: bool, entry: WireEvent, outcomes: Outcomes) -> None:
    trace = read_trace(entry.fields.get(b"trace"))
    try:
        if dead:
            outcomes.dead(DeadLetter.model_validate_json(entry.fields.get(b"data", b"")), trace)
        else:
            outcomes.published(SeenEvent.of(entry.event), trace)
    except (NotAnEvent, ValidationError):
        return  # not one of ours: whoever wrote it there did not follow the contract


def _slices(values: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), ASK_AT_ONCE):
        yield list(values[start : start + ASK_AT_ONCE])
