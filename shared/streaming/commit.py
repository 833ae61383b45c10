"""Commits settlements with the script in which XACK is the token."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from importlib import resources
from typing import NamedTuple

from redis.asyncio import Redis

from shared.streaming.names import Names
from shared.streaming.outcomes import Guard, VersionGuard
from shared.streaming.wire import RELEASED

Value = bytes | str | int

_OUTCOME = re.compile(rb"[a-z_]{1,32}")

MAX_CALL_BYTES = 4 * 1024 * 1024
MAX_CALL_VALUES = 4_000
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


ANSWERS = tuple(Answer)


class WireOutput(NamedTuple):
    """An output ready for XADD: the names and values of its fields in turn."""

    stream: str
    fields: Sequence[bytes | str]
    guard: Guard | None


class Commit(NamedTuple):
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
            answers += [ANSWERS[answer] for answer in await self._script(keys=keys, args=values)]
        return answers

    def _pack(self, commits: Sequence[Commit]) -> tuple[list[str], list[Value]]:
        """The script's keys, each with its kind (`s` a stream, `g` a guard), and its arguments."""
        names = self._names
        keys = [self._source, names.counters]
        kinds: list[str] = []
        places: dict[str, int] = {}
        values: list[Value] = [self._group, self._stage, "", self._guard_seconds]
        before: tuple[object, ...] | None = None
        for commit in commits:
            entry_id, outcome, outputs, moved = commit
            shape = _shape(commit)
            if shape is not None and shape == before:
                values += (entry_id, "=")
                for _, fields, _ in outputs:
                    values += fields
                continue
            before = shape
            values += (entry_id, outcome, moved, len(outputs))
            for stream, fields, guard in outputs:
                place = places.get(stream)
                if place is None:
                    place = places[stream] = _place(keys, kinds, names.stream(stream), "s")
                if guard is None:
                    values += (place, 0, "", len(fields))
                else:
                    key = names.guard(guard.identity)
                    at = places.get(key) or places.setdefault(key, _place(keys, kinds, key, "g"))
                    version = guard.version if isinstance(guard, VersionGuard) else ""
                    values += (place, at, version, len(fields))
                values += fields
        values[2] = "".join(kinds)
        return keys, values


def _shape(commit: Commit) -> tuple[object, ...] | None:
    """All of a plain commit but its id and its values; None for one with several outputs or a guard."""
    outputs = commit.outputs
    if not outputs:
        return (commit.outcome, commit.moved_from)
    if len(outputs) > 1 or outputs[0].guard is not None:
        return None
    return (commit.outcome, commit.moved_from, outputs[0].stream, len(outputs[0].fields))


def _place(keys: list[str], kinds: list[str], key: str, kind: str) -> int:
    keys.append(key)
    kinds.append(kind)
    return len(keys)


def split(commits: Sequence[Commit]) -> Iterator[list[Commit]]:
    """Cut into calls of at most about 4 MB and 4,000 values; a larger single commit goes alone."""
    part: list[Commit] = []
    size = values = 0
    for commit in commits:
        commit_size, commit_values = 0, 4
        for _, fields, _ in commit.outputs:
            commit_values += 4 + len(fields)
            # the JSON is nearly all of it: the plain fields and the trace are small
            commit_size += len(fields[1]) + 512
        if part and (size + commit_size > MAX_CALL_BYTES or values + commit_values > MAX_CALL_VALUES):
            yield part
            part, size, values = [], 0, 0
        part.append(commit)
        size += commit_size
        values += commit_values
    if part:
        yield part
