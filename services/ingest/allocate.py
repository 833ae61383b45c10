"""Gives each new version its number, whoever else is doing so at this moment.

Read what is known, decide, insert. The unique index on (uri, version) is the judge: who is refused reads
again what is known by now, and decides again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.ingest.decide import Arrival, Decision, New, decide_all
from shared.schemas import Story
from shared.store import KnownVersion, VersionRecord, Versions
from shared.streaming.errors import Reject

ROUNDS = 200
"""With n workers at one story each round gives at least one of them its number."""


class Contended(Exception):
    """Raised when others took every number that was tried: the batch is tried again later."""


@dataclass(frozen=True, slots=True)
class Allocated:
    """What was decided about an arrival; for a new version, its story as it is stored."""

    arrival: Arrival
    decision: Decision
    story: Story | None = None


Settled = dict[str, Allocated | Reject]
"""By source key."""


async def allocate(versions: Versions, arrivals: Sequence[Arrival]) -> Settled:
    """Decide about these arrivals, in the order of their entries, and store the new versions.

    Raises `Contended`, and the store's errors. Safe to repeat: an entry keeps the version that it has.
    """
    settled: Settled = {}
    todo = list(arrivals)
    for _ in range(ROUNDS):
        known = await versions.known({arrival.draft.uri for arrival in todo})
        plan = _plan(todo, known)
        refused = await versions.take(plan.fresh)
        settled |= await _held(versions, todo, refused | plan.held)
        contested = {record.uri for record in plan.fresh if record.source in refused}
        settled |= plan.stands(refused, contested, settled)
        todo = [arrival for arrival in todo if arrival.source not in settled]
        if not todo:
            return settled
    raise Contended(f"{len(todo)} stories found no free version in {ROUNDS} rounds")


@dataclass(frozen=True, slots=True)
class _Plan:
    """One round: what was decided, what is to be stored for it, and which entries have theirs stored."""

    arrivals: Sequence[Arrival]
    decisions: Sequence[Decision | Reject]
    fresh: Sequence[VersionRecord]
    held: frozenset[str]

    def stands(self, refused: frozenset[str], contested: set[str], settled: Settled) -> Settled:
        """The part of this round that stands. In a story of which a number was refused, only what is
        stored stands: the rest was decided on a wrong assumption."""
        stored = {record.source: record.story for record in self.fresh if record.source not in refused}
        result: Settled = {}
        for arrival, decision in zip(self.arrivals, self.decisions, strict=True):
            source = arrival.source
            if source in settled or (arrival.draft.uri in contested and source not in stored):
                continue
            if isinstance(decision, Reject):
                result[source] = decision
            else:
                result[source] = Allocated(arrival, decision, stored.get(source))
        return result


def _plan(arrivals: Sequence[Arrival], known: Mapping[str, list[KnownVersion]]) -> _Plan:
    decisions = decide_all(arrivals, known)
    held = {item.source for group in known.values() for item in group}
    fresh = [
        _record(arrival, decision.version)
        for arrival, decision in zip(arrivals, decisions, strict=True)
        if isinstance(decision, New) and arrival.source not in held
    ]
    mine = frozenset(arrival.source for arrival in arrivals if arrival.source in held)
    return _Plan(arrivals, decisions, fresh, mine)


async def _held(versions: Versions, arrivals: Sequence[Arrival], sources: frozenset[str]) -> Settled:
    """Those of these entries that have a version already, with the story as it was stored then."""
    records = await versions.of_sources(sources)
    return {
        arrival.source: Allocated(arrival, New(record.version), record.story)
        for arrival in arrivals
        if (record := records.get(arrival.source))
    }


def _record(arrival: Arrival, version: int) -> VersionRecord:
    draft = arrival.draft
    return VersionRecord(
        story=draft.at(version),
        source=arrival.source,
        stored=arrival.received,
        sender_version=draft.sender_version,
        sender_created=draft.sender_version_created,
    )
