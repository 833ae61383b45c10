"""A published event as it stands on the stream: plain fields first, the JSON only when it is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from shared.schemas import PublishedEvent


class NotAnEvent(Exception):
    """Raised when an entry of `stories.published` holds no event that this version can read."""


@dataclass(frozen=True)
class WireEvent:
    """One entry of `stories.published`. `entry_id` is the cursor to go on from."""

    entry_id: str
    fields: Mapping[bytes, bytes]

    def text(self, name: str) -> str:
        """A plain field, empty when it is missing."""
        return self.fields.get(name.encode(), b"").decode("utf-8", "replace")

    def codes(self, name: str) -> tuple[str, ...]:
        """A plain field that holds a comma-separated list: `topics`, `places`."""
        return tuple(code for code in self.text(name).split(",") if code)

    @cached_property
    def event(self) -> PublishedEvent:
        """The CloudEvent. Raises `NotAnEvent`."""
        try:
            return PublishedEvent.model_validate_json(self.fields.get(b"data", b""))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "data"
            raise NotAnEvent(f"entry {self.entry_id} holds no event: {where}: {first['msg']}") from None

    @property
    def kind(self) -> str:
        """`published`, `corrected`, `withdrawn`, `retagged`: from `wiredesk.story.KIND.v1`."""
        parts = self.text("type").split(".")
        return parts[2] if len(parts) > 2 else self.text("type")
