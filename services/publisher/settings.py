"""Settings of the publisher, from the environment."""

from pydantic import Field

from shared.runtime import ServiceSettings


class PublisherSettings(ServiceSettings):
    """What every service has, and how long the guard of a story's order lives."""

    health_port: int = Field(8003, ge=0, le=65535)
    guard_days: int = Field(30, ge=1, le=3_650)
    """Well beyond any lag of the archive, which is asked before the guard."""
