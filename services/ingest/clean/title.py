"""The headline: found above the text where the sender gave none, and said once."""

import re
from dataclasses import replace

from services.ingest.clean.page import Page
from services.ingest.clean.words import count, ends_sentence, folded, is_date, is_sentence

RULE = "repeated_title"
_TOP_LINES = 6
_LONGEST = 200
_LONGEST_DERIVED = 120
_BYLINE = re.compile(r"^(?:By|BY|Von|Par|Por)\s+[^\W\d_a-z]")
_FIRST_SENTENCE = re.compile(r"^.{20,}?[.!?](?=\s)")


def title(page: Page) -> Page:
    """Take the title above the text as the headline, then drop the lines near the top that repeat it."""
    if page.headline is None and _has_title(page):
        page = replace(page.move(0), headline=page.lines[0].text)
    if page.headline is None:
        return page
    wanted = folded(page.headline)
    again = [i for i, line in enumerate(page.lines[:_TOP_LINES]) if folded(line.text[:1_000]) == wanted]
    return page.drop(again, RULE, 98) if again and len(again) < len(page.lines) else page


def _has_title(page: Page) -> bool:
    if len(page.lines) < 2:
        return False
    first, following = page.lines[0].text, page.lines[1:]
    if len(first) > _LONGEST or _is_other(first):
        return False
    if folded(first) == folded(following[0].text[:1_000]) and len(following) > 1:
        return True
    no_stop = not ends_sentence(first) or first.endswith(("?", "!", "”", "’", '"'))
    return 2 <= count(first) <= 30 and no_stop and any(is_sentence(line.text) for line in following[:6])


def _is_other(text: str) -> bool:
    """A date, a byline, or a label that something follows."""
    return is_date(text) or _BYLINE.match(text) is not None or text.endswith((":", ";", ","))


def derived(body: str) -> str:
    """A headline for a story without one: its first sentence, or as many of its words as fit."""
    start = next((part for part in body.split("\n\n", 8) if not is_date(part)), body)[:1_000].strip()
    match = _FIRST_SENTENCE.match(start)
    sentence = match[0] if match else start
    if len(sentence) <= _LONGEST_DERIVED:
        return sentence.removesuffix(".")
    cut = sentence[:_LONGEST_DERIVED]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut}…"
