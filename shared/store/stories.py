"""The current state of each story: its last published version, in short. Written by the archive alone."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel, UpdateOne

from shared.schemas import PublishedEvent
from shared.store.collection import Collection


@dataclass(frozen=True, slots=True)
class StoryState:
    """A story's last published version, in short. `type` is that of its event, `time` the event's.

    `topics` are codes of the Media Topics, `places` country codes.
    """

    uri: str
    version: int
    type: str
    headline: str
    status: str
    language: str
    provider: str
    source_url: str | None
    topics: tuple[str, ...]
    places: tuple[str, ...]
    time: datetime
    entry_id: str

    @classmethod
    def of(cls, event: PublishedEvent, entry_id: str) -> "StoryState":
        """The state that this event leaves."""
        story, tags = event.data.story, event.data.tags
        return cls(
            uri=story.uri,
            version=story.version,
            type=event.type,
            headline=story.headline,
            status=story.pub_status,
            language=story.language,
            provider=story.provider,
            source_url=story.source_url,
            topics=tuple(subject.code for subject in tags.subjects),
            places=tuple(sorted({entity.country for entity in tags.entities if entity.country})),
            time=event.time,
            entry_id=entry_id,
        )


class Stories:
    """Unique on the uri. A version never goes back: an older state does not replace a newer one."""

    name: ClassVar = "stories"
    indexes: ClassVar = (
        IndexModel([("uri", ASCENDING)], name="stories_uri", unique=True),
        IndexModel([("time", DESCENDING)], name="stories_time"),
    )

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def save(self, states: Sequence[StoryState]) -> None:
        """Let each story's newest of these states be its current one.

        Most stories have one version, and an insert costs the stand-in a fifth of an upsert: so insert
        first, and update only what is there already.
        """
        newest = {state.uri: state for state in sorted(states, key=lambda state: state.version)}
        states = list(newest.values())
        refused = await self._collection.insert([_document(state) for state in states])
        known = [states[duplicate.position] for duplicate in refused]
        await self._collection.update(
            [
                UpdateOne({"uri": state.uri, "version": {"$lte": state.version}}, {"$set": _document(state)})
                for state in known
            ]
        )

    async def get(self, uri: str) -> StoryState | None:
        """A story's current state; None while it has never been published."""
        found = await self._collection.find_one({"uri": uri})
        return _state(found) if found else None

    async def recent(self, since: datetime, until: datetime, limit: int = 100) -> list[StoryState]:
        """Stories whose last event lies in [since, until), newest first. Bound both ends closely: the
        stand-in reads every match before it cuts to `limit`."""
        where = {"time": {"$gte": since, "$lt": until}}
        found = await self._collection.find(where, order=[("time", DESCENDING)], limit=limit)
        return [_state(item) for item in found]


def _document(state: StoryState) -> dict[str, Any]:
    return {field.name: getattr(state, field.name) for field in fields(state)}


def _state(document: dict[str, Any]) -> StoryState:
    known = {field.name: document[field.name] for field in fields(StoryState)}
    return StoryState(**{**known, "topics": tuple(known["topics"]), "places": tuple(known["places"])})
