"""What enrichment says about a story, with its evidence."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.schemas.base import (
    MAX_ENTITIES,
    MAX_INTEGER,
    MAX_MENTIONS,
    MAX_NOTES,
    MAX_SUBJECTS,
    Message,
    Name,
    Offset,
    Percent,
    Url,
)

EntityKind = Literal["person", "organisation", "place", "event"]
Relation = Literal["about", "mentions"]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Mention(Message):
    """Where a name stands: code points into `body_text`, `end` exclusive."""

    start: Offset
    """The first code point of the name."""
    end: Annotated[int, Field(ge=1, le=MAX_INTEGER)]
    """The code point after its last."""

    @model_validator(mode="after")
    def _spans_something(self) -> Self:
        if self.end <= self.start:
            raise ValueError(
                f"a mention ends after it starts: end {self.end} is not above start {self.start}"
            )
        return self


class Subject(Message):
    """A topic of the IPTC Media Topics, matched by its code: labels change, codes keep their meaning."""

    code: Annotated[str, Field(pattern=r"^[0-9]{8}$")]
    """The Media Topic's code, eight digits."""
    name: Name
    """The topic's label in English, for people."""
    confidence: Percent
    """How sure its creator is, 0 to 100."""
    relevance: Percent | None = None
    """How much of the story it is about, 0 to 100; `null` where nobody has judged it."""
    rel: Relation = "about"
    """Whether the story is about the topic or only mentions it."""
    evidence: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    """Words of the story that speak for the topic."""
    creator: Name
    """The model and its version."""


class Entity(Message):
    """A person, organisation, place or event with every place where the story names it."""

    kind: EntityKind
    """What it is."""
    name: Name
    """Its name, in its longest form in the story."""
    mentions: Annotated[tuple[Mention, ...], Field(max_length=MAX_MENTIONS)] = ()
    """Where the story names it, in the order of the text."""
    uri: Url | None = None
    """Its Wikidata address or another identifier; `null` where it is not sure which one is meant."""
    country: CountryCode | None = None
    """The country of a place, ISO 3166-1 alpha-2."""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    """Degrees north, WGS 84."""
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    """Degrees east, WGS 84."""
    confidence: Percent | None = None
    """How sure its creator is, 0 to 100; `null` where it does not say."""
    relevance: Percent | None = None
    """How much of the story it is about, 0 to 100; `null` where nobody has judged it."""
    rel: Relation = "mentions"
    """Whether the story is about it or only mentions it."""
    creator: Name
    """The model and its version."""


class Tags(Message):
    """All tags of one version of a story."""

    subjects: Annotated[tuple[Subject, ...], Field(max_length=MAX_SUBJECTS)] = ()
    """Its topics, the surest first."""
    entities: Annotated[tuple[Entity, ...], Field(max_length=MAX_ENTITIES)] = ()
    """The people, organisations, places and events that it names."""
    undecided: Annotated[tuple[Name, ...], Field(max_length=MAX_NOTES)] = ()
    """The enrichers that looked and would not say, such as `topics`."""
    skipped: Annotated[tuple[Name, ...], Field(max_length=MAX_NOTES)] = ()
    """The enrichers that did not look, and why, as `enricher: reason`."""
