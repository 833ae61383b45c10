"""A story as it is put onto `stories.ingest`: checked before it is sent. Pure."""

from dataclasses import dataclass
from typing import Any

import orjson

from services.ingest.decode import decode
from shared.schemas import RawStory
from shared.streaming.errors import Reject


class StoryRefused(Exception):
    """Raised when a story would certainly be dead-lettered. The message names the field and the fix."""


@dataclass(frozen=True, slots=True)
class Payload:
    """The value of the field `data`. `label` names its source, `read` is the bytes it took there."""

    label: str
    data: bytes
    read: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A story that was not sent, and why."""

    label: str
    reason: str
    read: int


def encode(
    label: str, document: dict[str, Any], fields: dict[str, str], max_bytes: int, read: int
) -> Payload:
    """The story as JSON with `fields` set. Unknown fields go along: ingest keeps them with the raw input.

    Checked with ingest's own decoder, so a story is refused here exactly when ingest would refuse it.
    Raises `StoryRefused`.
    """
    try:
        data = orjson.dumps({**document, **fields})
    except (TypeError, RecursionError) as error:
        raise StoryRefused(f"cannot be written as JSON: {error}") from None
    try:
        decode({b"data": data}, max_bytes=max_bytes)
    except Reject as error:
        raise StoryRefused(error.reason) from None
    return Payload(label, data, read)


def parse_fields(pairs: list[str]) -> dict[str, str]:
    """`name=value` pairs of `--set`. Raises ValueError naming what is wrong."""
    fields: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in RawStory.model_fields or name == "body":
            known = ", ".join(field for field in RawStory.model_fields if field != "body")
            raise ValueError(f"{pair!r} is not NAME=VALUE with a NAME of: {known}")
        fields[name] = value
    return fields
