"""Finds out which story a dead letter is about. Pure."""

import json
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from shared.schemas import DeadLetter
from shared.schemas.base import Uri, Version

T = TypeVar("T")

_URI: TypeAdapter[str] = TypeAdapter(Uri)
_VERSION: TypeAdapter[int] = TypeAdapter(Version)


@dataclass(frozen=True, slots=True)
class Whose:
    """The story, where the letter tells; what died before it had an identity is nobody's."""

    uri: str | None = None
    version: int | None = None


def whose(letter: DeadLetter) -> Whose:
    """From the letter itself, else from the message that it holds."""
    story = _story(letter)
    uri = letter.uri or _valid(_URI, story.get("uri"))
    same = uri is not None and uri == story.get("uri")
    return Whose(uri, _valid(_VERSION, story.get("version")) if same else None)


def _story(letter: DeadLetter) -> dict[str, Any]:
    """The story inside the messages between the stages. A raw story from outside names no uri."""
    data = next((field.value for field in letter.fields if field.name == "data"), "")
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    story = message.get("story") if isinstance(message, dict) else None
    return story if isinstance(story, dict) else {}


def _valid(adapter: TypeAdapter[T], value: object) -> T | None:
    try:
        return adapter.validate_python(value, strict=True)
    except ValidationError:
        return None
