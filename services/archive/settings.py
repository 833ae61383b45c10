"""Settings of the archive, from the environment."""

from pydantic import Field

from shared.runtime import ServiceSettings


class ArchiveSettings(ServiceSettings):
    """What every service has, and how long archived events stay on `stories.published`."""

    health_port: int = Field(8004, ge=0, le=65535)
    published_retention_hours: float = Field(24.0, ge=0, le=8_760)
    published_retention_entries: int = Field(1_000_000, ge=0)
    """Entries go once they are archived and past the hours, or beyond this many."""
