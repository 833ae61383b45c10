"""The state of the wire at one moment, and what is wrong with it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.streaming.names import ACCEPTED, DEAD, ENRICHED, INGEST, PUBLISHED

GROUPS: Mapping[str, str] = {
    INGEST: "ingest",
    ACCEPTED: "enrichment",
    ENRICHED: "publisher",
    PUBLISHED: "archive",
    DEAD: "archive-dead",
}
"""The wire's own group on each stream, in the order of a story's way. Others are their owners' affair."""

SERVICES = ("ingest", "enrichment", "publisher", "archive")
"""What has to run for a story to come through. Others show when they are there."""

SILENT_SECONDS = 10.0
"""Workers give a sign of life every three seconds; it stays for fifteen."""

ON_THE_WAY = (INGEST, ACCEPTED, ENRICHED)
PUBLISHED_OUTCOMES = ("publisher.published", "publisher.corrected", "publisher.withdrawn")


@dataclass(frozen=True, slots=True)
class GroupState:
    """`lag`: not yet delivered, None where Redis cannot tell. `pending`: delivered, not acknowledged.
    `oldest_pending` is the age of the oldest pending entry in seconds, None without one."""

    name: str
    lag: int | None
    pending: int
    consumers: int
    oldest_pending: float | None = None

    @property
    def load(self) -> int | None:
        """What it has not finished."""
        return None if self.lag is None else self.lag + self.pending


@dataclass(frozen=True, slots=True)
class StreamState:
    """A stream under its bare name. `added` counts the entries of its whole life."""

    name: str
    length: int = 0
    added: int = 0
    groups: tuple[GroupState, ...] = ()

    @property
    def own_group(self) -> GroupState | None:
        """The group that moves stories on."""
        return next((group for group in self.groups if group.name == GROUPS.get(self.name)), None)


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker as its heartbeat tells. Ages in seconds."""

    service: str
    worker: str
    status: str
    reason: str | None
    age: float
    started: datetime | None

    @property
    def problem(self) -> str | None:
        """What is wrong with it, if anything."""
        if self.age > SILENT_SECONDS:
            return f"{self.service} worker {self.worker} has been silent for {self.age:.0f} s"
        if self.status != "ok":
            return f"{self.service} worker {self.worker} is {self.status}: {self.reason or 'no reason given'}"
        return None


@dataclass(frozen=True, slots=True)
class Balance:
    """Every accepted entry and where it ended. `pending` is None where a lag is not known."""

    accepted: int
    published: int
    duplicate: int
    superseded: int
    withheld: int
    dead_lettered: int
    pending: int | None

    @property
    def off(self) -> int | None:
        """How many entries are unaccounted for (above 0), or counted more than once (below 0)."""
        if self.pending is None:
            return None
        ended = self.published + self.duplicate + self.superseded + self.withheld + self.dead_lettered
        return self.accepted - ended - self.pending


@dataclass(frozen=True, slots=True)
class WireState:
    """Everything `wiredesk status` shows. `mongo` is what is wrong with MongoDB, None when it answers."""

    streams: tuple[StreamState, ...]
    counters: Mapping[str, int]
    workers: tuple[WorkerState, ...]
    mongo: str | None = None
    problems: Sequence[str] = field(default=())

    @property
    def balance(self) -> Balance:
        """The promise: accepted = published + duplicate + superseded + withheld + dead-lettered + pending."""
        return balance(self.streams, self.counters)


def balance(streams: Sequence[StreamState], counters: Mapping[str, int]) -> Balance:
    """Adds up. Streams and counters must be read in one transaction, or moving stories are seen twice."""
    by_name = {stream.name: stream for stream in streams}
    loads = [_load(by_name[name]) for name in ON_THE_WAY if name in by_name]
    known = [load for load in loads if load is not None]
    stages = [GROUPS[name] for name in ON_THE_WAY]
    return Balance(
        accepted=by_name[INGEST].added if INGEST in by_name else 0,
        published=sum(counters.get(name, 0) for name in PUBLISHED_OUTCOMES),
        duplicate=counters.get("ingest.duplicate", 0),
        superseded=sum(counters.get(f"{stage}.superseded", 0) for stage in stages),
        withheld=counters.get("publisher.withheld", 0),
        dead_lettered=sum(counters.get(f"{stage}.dead_lettered", 0) for stage in stages),
        pending=sum(known) if len(known) == len(loads) else None,
    )


def find_problems(
    streams: Sequence[StreamState], workers: Sequence[WorkerState], mongo: str | None
) -> list[str]:
    """What is unhealthy, one sentence each."""
    found = [f"MongoDB cannot be reached: {mongo}"] if mongo else []
    running = {worker.service for worker in workers}
    found += [f"no {service} worker is running" for service in SERVICES if service not in running]
    found += [worker.problem for worker in workers if worker.problem]
    found += [
        f"the group {GROUPS[stream.name]} is missing on {stream.name}"
        for stream in streams
        if stream.name in GROUPS and not stream.own_group and running & set(SERVICES)
    ]
    return found


def _load(stream: StreamState) -> int | None:
    group = stream.own_group
    return group.load if group else stream.length
