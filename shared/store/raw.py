"""What came in: each entry of `stories.ingest`, byte for byte, and what became of it."""

from collections.abc import Collection as Group
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from pymongo import ASCENDING, IndexModel

from shared.schemas import RawField
from shared.store.collection import Collection, Document

IngestOutcome = Literal["accepted", "duplicate", "superseded"]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One entry. `version` is what it became (accepted), repeats (duplicate) or comes after (superseded).

    `arrived` is when ingest received it; `duration_ms` how long its batch took.
    """

    source: str
    stream: str
    entry_id: str
    outcome: IngestOutcome
    uri: str
    version: int
    arrived: datetime
    duration_ms: float
    fields: tuple[RawField, ...] = ()


class RawStories:
    """Unique on the source key: an entry has one outcome for ever."""

    name: ClassVar = "raw"
    indexes: ClassVar = (
        IndexModel([("source", ASCENDING)], name="raw_source", unique=True),
        IndexModel([("uri", ASCENDING)], name="raw_uri"),
    )

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def outcomes(self, sources: Group[str]) -> dict[str, RawRecord]:
        """The stored outcomes of these entries, without their bytes."""
        return {record.source: record for record in await self._find(sources, _WITHOUT_BYTES)}

    async def find(self, sources: Group[str]) -> dict[str, RawRecord]:
        """The stored outcomes of these entries, with their bytes."""
        return {record.source: record for record in await self._find(sources, None)}

    async def of(self, uri: str) -> list[RawRecord]:
        """Every entry that belonged to this story, oldest first."""
        records = map(_record, await self._collection.find({"uri": uri}))
        return sorted(records, key=lambda record: record.arrived)

    async def save(self, records: Sequence[RawRecord]) -> None:
        """Keep these. An entry that is kept already stays as it is."""
        await self._collection.insert([_document(record) for record in records])

    async def _find(self, sources: Group[str], fields: Sequence[str] | None) -> list[RawRecord]:
        if not sources:
            return []
        where = {"source": {"$in": list(sources)}}
        return [_record(found) for found in await self._collection.find(where, fields=fields)]


_WITHOUT_BYTES = ("source", "stream", "entry_id", "outcome", "uri", "version", "arrived", "duration_ms")


def _document(record: RawRecord) -> Document:
    document: Document = {name: getattr(record, name) for name in _WITHOUT_BYTES}
    document["fields"] = [field.model_dump() for field in record.fields]
    return document


def _record(document: Document) -> RawRecord:
    known: dict[str, Any] = {name: document[name] for name in _WITHOUT_BYTES}
    fields = tuple(RawField.model_validate(field) for field in document.get("fields", ()))
    return RawRecord(**known, fields=fields)
