"""Settings of ingest, from the environment."""

from pydantic import Field

from shared.runtime import ServiceSettings


class IngestSettings(ServiceSettings):
    """What every service has, and how large a story may be."""

    health_port: int = Field(8001, ge=0, le=65535)
    max_story_bytes: int = Field(1_048_576, ge=1_024, le=4 * 1_048_576)
    """Largest entry that is taken in, all its fields together. Its bytes, its clean text and what cleaning
    took out must fit into one document of MongoDB, which ends at 16 MB."""
