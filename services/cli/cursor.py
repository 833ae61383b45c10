"""Places in a stream, and what a reader has missed there. Pure."""

import re
from dataclasses import dataclass
from typing import NamedTuple, Self

_ID = re.compile(r"(\d{1,20})(?:-(\d{1,20}))?")
_LARGEST = 2**64 - 1


class EntryId(NamedTuple):
    """An entry id, ordered as Redis orders them (by number, not by text)."""

    milliseconds: int
    sequence: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `1700000000000-0` and `1700000000000`. Raises ValueError."""
        match = _ID.fullmatch(text)
        if not match or any(int(part or 0) > _LARGEST for part in match.groups()):
            raise ValueError(f"{text!r} is no entry id such as 1700000000000-0")
        return cls(int(match[1]), int(match[2] or 0))

    def __str__(self) -> str:
        return f"{self.milliseconds}-{self.sequence}"


START = EntryId(0, 0)


@dataclass(frozen=True, slots=True)
class Extent:
    """What a stream holds at one moment. `added` counts the entries of its whole life."""

    first: EntryId | None
    last: EntryId
    added: int
    length: int

    @property
    def trimmed(self) -> int:
        """How many of its entries are gone."""
        return max(self.added - self.length, 0)


EMPTY = Extent(None, START, 0, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader stands: the last entry it has read, and how many of the stream's entries were added
    up to that one, where this is known."""

    cursor: EntryId
    ordinal: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Entries between `after` and `resumed` are gone. `missed` is None where it cannot be counted."""

    after: EntryId
    resumed: EntryId | None
    missed: int | None

    def __str__(self) -> str:
        goes_on = f"going on at {self.resumed}" if self.resumed else "waiting for the next"
        if self.missed is None:
            return f"events after {self.after} may have been trimmed away: {goes_on}"
        events = "1 event was" if self.missed == 1 else f"{self.missed:,} events were"
        return f"{events} trimmed away after {self.after} before they were read: {goes_on}"


def gap(place: Place, extent: Extent) -> Gap | None:
    """What trimming took from a reader at `place`.

    Exact where the ordinal is known. Elsewhere a cursor below the first entry, in a stream that has been
    trimmed, may have been the last entry to go: then nothing is missing, and nobody can tell.
    """
    if place.ordinal is not None:
        missed = extent.trimmed - place.ordinal
        return Gap(place.cursor, extent.first, missed) if missed > 0 else None
    behind = place.cursor < (extent.first or extent.last)
    return Gap(place.cursor, extent.first, None) if extent.trimmed and behind else None


def advance(place: Place, extent: Extent, read: list[EntryId]) -> Place:
    """The place after reading `read` entries that followed it in `extent`."""
    if not extent.length:
        return Place(extent.last, extent.added)
    cursor = read[-1] if read else place.cursor
    if cursor == extent.last:
        return Place(cursor, extent.added)
    if extent.first and place.cursor < extent.first:
        return Place(cursor, extent.trimmed + len(read))
    return Place(cursor, None if place.ordinal is None else place.ordinal + len(read))


def is_ahead(place: Place, extent: Extent) -> bool:
    """Whether the stream ends before the reader's place: it was made anew, or data was lost."""
    return extent.last < place.cursor or (place.ordinal or 0) > extent.added
