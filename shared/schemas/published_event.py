"""What downstream consumers read: CloudEvents 1.0 in structured JSON."""

from typing import Annotated, Literal

from pydantic import Field

from shared.schemas.base import Message, Moment, Name, Uri
from shared.schemas.story import Story
from shared.schemas.tags import Tags

EventType = Literal[
    "wiredesk.story.published.v1",
    "wiredesk.story.corrected.v1",
    "wiredesk.story.withdrawn.v1",
    "wiredesk.story.retagged.v1",
]


class PublishedStory(Message):
    """The payload: the story at this version and its tags."""

    story: Story
    """The story at this version."""
    tags: Tags
    """Its topics and entities."""


class PublishedEvent(Message):
    """One event on `stories.published`, a CloudEvent 1.0 in structured JSON."""

    specversion: Literal["1.0"] = "1.0"
    """The version of CloudEvents."""
    id: Annotated[str, Field(min_length=1, max_length=700)]
    """Deterministic, `<uri>:<version>:<kind>`: a consumer that reads an event twice can tell by it."""
    source: Name = "wiredesk"
    """The wire that published it, as a relative URI reference."""
    type: EventType
    """What happened to the story: published first, corrected, withdrawn, or only tagged anew."""
    subject: Uri
    """The story's uri, the same for all of its versions."""
    time: Moment
    """When the event was decided, in UTC."""
    datacontenttype: Literal["application/json"] = "application/json"
    """The format of `data`."""
    data: PublishedStory
    """The story and its tags."""
