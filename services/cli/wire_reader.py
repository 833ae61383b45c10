"""Reads the state of the wire from Redis and MongoDB."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from services.cli.connection import CliSettings, cause
from services.cli.cursor import EntryId
from services.cli.wire_state import GroupState, StreamState, WireState, WorkerState, find_problems
from shared.store import Store, StoreError
from shared.streaming.names import STREAMS


async def read_wire(redis: Redis, found: CliSettings) -> WireState:
    """Raises Redis' errors; what is wrong with MongoDB stands in the answer."""
    streams, counters, now = await _streams(redis, found)
    workers = await _workers(redis, found, now)
    mongo = await mongo_problem(found)
    return WireState(streams, counters, workers, mongo, find_problems(streams, workers, mongo))


async def mongo_problem(found: CliSettings) -> str | None:
    """What is wrong with MongoDB, None when it answers."""
    try:
        store = Store.connect(found.mongo_url.get_secret_value(), found.mongo_database)
    except StoreError as error:
        return cause(error)
    try:
        await store.check()
    except StoreError as error:
        return cause(error)
    finally:
        await store.close()
    return None


async def _streams(
    redis: Redis, found: CliSettings
) -> tuple[tuple[StreamState, ...], Mapping[str, int], float]:
    """In one transaction: a story that moves meanwhile must not be seen at two places, or at none."""
    keys = [found.names.stream(name) for name in STREAMS]
    async with redis.pipeline(transaction=True) as together:
        for key in keys:
            together.execute_command("XINFO STREAM", key)
            together.execute_command("XINFO GROUPS", key)
        together.execute_command("HGETALL", found.names.counters)
        together.execute_command("TIME")
        *infos, counters, time = await together.execute(raise_on_error=False)
    for answer in (*infos, counters, time):
        if isinstance(answer, Exception) and "no such key" not in str(answer):
            raise answer
    now = time[0] + time[1] / 1e6
    streams = [
        await _stream(redis, key, name, infos[2 * at], infos[2 * at + 1], now)
        for at, (name, key) in enumerate(zip(STREAMS, keys, strict=True))
    ]
    return tuple(streams), {field.decode(): int(count) for field, count in counters.items()}, now


async def _stream(redis: Redis, key: str, name: str, info: Any, groups: Any, now: float) -> StreamState:
    if isinstance(info, Exception):
        return StreamState(name)
    last = info["last-generated-id"]
    states = [await _group(redis, key, group, last, now) for group in groups]
    return StreamState(name, int(info["length"]), int(info["entries-added"]), tuple(states))


async def _group(redis: Redis, key: str, group: Any, last: bytes, now: float) -> GroupState:
    name, lag = group["name"].decode("utf-8", "replace"), group["lag"]
    if lag is None and group["last-delivered-id"] == last:
        lag = 0  # Redis has lost count (a group set to some id), but there is nothing after that id
    oldest = await _oldest_pending(redis, key, group["name"], now) if group["pending"] else None
    return GroupState(name, lag, int(group["pending"]), int(group["consumers"]), oldest)


async def _oldest_pending(redis: Redis, key: str, group: bytes, now: float) -> float | None:
    """Seconds since the oldest pending entry was added: entry ids begin with that time."""
    try:
        first = await redis.xpending_range(key, group, "-", "+", 1)
    except ResponseError:
        return None  # the group has just gone
    if not first:
        return None
    return max(now - EntryId.parse(_text(first[0]["message_id"])).milliseconds / 1000, 0.0)


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


async def _workers(redis: Redis, found: CliSettings, now: float) -> tuple[WorkerState, ...]:
    keys = [key async for key in redis.scan_iter(match=found.names.health_pattern, count=1_000)]
    values = await redis.mget(keys) if keys else []
    workers = [
        worker for value in values if isinstance(value, bytes) and (worker := read_heartbeat(value, now))
    ]
    return tuple(sorted(workers, key=lambda worker: (_place(worker.service), worker.worker)))


def read_heartbeat(value: bytes, now: float) -> WorkerState | None:
    """A worker from its heartbeat, as of Unix time `now`; None for what is no heartbeat."""
    try:
        report = json.loads(value)
        told = datetime.fromisoformat(report["time"]).timestamp()
        started = report.get("started")
        return WorkerState(
            service=str(report["service"]),
            worker=str(report["worker"]),
            status=str(report["status"]),
            reason=report.get("reason"),
            age=max(now - told, 0.0),
            started=datetime.fromisoformat(started).astimezone(UTC) if started else None,
        )
    except (ValueError, KeyError, TypeError):
        return None


def _place(service: str) -> int:
    order: Sequence[str] = ("intake", "ingest", "enrichment", "publisher", "archive", "desk")
    return order.index(service) if service in order else len(order)
