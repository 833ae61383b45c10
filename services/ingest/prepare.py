"""From what a sender sent to a story that is clean and knows who it is. Pure: the time is passed in."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from services.ingest.canonical_url import canonical_url, host_of
from services.ingest.clean import Cleaned, clean
from services.ingest.digest import digest
from services.ingest.draft import Draft
from services.ingest.html import extract_page
from services.ingest.identity import fingerprint, identify
from services.ingest.language import canonical_tag, detect_language
from services.ingest.ninjs import read_ninjs
from services.ingest.repair import Repairs, repair
from shared.schemas.base import MAX_BODY_CHARS
from shared.schemas.explain import explain
from shared.schemas.raw_story import RawStory
from shared.schemas.story import Repaired, Story
from shared.streaming.errors import Reject

MAX_LINES = 20_000
"""Cleaning costs about 6 µs a line, this many a tenth of a second. Long stories have hundreds."""

UNKNOWN_PROVIDER = "unknown"
_LONGEST_LINE = 1_000
_LONGEST_NAME = 200


def prepare(raw: RawStory, arrived: datetime) -> Draft:
    """Read the sender's format, clean the text, settle identity and digest.

    What the sender states wins over what is found in the text. `arrived` (aware) is the story's
    `version_created` where the sender gave none. Takes about 1 ms for 3 KB of text and 10 to 60 ms for a
    web page; hostile markup at most about a second. Raises `Reject` where no story is left.
    """
    stated = _read(raw, arrived)
    _check_lines(stated.body)
    repairs = Repairs()
    headline = _line(stated.headline, repairs)
    byline = _line(stated.byline, repairs)
    wrapped = raw.content_type == "text/plain"
    cleaned = clean(stated.body, headline=headline, byline=byline, wrapped=wrapped)
    _check_body(cleaned, stated)
    url = canonical_url(stated.url) if stated.url else None
    provider = (
        _line(stated.provider, repairs, _LONGEST_NAME) or (host_of(url) if url else None) or UNKNOWN_PROVIDER
    )
    uri, identified_by = identify(provider, stated.guid, url, fingerprint(cleaned.headline, cleaned.body))
    fields = _fields(stated, cleaned, repairs) | {
        "uri": uri,
        "provider": provider,
        "guid": stated.guid,
        "source_url": url,
        "version_created": stated.version_created or arrived,
    }
    return Draft(_story(fields), stated.version, stated.version_created, identified_by)


def _read(raw: RawStory, arrived: datetime) -> RawStory:
    """The story with its body as plain text, and the fields of its format that its sender left open."""
    if raw.content_type == "text/html":
        return _from_html(raw, arrived)
    if raw.content_type == "application/ninjs+json":
        return _from_ninjs(raw)
    return raw


def _from_html(raw: RawStory, arrived: datetime) -> RawStory:
    if not raw.body.strip() and raw.pub_status == "canceled":
        return raw
    page = extract_page(raw.body, arrived)
    found = {"headline": page.headline, "byline": page.byline, "url": page.url, "published": page.published}
    short = {
        name: value[:_LONGEST_LINE] if isinstance(value, str) else value for name, value in found.items()
    }
    return _merged(raw, {**short, "body": page.text}, "the page in `body`")


def _from_ninjs(raw: RawStory) -> RawStory:
    if not raw.body.strip() and raw.pub_status == "canceled":
        return raw
    found = read_ninjs(raw.body)
    return _merged(raw, {"body": " ", **found}, "the ninjs item in `body`")


def _merged(raw: RawStory, found: dict[str, Any], where: str) -> RawStory:
    stated = {name: getattr(raw, name) for name in raw.model_fields_set - {"body"}}
    filled = {name: value for name, value in stated.items() if value not in (None, ())}
    try:
        return RawStory.model_validate(found | filled)
    except ValidationError as error:
        raise Reject(f"In {where}: {explain(error)}") from None


def _check_lines(text: str) -> None:
    lines = sum(1 for line in text.splitlines() if line.strip()) if text.count("\n") > MAX_LINES else 0
    if lines > MAX_LINES:
        raise Reject(
            f"`body` has {lines:,} lines, at most {MAX_LINES:,} are taken: send one paragraph per line, "
            "or one story at a time."
        )


def _check_body(cleaned: Cleaned, stated: RawStory) -> None:
    withdraws = stated.pub_status == "canceled" and (stated.guid or stated.url)
    if not cleaned.body and not withdraws:
        rules = (
            ", ".join(dict.fromkeys(span.rule for span in cleaned.removed))
            or "characters that cannot be seen"
        )
        raise Reject(f"Nothing is left of `body` once it is cleaned ({rules}): send the text of a story.")
    if len(cleaned.body) > MAX_BODY_CHARS:
        raise Reject(
            f"`body` has {len(cleaned.body):,} characters once its paragraphs are separated, at most "
            f"{MAX_BODY_CHARS:,} are taken: split the story."
        )


def _fields(stated: RawStory, cleaned: Cleaned, repairs: Repairs) -> dict[str, Any]:
    return {
        "headline": cleaned.headline[:_LONGEST_LINE],
        "body_text": cleaned.body,
        "byline": _cut(cleaned.byline),
        "dateline": _line(stated.dateline, repairs) or _cut(cleaned.dateline),
        "slugline": _line(stated.slugline, repairs, _LONGEST_NAME),
        "language": _language(stated, cleaned),
        "pub_status": stated.pub_status,
        "embargoed_until": stated.embargoed_until,
        "content_created": stated.published,
        "urgency": stated.urgency,
        "keywords": _names(stated.keywords, repairs),
        "section": _names(stated.section or cleaned.section, repairs),
        "captions": cleaned.captions,
        "author_bio": cleaned.author_bio,
        "removed": cleaned.removed,
        "repaired": _total(cleaned.repaired, repairs),
    }


def _language(stated: RawStory, cleaned: Cleaned) -> str:
    if stated.language:
        return canonical_tag(stated.language)
    return detect_language(f"{cleaned.headline}\n{cleaned.body[:_LONGEST_LINE]}")


def _line(value: str | None, repairs: Repairs, longest: int = _LONGEST_LINE) -> str | None:
    return repair(value, repairs)[:longest].strip() or None if value else None


def _cut(value: str | None) -> str | None:
    return value[:_LONGEST_LINE] if value else None


def _names(values: Iterable[str], repairs: Repairs) -> tuple[str, ...]:
    repaired = (_line(value, repairs, _LONGEST_NAME) for value in values)
    return tuple(dict.fromkeys(name for name in repaired if name))


def _total(repaired: Iterable[Repaired], repairs: Repairs) -> tuple[Repaired, ...]:
    total = repairs.counts + Counter({entry.rule: entry.count for entry in repaired})
    return tuple(Repaired(rule=rule, count=number) for rule, number in sorted(total.items()))


def _story(fields: dict[str, Any]) -> Story:
    try:
        return Story.model_validate(fields | {"version": 1, "digest": digest(fields)})
    except ValidationError as error:
        raise Reject(f"The cleaned story does not fit its schema. {explain(error)}") from None
