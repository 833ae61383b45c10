"""Commits settlements with the script in which XACK is the token."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from importlib import resources

from redis.asyncio import Redis

from shared.streaming.names import Names
from shared.streaming.outcomes import Guard, VersionGuard
from shared.streaming.wire import RELEASED

Value = bytes | str | int

_OUTCOME = re.compile(rb"[a-z_]{1,32}")

MAX_CALL_BYTES = 4 * 1024 * 1024
MAX_CALL_VALUES = 1_000
"""One call of the script holds Redis for as long as it runs: larger commits are split."""


def load_script(name: str) -> str:
    """The text of a Lua script of this package."""
    return (resources.files("shared.streaming") / "lua" / f"{name}.lua").read_text("utf-8")


class Answer(IntEnum):
    """What became of an entry at its commit."""

    STALE = 0
    """Another worker has settled it."""
    COMMITTED = 1
    SUPERSEDED = 2
    """The guard holds a newer version."""
    REPEATED = 3
    """The guard has seen this very event."""


@dataclass(frozen=True, slots=True)
class WireOutput:
    """An output ready for XADD: the names and values of its fields in turn."""

    stream: str
    fields: Sequence[bytes | str]
    guard: Guard | None


@dataclass(frozen=True, slots=True)
class Commit:
    """One entry to commit."""

    entry_id: str
    outcome: str
    outputs: Sequence[WireOutput] = ()
    moved_from: str = ""


def moved_from(fields: Mapping[bytes, bytes]) -> str:
    """The outcome under which a released or replayed entry was counted before."""
    raw = fields.get(RELEASED, b"")
    return raw.decode("ascii") if _OUTCOME.fullmatch(raw) else ""


class Committer:
    """Commits for one stage. Safe to repeat: an entry is acknowledged once in its group's life."""

    def __init__(
        self, redis: Redis, names: Names, stage: str, source: str, group: str, guard_seconds: int
    ) -> None:
        self._script = redis.register_script(load_script("commit"))
        self._names = names
        self._stage = stage
        self._source = names.stream(source)
        self._group = group
        self._guard_seconds = guard_seconds

    async def commit(self, commits: Sequence[Commit]) -> list[Answer]:
        """Commit all, in order, in as few calls as the limits allow.

        Raises `redis.ResponseError` when the script refused (nothing of that call was acknowledged), and
        redis' connection errors when it is not known whether it ran: repeat the call, nothing doubles.
        """
        answers: list[Answer] = []
        for part in split(commits):
            keys, values = self._pack(part)
            answers += map(Answer, await self._script(keys=keys, args=values))
        return answers

    def _pack(self, commits: Sequence[Commit]) -> tuple[list[str], list[Value]]:
        streams: dict[str, int] = {}
        guards: dict[str, int] = {}
        for commit in commits:
            for output in commit.outputs:
                streams.setdefault(output.stream, len(streams) + 3)
        for commit in commits:
            for output in commit.outputs:
                if output.guard:
                    guards.setdefault(output.guard.identity, len(streams) + len(guards) + 3)
        keys = [self._source, self._names.counters]
        keys += [self._names.stream(stream) for stream in streams]
        keys += [self._names.guard(identity) for identity in guards]
        values: list[Value] = [self._group, self._stage, len(streams), self._guard_seconds]
        for commit in commits:
            values += (commit.entry_id, commit.outcome, commit.moved_from, len(commit.outputs))
            for output in commit.outputs:
                values += (streams[output.stream], *_guard(output.guard, guards), len(output.fields))
                values += output.fields
        return keys, values


def _guard(guard: Guard | None, places: Mapping[str, int]) -> tuple[int, Value]:
    if guard is None:
        return 0, ""
    return places[guard.identity], guard.version if isinstance(guard, VersionGuard) else ""


def split(commits: Sequence[Commit]) -> Iterator[list[Commit]]:
    """Cut into calls of at most about 4 MB and 1,000 values; a larger single commit goes alone."""
    part: list[Commit] = []
    size = values = 0
    for commit in commits:
        commit_size = sum(len(field) for output in commit.outputs for field in output.fields)
        commit_values = 4 + sum(4 + len(output.fields) for output in commit.outputs)
        if part and (size + commit_size > MAX_CALL_BYTES or values + commit_values > MAX_CALL_VALUES):
            yield part
            part, size, values = [], 0, 0
        part.append(commit)
        size += commit_size
        values += commit_values
    if part:
        yield part
