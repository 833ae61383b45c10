"""Names without what clings to them."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrichment.entities.span import Span
from services.enrichment.entities.trim import names, trim
from shared.schemas import EntityKind


def trimmed(text: str, kind: EntityKind = "organisation") -> str | None:
    span = trim(text, Span(0, len(text), kind))
    return span.of(text) if span else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the United Nations", "United Nations"),
        ("The Hague's", "Hague"),
        ("Syria’s", "Syria"),
        ("“Islamic State”", "Islamic State"),
        ("the U.S.", "U.S."),
        ("Paris.", "Paris"),
        ("Smith Jr.", "Smith Jr."),
        ("NATO\nThe alliance", "NATO"),
        ("\n\nReuters", "Reuters"),
        ("van Gogh Museum", "van Gogh Museum"),
    ],
)
def test_what_clings_is_cut(text: str, name: str) -> None:
    assert trimmed(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mr Smith", "Smith"),
        ("President Barack Obama", "Barack Obama"),
        ("Prof. Dr. Ada Lovelace", "Ada Lovelace"),
        ("Lady Margaret Kenyatta", "Margaret Kenyatta"),
        ("al-Assad", "al-Assad"),
        ("de Gaulle", "de Gaulle"),
        ("King", "King"),
    ],
)
def test_a_title_is_not_part_of_a_person(text: str, name: str) -> None:
    assert trimmed(text, "person") == name


def test_a_title_stays_in_an_organisation() -> None:
    assert trimmed("King Edward School") == "King Edward School"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "the",
        "doesn",
        "bush",
        "Monday",
        "Covid",
        "Russian",
        "Syrians",
        "12 34",
        "X",
        "https://x.org/A",
        "a@B.c",
        " ".join(["Long"] * 10),
        "A" * 101,
    ],
)
def test_what_names_nothing_is_dropped(text: str) -> None:
    assert trimmed(text) is None


def test_a_list_taken_for_one_name_is_taken_apart() -> None:
    text = "in Hama, Raqqa and Idlib"
    parts = [span.of(text) for span in names(text, Span(3, len(text), "organisation"))]
    assert parts == ["Hama", "Raqqa", "Idlib"]


def test_a_long_name_with_commas_stays_whole() -> None:
    text = "Department for Culture, Media and Sport"
    assert [span.of(text) for span in names(text, Span(0, len(text), "organisation"))] == [text]


@given(st.text(max_size=60), st.data())
def test_a_trimmed_span_lies_within_the_given_one(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    kind: EntityKind = data.draw(st.sampled_from(get_args(EntityKind)))
    for span in names(text, Span(start, end, kind)):
        assert start <= span.start < span.end <= end
        assert span.of(text) == span.of(text).strip()
