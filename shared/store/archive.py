"""Published events, for ever: unique on the entry id and on the event id."""

from collections.abc import Collection as Group
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from shared.schemas import PublishedEvent
from shared.store.collection import Collection, Document
from shared.store.cursor import entry_id_of, sortable


@dataclass(frozen=True, slots=True)
class ArchivedEvent:
    """An event and the entry of `stories.published` that carried it."""

    entry_id: str
    event: PublishedEvent

    @property
    def cursor(self) -> str:
        """The entry id in a form that sorts as text."""
        return sortable(self.entry_id)


class Archive:
    """Readers trust it only below the watermark: see `watermarks`."""

    name: ClassVar = "published"
    indexes: ClassVar = (
        IndexModel([("cursor", ASCENDING)], name="published_cursor", unique=True),
        IndexModel([("event_id", ASCENDING)], name="published_event_id", unique=True),
        IndexModel([("uri", ASCENDING)], name="published_uri"),
        IndexModel([("time", ASCENDING)], name="published_time"),
    )

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def save(self, events: Sequence[ArchivedEvent]) -> None:
        """Keep these. An event that is kept already stays where it is."""
        await self._collection.insert([_document(event) for event in events])

    async def holds(self, event_ids: Group[str]) -> frozenset[str]:
        """Which of these events are archived."""
        if not event_ids:
            return frozenset()
        found = await self._collection.find({"event_id": {"$in": list(event_ids)}}, fields=("event_id",))
        return frozenset(item["event_id"] for item in found)

    async def event(self, event_id: str) -> ArchivedEvent | None:
        """One event by its id."""
        found = await self._collection.find_one({"event_id": event_id})
        return _archived(found) if found else None

    async def of(self, uri: str) -> list[ArchivedEvent]:
        """A story's events, in the order in which they were published."""
        found = await self._collection.find({"uri": uri})
        return sorted(map(_archived, found), key=lambda item: item.cursor)

    async def between(self, after: str, below: str, limit: int = 100) -> list[ArchivedEvent]:
        """Events above the entry id `after` and below the entry id `below`, in order.

        Bound both ends closely: the stand-in reads every match before it cuts to `limit`.
        """
        where = {"cursor": {"$gt": sortable(after), "$lt": sortable(below)}}
        found = await self._collection.find(where, order=[("cursor", ASCENDING)], limit=limit)
        return [_archived(item) for item in found]


def _document(archived: ArchivedEvent) -> Document:
    event = archived.event
    return {
        "cursor": archived.cursor,
        "event_id": event.id,
        "type": event.type,
        "uri": event.subject,
        "version": event.data.story.version,
        "time": event.time,
        "event": event.model_dump(mode="json"),
    }


def _archived(document: Document) -> ArchivedEvent:
    return ArchivedEvent(
        entry_id=entry_id_of(document["cursor"]), event=PublishedEvent.model_validate(document["event"])
    )
