"""Builders for tests that need stories: small, valid, and different only where the test says so."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel

from shared.schemas import Entity, Hop, Mention, RawStory, Story, StoryEnriched, Subject, Tags
from shared.streaming import Delivery, Entry

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

M = TypeVar("M", bound=BaseModel)


class SetClock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def pass_by(self, **duration: float) -> None:
        """Move forward: `pass_by(hours=1)`."""
        self._now += timedelta(**duration)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def story(version: int = 1, *, uri: str = "urn:test:1", body: str = "", **fields: Any) -> Story:
    """A story; its digest follows its body and status, its body its version."""
    text = body or f"Body of version {version}."
    status = fields.get("pub_status", "usable")
    known: dict[str, Any] = {
        "uri": uri,
        "version": version,
        "headline": "Bridge reopens after storm",
        "body_text": text,
        "language": "en",
        "provider": "test",
        "version_created": NOON,
        "digest": digest_of(f"{status} {text}"),
    }
    return Story(**known | fields)


def tags() -> Tags:
    """One topic, one place."""
    subject = Subject(code="03000000", name="disaster, accident", confidence=80, creator="test 1")
    place = Entity(
        kind="place", name="Aden", country="YE", mentions=(Mention(start=0, end=4),), creator="test 1"
    )
    return Tags(subjects=(subject,), entities=(place,))


def enriched(version: int = 1, **fields: Any) -> StoryEnriched:
    """What enrichment says about `story(...)`."""
    return StoryEnriched(story=story(version, **fields), tags=tags())


def raw(body: str = "The bridge over the river is open again.", **fields: Any) -> RawStory:
    """A raw story of one provider's guid `one`."""
    known: dict[str, Any] = {
        "provider": "test",
        "guid": "one",
        "headline": "Bridge reopens after storm",
        "language": "en",
    }
    return RawStory(body=body, **known | fields)


def delivery(
    message: M,
    entry: int = 1,
    *,
    stream: str = "stories.ingest",
    incarnation: str = "life",
    deliveries: int = 1,
    fields: Mapping[bytes, bytes] | None = None,
) -> Delivery[M]:
    """A delivery of entry `1700000000000-<entry>`, received at noon."""
    data = {b"data": message.model_dump_json().encode()}
    entry_id = f"1700000000000-{entry}"
    return Delivery(
        message=message,
        entry=Entry(entry_id, data | dict(fields or {}), deliveries),
        stream=stream,
        incarnation=incarnation,
        received=NOON.timestamp(),
    )


def write_hop(hop: Hop) -> bytes:
    """One hop as a row of a trace."""
    return orjson.dumps(
        [
            hop.stage,
            hop.stream,
            hop.entry_id,
            hop.time.timestamp(),
            hop.duration_ms,
            hop.outcome,
            hop.deliveries,
        ]
    )
