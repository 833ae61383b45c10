"""Every mention of a name that was found once."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrichment.entities.repeats import known_names, repeats
from services.enrichment.entities.span import Span
from services.enrichment.places import Places

TEXT = "Ann Lee spoke in Aden. Lee left Aden on Monday; Leeds won, Lee@x.org wrote. Ann Lee is back."


def found(text: str, *known: Span) -> list[tuple[str, str]]:
    return [(span.of(text), span.kind) for span in repeats(text, sorted(known))]


def test_further_mentions_and_the_surname_are_found() -> None:
    assert found(TEXT, Span(0, 7, "person"), Span(17, 21, "place")) == [
        ("Ann Lee", "person"),
        ("Aden", "place"),
        ("Lee", "person"),
        ("Aden", "place"),
        ("Ann Lee", "person"),
    ]


@pytest.mark.parametrize("text", ["Monday and Monday", "the State of the State", "Wu met Wu"])
def test_common_and_short_words_are_not_repeated(text: str) -> None:
    name = next(word for word in text.split() if word[0].isupper())
    start = text.index(name)
    assert len(repeats(text, [Span(start, start + len(name), "organisation")])) == 1


def test_a_mention_within_another_name_is_left_alone() -> None:
    text = "Aden Airport is not in Aden."
    assert found(text, Span(0, 12, "place"), Span(23, 27, "place")) == [
        ("Aden Airport", "place"),
        ("Aden", "place"),
    ]


def test_no_names_no_work() -> None:
    assert repeats(TEXT, []) == []


def test_known_names_in_a_text_that_no_model_read() -> None:
    text = "L'Iran et Oman, pas la Romanias: Iran, Omanais."
    assert [span.of(text) for span in known_names(text, Places.read().names())] == ["Iran", "Oman", "Iran"]


words = st.sampled_from(["Aden", "Ann", "Lee", "Leeds", "spoke", ".", "the", "É", "🕊"])


@given(st.lists(words, min_size=1, max_size=30), st.sampled_from([" ", "\n", ", "]))
def test_mentions_never_overlap(parts: list[str], between: str) -> None:
    text = between.join(parts)
    known = [
        Span(text.index(name), text.index(name) + len(name), "place") for name in ("Aden",) if name in parts
    ]
    spans = repeats(text, known)
    assert all(one.end <= next_one.start for one, next_one in pairwise(spans))
    assert all(span.of(text) == "Aden" for span in spans)
    assert len(spans) == parts.count("Aden")
