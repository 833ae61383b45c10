"""A story that could not go on, with everything needed to see why and to send it again."""

import base64
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from shared.schemas.base import Count, Message, Moment, Name, Times, Uri

Reason = Literal["invalid", "rejected", "failed", "poison"]

MAX_MESSAGE_CHARS = 10_000
MAX_TRACEBACK_CHARS = 20_000


def _legible(value: object) -> object:
    """Half a surrogate pair, as a message about bad input may quote it, is shown as its escape."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _head(value: object) -> object:
    return value[:MAX_MESSAGE_CHARS] if isinstance(value, str) else value


def _tail(value: object) -> object:
    """A traceback says what went wrong at its end."""
    return value[-MAX_TRACEBACK_CHARS:] if isinstance(value, str) else value


class RawField(Message):
    """One field of the stream entry, kept byte for byte: text where it is UTF-8, else base64.

    It has no bound of its own: whatever stood in the entry must fit, or the entry could not even become
    a dead letter. The engine bounds the entry as a whole.
    """

    name: str
    """The field's name. Bytes that are not UTF-8 are shown as escapes."""
    value: str
    """The field's value."""
    encoding: Literal["utf-8", "base64"] = "utf-8"
    """How `value` is written."""

    @classmethod
    def of(cls, name: bytes, value: bytes) -> Self:
        """Keep any two byte strings. A name that is not UTF-8 is shown with escapes."""
        shown = name.decode("utf-8", "backslashreplace")
        try:
            return cls(name=shown, value=value.decode("utf-8"))
        except UnicodeDecodeError:
            return cls(name=shown, value=base64.b64encode(value).decode("ascii"), encoding="base64")

    def content(self) -> bytes:
        """The value's bytes, as they were."""
        return base64.b64decode(self.value) if self.encoding == "base64" else self.value.encode("utf-8")

    @model_validator(mode="after")
    def _decodes(self) -> Self:
        if self.encoding == "base64":
            try:
                base64.b64decode(self.value, validate=True)
            except ValueError as error:
                raise ValueError(f"the value is marked base64 and is not: {error}") from None
        return self


class DeadLetter(Message):
    """One entry on `stories.dead`: what could not go on, where, and why.

    A message or a traceback that is too long is cut here, so that writing a dead letter does not fail
    over its own explanation.
    """

    type: Literal["wiredesk.story.dead.v1"] = "wiredesk.story.dead.v1"
    """This schema and its version."""
    reason: Reason
    """`invalid`: it does not fit the schema. `rejected`: a stage refused it. `failed`: its handler raised
    on every delivery. `poison`: it was delivered too often without an answer (it kills or hangs the
    process)."""
    error: Name
    """The kind of error, in a word."""
    message: Annotated[
        str, Field(max_length=MAX_MESSAGE_CHARS), BeforeValidator(_head), BeforeValidator(_legible)
    ]
    """Written for a person: what is wrong, in which field, and how to mend it."""
    traceback: (
        Annotated[
            str, Field(max_length=MAX_TRACEBACK_CHARS), BeforeValidator(_tail), BeforeValidator(_legible)
        ]
        | None
    ) = None
    """Where in the program it failed, for developers."""
    stage: Name
    """The stage that gave it up."""
    stream: Name
    """The stream that the entry was read from."""
    entry_id: Name
    """The entry's id in that stream."""
    deliveries: Times
    """How often the entry had been delivered by then; 1 the first time."""
    time: Moment
    """When it was given up, in UTC."""
    uri: Uri | None = None
    """The story's uri, where it was known."""
    fields: tuple[RawField, ...] = ()
    """The whole entry, to see and to send again."""
    cut: Count = 0
    """How many bytes of the entry are missing here because it was larger than the limit."""
