"""What anyone may push onto `stories.ingest`."""

import json
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from shared.schemas.base import (
    MAX_BODY_CHARS,
    MAX_KEYWORDS,
    MAX_SECTIONS,
    LanguageTag,
    Line,
    Message,
    Moment,
    Name,
    Url,
    Version,
)

ContentType = Literal["text/plain", "text/html", "application/ninjs+json"]
PubStatus = Literal["usable", "withheld", "canceled"]


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _blank_is_absent(value: object) -> object:
    return None if _is_blank(value) else value


def _blank_is(default: str) -> Callable[[object], object]:
    return lambda value: default if _is_blank(value) else value


def _read_list(text: str) -> object:
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError("it starts with [ and is not a JSON list: mend it, or write a, b, c") from None
    return [piece.strip() for piece in text.split(",")]


def _split(value: object) -> object:
    """Lists arrive from flat stream fields as `a, b, c` or as a JSON list. Blank items are left out."""
    items = _read_list(value) if isinstance(value, str) else [] if value is None else value
    return [item for item in items if not _is_blank(item)] if isinstance(items, list | tuple) else items


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _media_type(value: object) -> object:
    """`text/html; charset=utf-8` names the same format as `text/html`."""
    return value.partition(";")[0].strip().lower() if isinstance(value, str) else value


def _language_tag(value: object) -> object:
    """`en_GB`, the form of POSIX locales and of many feeds, names the same language as `en-GB`."""
    return value.strip().replace("_", "-") if isinstance(value, str) else value


Absent = BeforeValidator(_blank_is_absent)
Keywords = Annotated[
    tuple[Name, ...],
    Field(max_length=MAX_KEYWORDS),
    BeforeValidator(
        _split, json_schema_input_type=Annotated[list[Name], Field(max_length=MAX_KEYWORDS)] | str | None
    ),
]
Sections = Annotated[
    tuple[Name, ...],
    Field(max_length=MAX_SECTIONS),
    BeforeValidator(
        _split, json_schema_input_type=Annotated[list[Name], Field(max_length=MAX_SECTIONS)] | str | None
    ),
]


class RawStory(Message):
    """A story as its sender sent it. Only `body` is required.

    Sent as one stream field `data` that holds this as JSON, or as flat stream fields of the same names.
    A blank or null optional field counts as absent, a date without a zone is read as UTC, unknown fields
    are kept with the raw input and otherwise ignored.
    """

    body: Annotated[str, Field(min_length=1, max_length=MAX_BODY_CHARS)]
    """The text, in the format that `content_type` names."""
    provider: Annotated[Name | None, Absent] = None
    """Who sends it. With `guid` it makes the story's identity."""
    guid: Annotated[Annotated[str, Field(max_length=1_000)] | None, Absent] = None
    """The sender's own identifier, the same for all versions of the story."""
    url: Annotated[Url | None, Absent] = None
    """Its address on the web."""
    headline: Annotated[Line | None, Absent] = None
    """The headline. Where it is absent, it is looked for in the body."""
    byline: Annotated[Line | None, Absent] = None
    """Who wrote it."""
    dateline: Annotated[Line | None, Absent] = None
    """Where it was filed."""
    slugline: Annotated[Name | None, Absent] = None
    """The newsroom's label for it."""
    content_type: Annotated[
        ContentType,
        BeforeValidator(_media_type),
        BeforeValidator(_blank_is("text/plain"), json_schema_input_type=ContentType | None),
    ] = "text/plain"
    """The format of `body`. Parameters such as `; charset=utf-8` are allowed and ignored."""
    language: Annotated[LanguageTag | None, Absent, BeforeValidator(_language_tag)] = None
    """BCP 47, such as `en` or `pt-BR`. Where it is absent, it is told from the text."""
    published: Annotated[Moment | None, Absent] = None
    """The date that the story itself carries: ISO 8601 or Unix seconds; no zone means UTC."""
    version: Annotated[Version | None, Absent] = None
    """The sender's number of this version: the higher one is the newer. May be absent."""
    version_created: Annotated[Moment | None, Absent] = None
    """When the sender made this version: the later one is the newer. May be absent."""
    keywords: Keywords = ()
    """Keywords: a list, or one text `a, b, c`."""
    section: Sections = ()
    """The section of the site or paper, from the top down: a list, or one text `World, Middle East`."""
    pub_status: Annotated[
        PubStatus,
        BeforeValidator(_lower),
        BeforeValidator(_blank_is("usable"), json_schema_input_type=PubStatus | None),
    ] = "usable"
    """`usable` may be published, `withheld` must wait, `canceled` withdraws the story."""
    embargoed_until: Annotated[Moment | None, Absent] = None
    """Not to be published before: ISO 8601 or Unix seconds; no zone means UTC."""
    urgency: Annotated[Annotated[int, Field(ge=1, le=9)] | None, Absent] = None
    """1 is the most urgent, 9 the least."""
