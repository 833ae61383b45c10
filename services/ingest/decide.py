"""Is a story that came in new, the same again, or older than what is known? Pure.

| what came in, against what is known of its uri            | decision                    |
|-----------------------------------------------------------|-----------------------------|
| nothing is known                                          | new                         |
| the very entry has a version already                      | new, that version again     |
| reads as the newest known version does                    | duplicate of it             |
| reads as an older one, and has its version or its date    | duplicate of that one       |
| its sender's version is below the highest known one       | superseded                  |
| … is above it                                             | new                         |
| else, its sender's date is before the latest known one    | superseded                  |
| … is after it                                             | new                         |
| else, it arrived before one that is known                 | superseded                  |
| … after them all                                          | new                         |

A withdrawal is a version like any other, also of a story that was never seen. "Reads as" means the same
digest and the same embargo, as far as one is still ahead. The number of a new version is its sender's if
that is above all known ones, else the next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.ingest.draft import Draft
from shared.store.cursor import sortable
from shared.store.versions import KnownVersion
from shared.streaming.errors import Reject

MAX_VERSION = 2**53 - 1


@dataclass(frozen=True, slots=True)
class New:
    """It is this version."""

    version: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """It is this version again."""

    version: int


@dataclass(frozen=True, slots=True)
class Superseded:
    """This version is newer."""

    version: int


Decision = New | Duplicate | Superseded


@dataclass(frozen=True, slots=True)
class Arrival:
    """A draft, the source key of the entry that brought it, and when that was received."""

    draft: Draft
    source: str
    received: datetime

    def as_version(self, version: int) -> KnownVersion:
        """What will be known of it once it is stored under this number."""
        draft = self.draft
        return KnownVersion(
            uri=draft.uri,
            version=version,
            source=self.source,
            digest=draft.digest,
            sender_version=draft.sender_version,
            sender_created=draft.sender_version_created,
            embargoed_until=draft.first.embargoed_until,
        )


def decide(arrival: Arrival, known: Sequence[KnownVersion]) -> Decision:
    """Decide about one arrival. `known` holds the versions of its uri, oldest first.

    Raises `Reject` when the story has used up its version numbers.
    """
    own = next((item.version for item in known if item.source == arrival.source), None)
    if own is not None:
        return New(own)
    again = _repeated(arrival, known)
    if again is not None:
        return Duplicate(again)
    if known and _is_older(arrival, known):
        return Superseded(known[-1].version)
    return New(_next_version(arrival.draft, known))


def decide_all(
    arrivals: Sequence[Arrival], known: Mapping[str, Sequence[KnownVersion]]
) -> list[Decision | Reject]:
    """Decide about a batch, in its order: each sees what was decided before it. `known` is not changed."""
    running = {uri: list(versions) for uri, versions in known.items()}
    decisions: list[Decision | Reject] = []
    for arrival in arrivals:
        versions = running.setdefault(arrival.draft.uri, [])
        try:
            decision = decide(arrival, versions)
        except Reject as refusal:
            decisions.append(refusal)
            continue
        decisions.append(decision)
        if isinstance(decision, New) and not any(item.source == arrival.source for item in versions):
            versions.append(arrival.as_version(decision.version))
    return decisions


def _repeated(arrival: Arrival, known: Sequence[KnownVersion]) -> int | None:
    """The version that this one reads as, if it is the newest, or if its sender says it is that one."""
    for item in reversed(known):
        if not _reads_as(arrival, item):
            continue
        if item is known[-1] or _same_word(arrival.draft, item):
            return item.version
    return None


def _reads_as(arrival: Arrival, item: KnownVersion) -> bool:
    ahead, before = arrival.draft.first.embargoed_until, item.embargoed_until
    ahead = ahead if ahead and ahead > arrival.received else None
    before = before if before and before > arrival.received else None
    return arrival.draft.digest == item.digest and ahead == before


def _same_word(draft: Draft, item: KnownVersion) -> bool:
    if draft.sender_version is not None and item.sender_version is not None:
        return draft.sender_version == item.sender_version
    return draft.sender_version_created is not None and draft.sender_version_created == item.sender_created


def _is_older(arrival: Arrival, known: Sequence[KnownVersion]) -> bool:
    draft = arrival.draft
    highest = max((item.sender_version for item in known if item.sender_version is not None), default=None)
    if draft.sender_version is not None and highest is not None and draft.sender_version != highest:
        return draft.sender_version < highest
    latest = max((item.sender_created for item in known if item.sender_created is not None), default=None)
    created = draft.sender_version_created
    if created is not None and latest is not None and created != latest:
        return created < latest
    return any(_arrived_before(arrival.source, item.source) for item in known)


def _arrived_before(source: str, other: str) -> bool:
    """Whether an entry came before another of the same stream. Entries of different lives of a stream
    cannot be compared: the one at hand counts as the later."""
    life, _, entry_id = source.rpartition("/")
    other_life, _, other_id = other.rpartition("/")
    return life == other_life and sortable(entry_id) < sortable(other_id)


def _next_version(draft: Draft, known: Sequence[KnownVersion]) -> int:
    last = known[-1].version if known else 0
    if draft.sender_version is not None and draft.sender_version > last:
        return draft.sender_version
    if last >= MAX_VERSION:
        raise Reject(
            f"`version`: the story has version {last}, the highest there is; send it under a new guid",
            uri=draft.uri,
        )
    return last + 1
