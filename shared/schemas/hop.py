"""One step of a story's way."""

from typing import Annotated

from pydantic import Field

from shared.schemas.base import Message, Moment, Name, Times


class Hop(Message):
    """A stage handled an entry: when it began, how long it took, how it ended, on which delivery."""

    stage: Name
    """The stage: `ingest`, `enrichment`, `publisher`, …"""
    stream: Name
    """The stream that the entry was read from."""
    entry_id: Name
    """The entry's id in that stream."""
    time: Moment
    """When the stage began with it, in UTC."""
    duration_ms: Annotated[float, Field(ge=0)]
    """How long the stage took, in milliseconds."""
    outcome: Name
    """How it ended: `accepted`, `duplicate`, `enriched`, `published`, …"""
    deliveries: Times = 1
    """How often the entry had been delivered by then; 1 the first time."""
