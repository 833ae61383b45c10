"""The end of a pushed story's way, as it is told to who pushed it."""

from dataclasses import dataclass
from enum import StrEnum

from shared.schemas import PublishedEvent


class Outcome(StrEnum):
    """The ends of a story's way, as they are counted, and where it may be before."""

    PUBLISHED = "published"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    WITHHELD = "withheld"
    DEAD_LETTERED = "dead-lettered"
    REFUSED = "refused"
    """By this command: it was not sent."""
    ACCEPTED = "accepted"
    """Ingest took it in, its end is not known yet."""
    QUEUED = "queued"
    """Ingest has not taken it in yet."""

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self not in (Outcome.ACCEPTED, Outcome.QUEUED)

    @property
    def good(self) -> bool:
        """Whether the wire did with it what it should."""
        return self.final and self not in (Outcome.DEAD_LETTERED, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Fate:
    """A pushed story and what became of it. `detail` is a reason, or topics, or the kind of event."""

    label: str
    entry_id: str | None
    outcome: Outcome = Outcome.QUEUED
    uri: str | None = None
    version: int | None = None
    headline: str = ""
    topics: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """The part of a published event that is shown."""

    uri: str
    version: int
    kind: str
    headline: str
    topics: tuple[str, ...]

    @classmethod
    def of(cls, event: PublishedEvent) -> "SeenEvent":
        """From the event."""
        story, tags = event.data.story, event.data.tags
        kind = event.type.split(".")[2]
        return cls(event.subject, story.version, kind, story.headline, tuple(s.name for s in tags.subjects))
