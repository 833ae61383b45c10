"""A cleaned story that has its identity and not yet its version."""

from dataclasses import dataclass
from datetime import datetime

from services.ingest.identity import IdentifiedBy
from shared.schemas.raw_story import PubStatus
from shared.schemas.story import Story


@dataclass(frozen=True, slots=True)
class Draft:
    """`first` is the story as it would be as version 1.

    `sender_version` and `sender_version_created` are the sender's own, where it gave them: they decide
    which of two versions is newer. `identified_by` says what the uri was made of.
    """

    first: Story
    sender_version: int | None
    sender_version_created: datetime | None
    identified_by: IdentifiedBy

    @property
    def uri(self) -> str:
        """The story's identity."""
        return self.first.uri

    @property
    def digest(self) -> str:
        """The same for every version that a reader could not tell apart."""
        return self.first.digest

    @property
    def pub_status(self) -> PubStatus:
        """`canceled` withdraws the story."""
        return self.first.pub_status

    def at(self, version: int) -> Story:
        """The story at this version. Raises `ValueError` below 1."""
        if version < 1:
            raise ValueError(f"a story's versions begin at 1, not {version}")
        return self.first.model_copy(update={"version": version})
