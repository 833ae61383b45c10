"""What the stages say to each other: past facts, one per version of a story."""

from typing import Literal

from shared.schemas.base import Message
from shared.schemas.story import Story
from shared.schemas.tags import Tags


class StoryAccepted(Message):
    """Ingest took this version in: it is clean, it has its identity, it is stored."""

    type: Literal["wiredesk.story.accepted.v1"] = "wiredesk.story.accepted.v1"
    """This schema and its version."""
    story: Story
    """The story, cleaned."""


class StoryEnriched(Message):
    """Enrichment tagged this version."""

    type: Literal["wiredesk.story.enriched.v1"] = "wiredesk.story.enriched.v1"
    """This schema and its version."""
    story: Story
    """The story, as it was accepted."""
    tags: Tags
    """What enrichment says about it."""
