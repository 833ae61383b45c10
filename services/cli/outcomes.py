"""What became of each story that was pushed. Pure: it is told what was seen, and matches.

A story is known by its entry on `stories.ingest`. What is published or dead-lettered later carries the
trace of its way, which begins with that entry. Where there is no trace (it can be cut, and an entry that
was put in again starts a new one), the story's uri and version match instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.cli.fate import Fate, Outcome, SeenEvent
from shared.schemas import DeadLetter, Hop
from shared.store import Decision, RawRecord
from shared.streaming.names import INGEST

_AFTER_PUBLISHING = ("archive", "archive-dead")
"""A dead letter of these concerns an event that is published all the same."""


class Outcomes:
    """Keeps the fates of the stories pushed, in the order in which they were pushed."""

    def __init__(self) -> None:
        self._fates: list[Fate] = []
        self._open: dict[str, int] = {}
        self._accepted: dict[str, dict[int, list[str]]] = {}
        self._seen: dict[tuple[str, int], SeenEvent] = {}
        self._highest: dict[str, int] = {}

    def pushed(self, label: str, entry_id: str) -> None:
        """A story was added to the stream."""
        self._open[entry_id] = len(self._fates)
        self._fates.append(Fate(label, entry_id))

    def refused(self, label: str, reason: str) -> None:
        """A story was not sent."""
        self._fates.append(Fate(label, None, Outcome.REFUSED, detail=reason))

    def published(self, event: SeenEvent, trace: Sequence[Hop]) -> None:
        """An event stands on `stories.published`."""
        self._seen[event.uri, event.version] = event
        self._highest[event.uri] = max(event.version, self._highest.get(event.uri, 0))
        entry_id = _ingested_as(trace)
        for mine in [entry_id] if entry_id in self._open else self._taken(event.uri, event.version):
            self._publish(mine, event)
        self._supersede(event.uri)

    def dead(self, letter: DeadLetter, trace: Sequence[Hop]) -> None:
        """A dead letter stands on `stories.dead`."""
        if letter.stage in _AFTER_PUBLISHING:
            return
        origin = letter.entry_id if letter.stage == "ingest" else _ingested_as(trace)
        for entry_id in [origin] if origin in self._open else self._of_letter(letter):
            detail = f"{letter.stage}: {letter.message}"
            self._end(entry_id, outcome=Outcome.DEAD_LETTERED, uri=letter.uri, detail=detail)

    def ingested(self, records: Iterable[RawRecord]) -> None:
        """What ingest stored about entries of ours."""
        for record in records:
            index = self._open.get(record.entry_id)
            if index is None:
                continue
            if record.outcome == "accepted":
                self._accept(record, index)
                continue
            detail = "same as" if record.outcome == "duplicate" else "older than"
            self._end(
                record.entry_id,
                outcome=Outcome(record.outcome),
                uri=record.uri,
                version=record.version,
                detail=f"{detail} version {record.version}, which is stored already",
            )

    def decided(self, decisions: Iterable[Decision]) -> None:
        """What the publisher decided about versions of ours."""
        for decision in decisions:
            end = _DECIDED.get(decision.outcome)
            for entry_id in self._taken(decision.uri, decision.version):
                if end:
                    self._end(entry_id, outcome=end[0], detail=end[1])

    @property
    def fates(self) -> list[Fate]:
        """All, in order."""
        return list(self._fates)

    @property
    def open(self) -> list[str]:
        """The entry ids whose end is not known yet."""
        return list(self._open)

    @property
    def not_ingested(self) -> list[str]:
        """The entry ids of which ingest has not been heard."""
        return [key for key, at in self._open.items() if self._fates[at].outcome is Outcome.QUEUED]

    @property
    def undecided(self) -> list[str]:
        """The uris of accepted stories whose end is not known yet."""
        open_fates = (self._fates[at] for at in self._open.values())
        return list(dict.fromkeys(fate.uri for fate in open_fates if fate.uri))

    def _accept(self, record: RawRecord, index: int) -> None:
        key = (record.uri, record.version)
        if self._fates[index].outcome is Outcome.QUEUED:
            self._fates[index] = replace(
                self._fates[index], outcome=Outcome.ACCEPTED, uri=record.uri, version=record.version
            )
            versions = self._accepted.setdefault(record.uri, {})
            versions.setdefault(record.version, []).append(record.entry_id)
        if key in self._seen:
            self._publish(record.entry_id, self._seen[key])
        self._supersede(record.uri)

    def _publish(self, entry_id: str, event: SeenEvent) -> None:
        self._end(
            entry_id,
            outcome=Outcome.PUBLISHED,
            uri=event.uri,
            version=event.version,
            headline=event.headline,
            topics=event.topics,
            detail="" if event.kind == "published" else event.kind,
        )

    def _supersede(self, uri: str) -> None:
        """Published versions only go up: one that is below and not published will never be."""
        highest = self._highest.get(uri, 0)
        for version in self._accepted.get(uri, {}):
            if version < highest and (uri, version) not in self._seen:
                for entry_id in self._taken(uri, version):
                    detail = f"version {highest} was published first"
                    self._end(entry_id, outcome=Outcome.SUPERSEDED, detail=detail)

    def _of_letter(self, letter: DeadLetter) -> list[str]:
        """Entries that a dead letter of a later stage must be about: its story, and its version if given."""
        plain = {field.name: field.value for field in letter.fields if field.name == "version"}
        return [
            entry_id
            for version in self._accepted.get(letter.uri or "", {})
            if plain.get("version", str(version)) == str(version)
            for entry_id in self._taken(letter.uri or "", version)
        ]

    def _end(
        self,
        entry_id: str,
        *,
        outcome: Outcome,
        uri: str | None = None,
        version: int | None = None,
        headline: str = "",
        topics: tuple[str, ...] = (),
        detail: str = "",
    ) -> None:
        index = self._open.pop(entry_id, None)
        if index is None:
            return
        fate = self._fates[index]
        self._forget(fate)
        self._fates[index] = replace(
            fate,
            outcome=outcome,
            uri=uri or fate.uri,
            version=version or fate.version,
            headline=headline,
            topics=topics,
            detail=detail,
        )

    def _taken(self, uri: str, version: int) -> list[str]:
        """Our entries that became this version and whose end is not known yet."""
        return list(self._accepted.get(uri, {}).get(version, ()))

    def _forget(self, fate: Fate) -> None:
        if fate.outcome is Outcome.ACCEPTED and fate.uri and fate.version and fate.entry_id:
            self._accepted[fate.uri][fate.version].remove(fate.entry_id)


_DECIDED = {
    "withheld": (Outcome.WITHHELD, "its sender asks not to publish it"),
    "embargoed": (Outcome.WITHHELD, "embargoed: it is published when its time comes"),
    "superseded": (Outcome.SUPERSEDED, "a newer version was published first"),
}
"""Decisions that end a story's way without an event. The others are seen on the stream."""


def _ingested_as(trace: Sequence[Hop]) -> str | None:
    """The entry on `stories.ingest` that a trace begins with, whatever prefix the stream has."""
    return next(
        (hop.entry_id for hop in trace if hop.stage == "ingest" and hop.stream.endswith(INGEST)), None
    )
