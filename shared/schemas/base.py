"""The base of every message and the bounded types its fields are made of."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

MAX_BODY_CHARS = 1_048_576
"""Longest body of a story, in code points. The byte limit of an entry is ingest's setting."""

MAX_INTEGER = 2**53 - 1
"""The largest integer that Lua and JavaScript hold exactly."""

MAX_KEYWORDS = 100
MAX_SECTIONS = 20
MAX_CAPTIONS = 100
MAX_REMOVED = 10_000
MAX_REPAIRED = 100
MAX_SUBJECTS = 50
MAX_ENTITIES = 1_000
MAX_MENTIONS = 2_000
MAX_NOTES = 100
"""Longest lists, in items. A longer one is refused; a stage that may make one cuts it first."""

EARLIEST_TIMESTAMP = 100_000_000
"""Numbers below are not read as Unix seconds: `2026` means a year, and not 33 minutes past 1970."""

_TIMESTAMP = re.compile(r"[0-9]{9,13}")
_DIGITS_OF_A_DAY = 8


class Message(BaseModel):
    """A frozen message. Readers accept fields they do not know, so that writers can go ahead.

    Numbers are finite, since JSON has no others. Every field is written, also where it holds its
    default: in what Wiredesk sends, no known field is ever missing. The docstring under a field is its
    description in the JSON Schema.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )


def _unreadable() -> PydanticCustomError:
    return PydanticCustomError(
        "datetime_unreadable", "not a date of the years 1 to 9999: write it as 2026-01-31T12:30:00Z"
    )


def _from_text(text: str) -> datetime | int:
    """Digits alone are a day (8) or Unix time: fromisoformat would take one of them for the T."""
    if text.isdigit() and len(text) != _DIGITS_OF_A_DAY:
        if _TIMESTAMP.fullmatch(text):
            return int(text)
        raise _unreadable()
    try:
        return datetime.fromisoformat(text.upper())  # RFC 3339 allows t and z
    except ValueError:
        raise _unreadable() from None


def _assume_utc(value: object) -> object:
    """A date without a zone is read as UTC: refusing it would lose the story, guessing would lie."""
    moment = _from_text(value.strip()) if isinstance(value, str) else value
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(moment, int | float) and abs(moment) < EARLIEST_TIMESTAMP:
        raise _unreadable()
    return moment


def _to_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("the date falls outside the years 1 to 9999 once its zone is applied") from None


Moment = Annotated[AwareDatetime, BeforeValidator(_assume_utc), AfterValidator(_to_utc)]
"""A point in time, always UTC. Read from ISO 8601, RFC 3339 or Unix seconds; no zone means UTC."""

Uri = Annotated[str, Field(min_length=1, max_length=512, pattern=r"^\S+$")]
"""A story's identity, `urn:uuid:…`, or any identifier without white space."""

Name = Annotated[str, Field(min_length=1, max_length=200)]
Line = Annotated[str, Field(max_length=1_000)]
Text = Annotated[str, Field(max_length=MAX_BODY_CHARS)]
Url = Annotated[str, Field(max_length=2_048)]
LanguageTag = Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
"""A BCP 47 tag; `und` where the language could not be told."""

Version = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
"""A story's version. Versions of one story rise; they may skip."""

Offset = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
"""A place in a text, counted in Unicode code points from 0."""

Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Times = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
"""How often; at least once."""

Percent = Annotated[int, Field(ge=0, le=100)]
