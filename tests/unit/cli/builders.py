"""Builders of what the command reads: events, dead letters, traces."""

from collections.abc import Sequence
from datetime import UTC, datetime

from services.cli.wire_event import WireEvent
from shared.schemas import (
    DeadLetter,
    Entity,
    EntityKind,
    Hop,
    Mention,
    PublishedEvent,
    PublishedStory,
    RawField,
    Reason,
    Story,
    Subject,
    Tags,
)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URI = "urn:uuid:3f2a9c1e-0000-5000-8000-000000000001"
WAR = Subject(code="16000000", name="conflict, war and peace", confidence=90, creator="test 1")
SPORT = Subject(code="15000000", name="sport", confidence=80, creator="test 1")


def entity(name: str, kind: EntityKind = "place", times: int = 1, **more: object) -> Entity:
    """An entity that is named `times` times."""
    mentions = tuple(Mention(start=at, end=at + 1) for at in range(times))
    return Entity.model_validate(
        {"kind": kind, "name": name, "mentions": mentions, "creator": "test 1", **more}
    )


def story(
    headline: str = "Fighting near Damascus", version: int = 1, uri: str = URI, **more: object
) -> Story:
    """A story at a version."""
    given = {
        "uri": uri,
        "version": version,
        "headline": headline,
        "body_text": "Fighting went on near Damascus on Sunday.",
        "provider": "Example Press",
        "language": "en",
        "version_created": NOON,
        "digest": "0" * 64,
    }
    return Story.model_validate(given | more)


def event(
    told: Story | None = None,
    kind: str = "published",
    subjects: Sequence[Subject] = (WAR,),
    entities: Sequence[Entity] = (),
) -> PublishedEvent:
    """A published event."""
    told = told or story()
    return PublishedEvent.model_validate(
        {
            "id": f"{told.uri}:{told.version}:{kind}",
            "type": f"wiredesk.story.{kind}.v1",
            "subject": told.uri,
            "time": NOON,
            "data": PublishedStory(story=told, tags=Tags(subjects=tuple(subjects), entities=tuple(entities))),
        }
    )


def fields(published: PublishedEvent) -> dict[bytes, bytes]:
    """The fields of its entry on `stories.published`."""
    told = published.data.story
    plain = {
        "id": published.id,
        "type": published.type,
        "subject": published.subject,
        "time": published.time.isoformat(),
        "topics": ",".join(subject.code for subject in published.data.tags.subjects),
        "language": told.language,
        "provider": told.provider,
        "version": str(told.version),
        "data": published.model_dump_json(),
    }
    return {name.encode(): value.encode() for name, value in plain.items()}


def wire_event(published: PublishedEvent | None = None, entry_id: str = "1700000000000-0") -> WireEvent:
    """The event as read from the stream."""
    return WireEvent(entry_id, fields(published or event()))


def trace(entry_id: str, stream: str = "stories.ingest") -> tuple[Hop, ...]:
    """The way of a story that came in as `entry_id`, up to enrichment."""
    return (
        hop("ingest", stream, entry_id),
        hop("enrichment", "stories.accepted", "9-9"),
    )


def hop(stage: str, stream: str, entry_id: str) -> Hop:
    """One step that went well."""
    return Hop(stage=stage, stream=stream, entry_id=entry_id, time=NOON, duration_ms=1.5, outcome="accepted")


def dead_letter(
    stage: str = "ingest",
    entry_id: str = "1-0",
    uri: str | None = None,
    version: int | None = None,
    reason: Reason = "rejected",
) -> DeadLetter:
    """A dead letter of a stage; `version` stands among the plain fields of the entry it keeps."""
    kept = () if version is None else (RawField(name="version", value=str(version)),)
    return DeadLetter(
        reason=reason,
        error="Reject",
        message="`body` is empty: fill it in.",
        stage=stage,
        stream=f"stories.{stage}",
        entry_id=entry_id,
        deliveries=1,
        time=NOON,
        uri=uri,
        fields=kept,
    )
