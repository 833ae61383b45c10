"""The few sentences about the author after a story: they become `author_bio`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from services.ingest.clean.page import Page
from services.ingest.clean.words import count, folded, one_of

RULE = "author_bio"
_MOST_WORDS = 120
_LONGEST = 1_200
_HEADING = one_of(
    r"""
    about the (?:author|writer|reporter)s?
    über den autor|über die autorin
    à propos de l.auteur
    sobre el autor
    """,
    after=r"\s*:?$",
)
_WORD = r"[^\W\d_a-z][\w.'’-]+"
_NAME = re.compile(rf"^({_WORD}(?: {_WORD}){{0,3}}) (?=[a-zà-ÿ(])")
# Present tense about a person who is introduced, not reported on.
_INTRODUCES = one_of(
    r"""
    likes|loves|enjoys|writes|covers|reports|lives|works|edits|speciali[sz]es|joined
    has (?:written|covered|worked)|has been (?:writing|covering|reporting|working)
    is (?:a|an|the|our|based|one of our)
    schreibt|ist|est|écrit|es|escribe
    """,
    after=r"\b",
)
_TRADE = re.compile(
    r"\b(?:writ(?:es|er|ing)|author|journalist|reporter|correspondent|editor|columnist|contributor|freelancer?"
    r"|blogger|articles?|newsroom|covers|covering|journalism|redakteur(?:in)?|autor(?:in)?|journaliste|rédact\w+"
    r"|periodista|redactora?)\b",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"\b(?:hobb(?:y|ies)|likes|loves|enjoys|passion(?:ate)?|spare time|free time|lives (?:in|with)|graduated"
    r"|degree|follow (?:him|her|them)|on twitter|piece of cake|can be reached|e-?mail|her work|his work"
    r"|born and raised|wohnt|lebt in|vit à|vive en)\b|@\w{2,}",
    re.IGNORECASE,
)


def author_bio(page: Page) -> Page:
    """Move the last paragraph out of the body where it introduces a person whom the story never names."""
    heading = _under_heading(page)
    if heading is not None:
        return _taken(page, range(heading, len(page.lines)), range(heading + 1, len(page.lines)), 95)
    last = len(page.lines) - 1
    if last < 2 or not _introduces(page, last):
        return page
    return _taken(page, [last], [last], 80)


def _under_heading(page: Page) -> int | None:
    for index in range(max(1, len(page.lines) - 4), len(page.lines) - 1):
        if len(page.lines[index].text) < 60 and _HEADING.match(page.lines[index].text):
            return index
    return None


def _introduces(page: Page, index: int) -> bool:
    text = page.lines[index].text
    name = _NAME.match(text[:120])
    if len(text) > _LONGEST or count(text) > _MOST_WORDS or name is None:
        return False
    if not _INTRODUCES.match(text[name.end() : name.end() + 40]):
        return False
    if page.byline and folded(name[1]) in folded(page.byline):
        return True
    if _is_known(page, index, name[1]):
        return False
    trade, private = len(set(_TRADE.findall(text))), len(set(_PRIVATE.findall(text)))
    return trade >= 1 and private >= 1


def _is_known(page: Page, index: int, name: str) -> bool:
    """The story has named this person before: then it tells of them."""
    words = [word.strip(".'’") for word in name.split()]
    return any(words[-1] in line.text or words[0] in line.text for line in page.lines[:index])


def _taken(page: Page, gone: Sequence[int], told: Sequence[int], confidence: int) -> Page:
    bio = "\n\n".join(page.lines[index].text for index in told)
    left = page.drop(gone, RULE, confidence)
    return replace(left, author_bio=bio) if len(left.lines) < len(page.lines) else page
