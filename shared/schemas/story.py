"""A story at one version, cleaned."""

from typing import Annotated

from pydantic import Field

from shared.schemas.base import (
    MAX_CAPTIONS,
    MAX_KEYWORDS,
    MAX_REMOVED,
    MAX_REPAIRED,
    MAX_SECTIONS,
    LanguageTag,
    Line,
    Message,
    Moment,
    Name,
    Offset,
    Percent,
    Text,
    Times,
    Uri,
    Url,
    Version,
)
from shared.schemas.raw_story import PubStatus


class Removed(Message):
    """A span that cleaning took out. Offsets are code points into the sender's text."""

    text: Text
    """What was taken out."""
    start: Offset
    """Its first code point."""
    end: Offset
    """The code point after its last."""
    rule: Name
    """The rule that took it out."""
    confidence: Percent
    """How sure the rule is, 0 to 100."""


class Repaired(Message):
    """A repair of the characters themselves: what was done, and how often."""

    rule: Name
    """The rule that repaired them."""
    count: Times
    """How often."""


class Story(Message):
    """One version of a story (an item, in the words of ninjs)."""

    uri: Uri
    """The story's identity, the same for all of its versions."""
    version: Version
    """This version's number. Versions of one story rise; they may skip."""
    headline: Line
    """The headline, without markup; empty where the story has none."""
    body_text: Text
    """The text, without markup, Unicode NFC, paragraphs separated by a blank line."""
    byline: Line | None = None
    """Who wrote it, as the sender gives it."""
    dateline: Line | None = None
    """Where it was filed."""
    slugline: Name | None = None
    """The newsroom's label for it."""
    language: LanguageTag = "und"
    """BCP 47; `und` where it could not be told."""
    provider: Name
    """Who sent it."""
    guid: Annotated[str, Field(max_length=1_000)] | None = None
    """The sender's own identifier."""
    source_url: Url | None = None
    """Its canonical address on the web."""
    pub_status: PubStatus = "usable"
    """`usable` may be published, `withheld` must wait, `canceled` is withdrawn."""
    embargoed_until: Moment | None = None
    """Not to be published before, in UTC."""
    content_created: Moment | None = None
    """The date that the story itself carries, in UTC."""
    version_created: Moment
    """When its sender made this version, or when it arrived where the sender did not say, in UTC."""
    urgency: Annotated[int, Field(ge=1, le=9)] | None = None
    """1 is the most urgent, 9 the least."""
    keywords: Annotated[tuple[Name, ...], Field(max_length=MAX_KEYWORDS)] = ()
    """The sender's keywords."""
    section: Annotated[tuple[Name, ...], Field(max_length=MAX_SECTIONS)] = ()
    """The section of the site or paper, from the top down."""
    captions: Annotated[tuple[Text, ...], Field(max_length=MAX_CAPTIONS)] = ()
    """Captions of pictures that stood in the text."""
    author_bio: Text | None = None
    """What the page says about its author."""
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of what a reader would see: two versions with the same digest are the same."""
    removed: Annotated[tuple[Removed, ...], Field(max_length=MAX_REMOVED)] = ()
    """What cleaning took out of the sender's text."""
    repaired: Annotated[tuple[Repaired, ...], Field(max_length=MAX_REPAIRED)] = ()
    """How cleaning mended its characters."""
