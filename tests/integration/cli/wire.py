"""A stand-in for the stages: tests say what becomes of an entry, it writes what the stages would."""

import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from redis.asyncio import Redis

from services.cli.connection import ask
from services.cli.follow import read_entries
from shared.schemas import DeadLetter, Hop, PublishedEvent
from shared.store import Decision, DecisionOutcome, IngestOutcome, RawRecord, Store
from shared.streaming.names import INGEST, Names
from tests.stories import write_hop
from tests.unit.cli.builders import fields, hop

INCARNATION = "cafe"


class Entries(list[tuple[str, Mapping[bytes, bytes]]]):
    """Entries of a stream: id and fields."""


class Wire:
    """One deployment's streams and store."""

    def __init__(self, redis: Redis, store: Store | None = None, prefix: str = "") -> None:
        self.redis = redis
        self.store = store
        self.names = Names(prefix)

    async def group(self, stream: str, name: str) -> None:
        """Make a group at 0, and the stream's incarnation."""
        await self.redis.xgroup_create(self.names.stream(stream), name, "0", mkstream=True)
        await self.redis.set(self.names.incarnation(stream), INCARNATION)

    async def entries(self, count: int) -> Entries:
        """The first `count` entries of `stories.ingest`, once they are there."""
        key, found = self.names.stream(INGEST), Entries()
        async with asyncio.timeout(20):
            while len(found) < count:
                after = found[-1][0] if found else "0"
                found += read_batch(await ask(self.redis, "XREAD", "BLOCK", 500, "STREAMS", key, after))
        return found

    async def take(self, count: int) -> list[str]:
        """Read and acknowledge up to `count` entries as ingest would."""
        key = self.names.stream(INGEST)
        reply = await ask(
            self.redis, "XREADGROUP", "GROUP", "ingest", "w1", "COUNT", count, "STREAMS", key, ">"
        )
        taken = [entry_id for entry_id, _ in read_batch(reply)]
        if taken:
            await self.redis.xack(key, "ingest", *taken)
        return taken

    async def publish(self, event: PublishedEvent, origin: str | None = None) -> None:
        """Put an event onto `stories.published`; `origin` is its entry on `stories.ingest`."""
        content = fields(event) | {b"trace": trace(hop("ingest", INGEST, origin)) if origin else b"[]"}
        flat = [part for pair in content.items() for part in pair]
        await ask(self.redis, "XADD", self.names.stream("stories.published"), "*", *flat)

    async def bury(self, letter: DeadLetter) -> None:
        """Put a dead letter onto `stories.dead`."""
        await self.redis.xadd(
            self.names.stream("stories.dead"), {"data": letter.model_dump_json(), "trace": b"[]"}
        )

    async def ingested(self, entry_id: str, outcome: IngestOutcome, uri: str, version: int) -> None:
        """Store what ingest decided about an entry."""
        assert self.store
        source = f"{self.names.stream(INGEST)}/{INCARNATION}/{entry_id}"
        now = datetime.now(UTC)
        record = RawRecord(source, self.names.stream(INGEST), entry_id, outcome, uri, version, now, 1.0)
        await self.store.raw.save([record])

    async def decided(self, uri: str, version: int, outcome: DecisionOutcome) -> None:
        """Store what the publisher decided about a version."""
        assert self.store
        await self.store.decisions.save([Decision(uri, version, outcome, datetime.now(UTC), f"s/{uri}")])

    async def beat(self, service: str, status: str = "ok", reason: str | None = None) -> None:
        """A worker's sign of life."""
        now = datetime.now(UTC).isoformat()
        report = {"service": service, "worker": f"{service}-1", "status": status, "reason": reason}
        await self.redis.set(
            self.names.health(service, f"{service}-1"),
            orjson.dumps(report | {"time": now, "started": now}),
            ex=15,
        )


def trace(*hops: Hop) -> bytes:
    """The wire form of a trace."""
    return b"[" + b",".join(map(write_hop, hops)) + b"]"


class Command:
    """`wiredesk` as a process of its own."""

    def __init__(self, **environment: str) -> None:
        clean = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR")}
        self._environment = clean | {"WIREDESK_HOME": "/nonexistent", "COLUMNS": "160"} | environment

    async def start(self, *arguments: str, stdin: bool = False) -> asyncio.subprocess.Process:
        """Start it; its outputs are pipes."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.cli",
            *arguments,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE if stdin else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *arguments: str, stdin: bytes | None = None) -> tuple[int, str, str]:
        """Run it to its end: code, stdout, stderr."""
        process = await self.start(*arguments, stdin=stdin is not None)
        async with asyncio.timeout(30):
            out, err = await process.communicate(stdin)
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()


async def lines(process: asyncio.subprocess.Process, count: int) -> list[str]:
    """The next lines of its stdout."""
    assert process.stdout
    async with asyncio.timeout(15):
        return [(await process.stdout.readline()).decode() for _ in range(count)]


async def said(process: asyncio.subprocess.Process, words: str) -> str:
    """Its stderr up to the line that holds `words`."""
    assert process.stderr
    heard = ""
    async with asyncio.timeout(15):
        while words not in heard:
            line = await process.stderr.readline()
            assert line, f"ended without saying {words!r}: {heard}"
            heard += line.decode()
    return heard


def texts(entries: Entries) -> list[str]:
    """The bodies of entries."""
    return [orjson.loads(content[b"data"])["body"] for _, content in entries]


def read_batch(reply: Any) -> Entries:
    """The entries of an answer that is about one stream."""
    return Entries((event.entry_id, event.fields) for event in read_entries(reply))


class Notices(list[str]):
    """What somebody was told, and a way to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def tell(self, message: str) -> None:
        """Hear it."""
        self.append(message)
        self._more.set()

    async def hear(self, words: str) -> None:
        """Wait until something that holds `words` was told."""
        async with asyncio.timeout(15):
            while not any(words in message for message in self):
                self._more.clear()
                await self._more.wait()
