"""The place, date and agency before the first sentence: `LONDON, Nov 3 (Reuters) - …`."""

import re
from dataclasses import replace

from services.ingest.clean.page import Page
from services.ingest.clean.words import one_of, word_set

RULE = "dateline"
TAG_RULE = "agency_tag"
_TOP_LINES = 4
_LONGEST = 140
_PLACE = r"[^\W\d_a-zß-ÿ][\w.'’/ -]{1,40}?(?:, [^\W\d_][\w.'’ -]{1,30}?)?"
_DAY = r"(?:,? \w{3,9}\.? \d{1,2}|,? \d{1,2}\.? \w{3,9}\.?)?(?:,? \d{4})?"
_AGENCY = r"\((?:[A-Z][\w./ &-]{1,30}|dpa|epa|ots)\)"
_DASH = r"\s*(?:-{1,2}|–|—|:)\s+"
_WITH_AGENCY = re.compile(rf"^({_PLACE}{_DAY}),? {_AGENCY}{_DASH}")
_CAPITALS = re.compile(
    r"^([^\W\d_a-zß-ÿ](?:[^\W\d_a-zß-ÿ]|[.'’/ -]){2,40}?(?:, [^\W\d_][\w.'’ -]{1,30}?)?"
    + _DAY
    + r")\s+(?:-{1,2}|–|—)\s+"
)
_END_TAG = one_of(
    r"""
    \((?:additional )?(?:reporting|writing|editing|compiled) by [^()]{3,400}\)
    -?30-?|-ends-|ends|#{3}|\((?:end|ends)\)
    copyright (?:reuters|ap|afp)
    """,
    after=r"\.?$",
)
_LAST_LINES = 5
_PARTICLES = word_set("de del di da do la le les of upon on am an der el al sur near and y et und")
_NO_PLACE = word_set("on in at by after before while with from as for the a an this when if")


def dateline(page: Page) -> Page:
    """Cut it off the first paragraph that has one; the sender's own dateline stays the one that counts."""
    for index, line in enumerate(page.lines[:_TOP_LINES]):
        start = line.text[:_LONGEST]
        match = _WITH_AGENCY.match(start) or _CAPITALS.match(start)
        if match and match.end() < len(line.text) and _is_place(match[1]):
            place = match[1].strip(" ,")
            return replace(page.cut(index, 0, match.end(), RULE, 92), dateline=page.dateline or place)
    return page


def _is_place(text: str) -> bool:
    words = text.replace(",", " ").split()
    named = all(not word[0].islower() or word in _PARTICLES for word in words)
    return named and words[0].casefold() not in _NO_PLACE


def agency_tags(page: Page) -> Page:
    """Drop what an agency writes after the story: `(Reporting by …; editing by …)`, `ENDS`, `-30-`."""
    first = max(1, len(page.lines) - _LAST_LINES)
    gone = [index for index in range(first, len(page.lines)) if _is_end_tag(page.lines[index].text)]
    return page.drop(gone, TAG_RULE, 95)


def _is_end_tag(text: str) -> bool:
    return len(text) <= 450 and _END_TAG.match(text) is not None
