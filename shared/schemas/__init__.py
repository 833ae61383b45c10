"""What is said: the contract between the services, and with everyone outside.

Frozen pydantic models with the names of IPTC ninjs 3 in snake_case. Nothing here does I/O.
"""

from shared.schemas.dead_letter import DeadLetter, RawField, Reason
from shared.schemas.hop import Hop
from shared.schemas.published_event import EventType, PublishedEvent, PublishedStory
from shared.schemas.raw_story import ContentType, PubStatus, RawStory
from shared.schemas.stages import StoryAccepted, StoryEnriched
from shared.schemas.story import Removed, Repaired, Story
from shared.schemas.tags import Entity, EntityKind, Mention, Relation, Subject, Tags

__all__ = [
    "ContentType",
    "DeadLetter",
    "Entity",
    "EntityKind",
    "EventType",
    "Hop",
    "Mention",
    "PubStatus",
    "PublishedEvent",
    "PublishedStory",
    "RawField",
    "RawStory",
    "Reason",
    "Relation",
    "Removed",
    "Repaired",
    "Story",
    "StoryAccepted",
    "StoryEnriched",
    "Subject",
    "Tags",
]
