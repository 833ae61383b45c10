"""The story in a web page: trafilatura finds it, this module bounds what it is given."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

from services.ingest.clean.words import word_set
from shared.streaming.errors import Reject

# It logs an error for every page without a story; our refusal says so, to the one who can mend it.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

MAX_TAGS = 20_000
"""Measured: 20,000 tags take trafilatura up to 1 s, and time grows faster than their number. Of 90 real
news pages the richest has 3,069."""

MAX_ATTRIBUTES = 300
"""libxml2 compares every attribute with every other of its tag: 100,000 in one tag take minutes."""

MAX_DEPTH = 250
"""libxml2 stops reading at 256 levels. Used to explain why nothing was found, not to refuse."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})([^<>]*)")
_BREAK = word_set(
    """
    address article aside blockquote body br caption dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5
    h6 header hr html li main nav ol p pre section table tbody td th thead title tr ul
    """
)
_SILENT = ("script", "style", "noscript", "template", "head", "iframe", "svg", "object", "nav", "form")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says. Every line of `text` is a paragraph; the rest is `None` where the page is silent."""

    text: str
    headline: str | None = None
    byline: str | None = None
    url: str | None = None
    published: datetime | str | None = None


def extract_page(html: str, arrived: datetime) -> Extracted:
    """The story of a page, or all text of a fragment in which no story stands out.

    Bounded: markup that would take seconds is refused or simplified before it reaches the parser. No
    entity is expanded, nothing is fetched. Raises `Reject` for too much markup or no text.
    """
    page = bounded(html)
    document = _story(page, arrived)
    text = (document.text if document else None) or fragment_text(page)
    if not text.strip():
        raise Reject(
            f"`body` is HTML without any text that could be read{_why(page)}. "
            "Send the page that holds the story."
        )
    if document is None:
        return Extracted(text)
    return Extracted(
        text,
        _filled(document.title),
        _authors(document.author),
        _filled(document.url),
        _filled(document.date),
    )


def _story(page: str, arrived: datetime) -> Any:
    dates = {
        "extensive_search": False,
        "original_date": True,
        # A day ahead for senders whose clocks or zones differ. Given, so that today's date does not matter.
        "max_date": (arrived + timedelta(days=1)).date().isoformat(),
    }
    return bare_extraction(
        page, fast=True, with_metadata=True, include_comments=False, date_extraction_params=dates
    )


def bounded(html: str) -> str:
    """The markup, without the attributes of tags that have too many. Raises `Reject` above `MAX_TAGS`."""
    tags = html.count("<")
    if tags > MAX_TAGS and (tags := sum(1 for _ in _TAG.finditer(html))) > MAX_TAGS:
        raise Reject(
            f"`body` is HTML with {tags:,} tags, at most {MAX_TAGS:,} are taken: send the page of one story, "
            "or its text as text/plain."
        )
    return _TAG.sub(_lean, html.replace("\x00", ""))


def _lean(match: re.Match[str]) -> str:
    attributes = match[3]
    if (
        len(attributes) > 2 * MAX_ATTRIBUTES
        and attributes.count("=") + len(attributes.split()) > 2 * MAX_ATTRIBUTES
    ):
        return f"<{match[1]}{match[2]}{'/' if attributes.endswith('/') else ''}"
    return match[0]


def fragment_text(html: str) -> str:
    """All text of some markup, one line per block element, nothing weighed. Empty where there is none."""
    parser = HTMLParser(huge_tree=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(bounded(html) or " ", parser=parser)
    except (etree.LxmlError, ValueError):
        return ""
    etree.strip_elements(root, *_SILENT, with_tail=False)
    pieces: list[str] = []
    _walk(root, pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _walk(root: HtmlElement, pieces: list[str]) -> None:
    # iterwalk, not recursion: depth is the sender's choice.
    for event, element in etree.iterwalk(root, events=("start", "end")):
        block = element.tag in _BREAK
        if block:
            pieces.append("\n")
        text = element.text if event == "start" else element.tail
        if text:
            pieces.append(" ".join(text.split("\n")))


def _why(page: str) -> str:
    depth = _depth(page)
    return (
        f" (its tags are nested {depth:,} deep, more than {MAX_DEPTH} are not read)"
        if depth > MAX_DEPTH
        else ""
    )


def _depth(page: str) -> int:
    depth = deepest = 0
    for match in _TAG.finditer(page):
        depth = max(0, depth + (-1 if match[1] else 1))
        deepest = max(deepest, depth)
    return deepest


def _filled(value: str | None) -> str | None:
    return value if value and value.strip() else None


def _authors(value: str | None) -> str | None:
    return ", ".join(name.strip() for name in value.split(";")) if value and value.strip() else None
