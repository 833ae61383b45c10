"""Captions and credits that stand in the text, on lines of their own or glued to a sentence."""

import re
from dataclasses import replace

from services.ingest.clean.page import Page
from services.ingest.clean.words import count, ends_sentence, one_of, word_set
from shared.schemas.base import MAX_CAPTIONS

GLUED_RULE = "glued_caption"
CREDIT_RULE = "credit"
# A sentence ends and a capital follows without a space. Two small letters (or a digit, a quote) before
# the stop: `U.S.Army` and `J.K.Rowling` are no ends of sentences.
_SEAM = re.compile(r"(?:[^\W\d_A-Z]{2}|\d|[”’\"»)])[.!?][”’\"»]?(?=[^\W\d_a-z])")
_LONGEST = 200
_DOMAINS = word_set("com org net co gov edu info io tv uk de fr es eu")
_CREDIT = one_of(
    r"""
    (?:file )?(?:photo|photograph|image|picture|video)(?: credit| caption| source)?
    credit|caption
    foto(?: de archivo)?|bild|bildquelle
    crédits?(?: photo)?
    """,
    after=r"(?: by| courtesy of)?\s*[:：©]\s*\S",
)


def glued_caption(page: Page) -> Page:
    """Move `…across Syria.Russian airstrikes in Syria` apart: the tail is a caption if it is no sentence."""
    for index in range(len(page.lines)):
        if len(page.captions) >= MAX_CAPTIONS:
            break
        text = page.lines[index].text
        seam = _last_seam(text)
        if seam:
            caption = text[seam:].strip()
            cut = page.cut(index, seam, len(text), GLUED_RULE, 85)
            if len(cut.removed) > len(page.removed):
                page = replace(cut, captions=(*page.captions, caption))
    return page


def _last_seam(text: str) -> int:
    """Where the caption begins, or 0. It lies in the last 200 characters, so that a line costs the same."""
    offset = max(0, len(text) - _LONGEST)
    seam = 0
    for match in _SEAM.finditer(text, offset):
        seam = match.end()
    tail = text[seam:]
    if tail.split(" ", 1)[0].casefold().strip(",") in _DOMAINS:
        return 0
    fits = seam and 3 <= count(tail) <= 20 and not ends_sentence(tail) and not tail.endswith((":", ",", ";"))
    return seam if fits and count(text[:seam][-400:]) >= 4 else 0


def credit_lines(page: Page) -> Page:
    """Move lines like `Photo: Jo Bloggs` out of the text."""
    found = [index for index, line in enumerate(page.lines) if index and _is_credit(line.text)]
    room = MAX_CAPTIONS - len(page.captions)
    found = found[: max(room, 0)]
    captions = tuple(page.lines[index].text for index in found)
    left = page.drop(found, CREDIT_RULE, 85)
    complete = len(left.lines) == len(page.lines) - len(found)
    return replace(left, captions=(*page.captions, *captions)) if complete else page


def _is_credit(text: str) -> bool:
    return len(text) <= 300 and count(text) <= 40 and _CREDIT.match(text) is not None
