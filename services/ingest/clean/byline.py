"""Who wrote it and when the page says it was published, where they have lines of their own at the top."""

import re
from dataclasses import replace

from services.ingest.clean.page import Page
from services.ingest.clean.words import count, one_of, word_set

RULE = "byline"
DATE_RULE = "published_line"
_TOP_LINES = 5
_NAME = r"[^\W\d_][\w.'’-]*"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,4}}"
_BYLINE = re.compile(
    rf"^(?:By|BY|Von|Par|Por)\s+((?!the\b){_NAME} {_NAMES}(?:(?:, | and | & ){_NAMES}){{0,3}})$"
)
_PARTICLES = word_set("and und et y de da di del der den du la le van von bin ibn al el of dos das &")
_PUBLISHED = one_of(
    r"""
    (?:first |last )?(?:published|updated|modified|posted)
    veröffentlicht|aktualisiert
    publié|mis à jour
    publicado|actualizado
    """,
    after=r"\b",
)


def byline(page: Page) -> Page:
    """Drop a line like `By Ada Lovelace` near the top and keep its name."""
    for index, line in enumerate(page.lines[:_TOP_LINES]):
        match = _BYLINE.match(line.text) if len(line.text) <= 120 else None
        if match and len(page.lines) > 1 and _all_names(match[1]):
            return replace(page.drop([index], RULE, 90), byline=page.byline or match[1])
    return page


def _all_names(text: str) -> bool:
    words = text.replace(",", " ").split()
    return all(word[0].isupper() or word in _PARTICLES for word in words)


def published_line(page: Page) -> Page:
    """Drop lines like `Published: October 10, 2015` near the top."""
    gone = [index for index, line in enumerate(page.lines[:_TOP_LINES]) if _is_published_line(line.text)]
    return page.drop(gone, DATE_RULE, 90) if gone and len(gone) < len(page.lines) else page


def _is_published_line(text: str) -> bool:
    short = len(text) <= 100 and count(text) <= 12 and not text.endswith(".")
    return short and _PUBLISHED.match(text) is not None and any(char.isdigit() for char in text)
