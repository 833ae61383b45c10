"""What holds for every text: cleaning never raises, never invents, and its receipt is true."""

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.clean import Cleaned, clean
from services.ingest.repair import Repairs, repair

PIECES = st.sampled_from(
    [
        "Home World News ",
        "Home > World\n",
        "Russia Hits Back At Them\n",
        "\n",
        "\n\n",
        "\r\n",
        "ab.Cd ef gh ij",
        " ",
        "\t",
        "LONDON, Nov 3 (Reuters) - ",
        "By Ada Lovelace\n",
        "Published: May 3\n",
        "Share this\n",
        "Related stories\n",
        "Photo: Jo\n",
        "Roy likes politics and writes articles.",
        "© 2020 All rights reserved",
        "About the author\n",
        "ENDS",
        "\u2028",
        "The council met on Tuesday and agreed to build a new bridge there. ",
        "â€œhi",
        "\x00",
        "\u202e",
        "e\u0301",
        "\x85",
        "\u200b",
    ]
)
LINE_ENDS = re.compile("[\n\r\x0b\x0c\u2028\u2029]")
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(PIECES, max_size=25).map("".join),
    st.lists(st.one_of(PIECES, st.text(max_size=10)), max_size=20).map("".join),
)


def marks(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def repaired(text: str) -> str:
    """As cleaning reads it: line by line."""
    return "\n".join(repair(line, Repairs()) for line in LINE_ENDS.split(text))


def parts(cleaned: Cleaned) -> list[str]:
    return [cleaned.body, *(span.text for span in cleaned.removed)]


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_it_never_raises_and_never_invents(text: str) -> None:
    cleaned = clean(text)
    if cleaned.repaired:
        return
    left = marks(text)
    assert marks(cleaned.body) <= left
    assert marks(cleaned.headline.removesuffix("…")) <= left
    for named in (cleaned.byline, cleaned.dateline, cleaned.author_bio, *cleaned.captions, *cleaned.section):
        assert marks(named or "") <= left


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_body_and_receipt_account_for_every_character_but_the_headline(text: str) -> None:
    cleaned = clean(text)
    if cleaned.repaired:
        return
    accounted = marks(cleaned.body) + sum((marks(span.text) for span in cleaned.removed), Counter())
    assert accounted <= marks(text)
    assert marks(text) - accounted <= marks(cleaned.headline)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_removed_spans_lie_where_they_say(text: str) -> None:
    cleaned = clean(text)
    last = 0
    for span in cleaned.removed:
        assert last <= span.start <= span.end <= len(text)
        last = span.end if not cleaned.repaired else last
        there, said = "".join(repaired(text[span.start : span.end]).split()), "".join(span.text.split())
        assert said in there if cleaned.repaired else said == there


@given(TEXTS, st.text(max_size=40), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_stated_headline_is_never_replaced(text: str, headline: str, wrapped: bool) -> None:
    stated = repair(headline, Repairs()) or None
    cleaned = clean(text, headline=stated, wrapped=wrapped)
    assert stated is None or cleaned.headline == stated


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_nothing_invisible_is_left(text: str) -> None:
    cleaned = clean(text)
    for part in parts(cleaned):
        assert not set(part) & set("\x00\x85\u202e\u200b\ufeff\r\t")


def test_the_receipt_is_bounded_and_what_does_not_fit_stays() -> None:
    text = "\n".join(f"Share this\nThe council met again on day {n} and talked." for n in range(3_000))
    cleaned = clean(text)
    assert len(cleaned.removed) == 1_000
    assert cleaned.body.count("Share this") == 2_000
