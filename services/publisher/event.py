"""Builds the event that goes out, and the plain fields that consumers filter on. Pure."""

from datetime import datetime
from typing import Literal

from shared.schemas import EventType, PublishedEvent, PublishedStory, Story, Tags

EventKind = Literal["published", "corrected", "withdrawn"]

_TYPES: dict[EventKind, EventType] = {
    "published": "wiredesk.story.published.v1",
    "corrected": "wiredesk.story.corrected.v1",
    "withdrawn": "wiredesk.story.withdrawn.v1",
}


def event_id(story: Story, kind: EventKind) -> str:
    """The same for the same version and kind, whenever and wherever it is built."""
    return f"{story.uri}:{story.version}:{kind}"


def build_event(story: Story, tags: Tags, kind: EventKind, time: datetime) -> PublishedEvent:
    """The event for this version. `time` is when it was decided."""
    return PublishedEvent(
        id=event_id(story, kind),
        type=_TYPES[kind],
        subject=story.uri,
        time=time,
        data=PublishedStory(story=story, tags=tags),
    )


def plain_fields(event: PublishedEvent) -> dict[str, str]:
    """What stands beside `data` on the stream. Lists are joined by commas, empty where there is nothing."""
    story, tags = event.data.story, event.data.tags
    return {
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "time": event.time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "topics": ",".join(subject.code for subject in tags.subjects),
        "language": story.language,
        "provider": story.provider,
        "version": str(story.version),
        "places": ",".join(sorted({entity.country for entity in tags.entities if entity.country})),
    }
