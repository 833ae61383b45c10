"""Repairs of characters: what is taken out, what is put right, what is left alone."""

import time

import pytest

from services.ingest.repair import CONTROL, MARKS, MOJIBAKE, UNICODE, Repairs, repair


def repaired(text: str) -> tuple[str, dict[str, int]]:
    repairs = Repairs()
    return repair(text, repairs), dict(repairs.counts)


@pytest.mark.parametrize(
    "text", ["Plain text.", "Größe, naïveté, Ελλάδα, 東京, русский", "👩‍👩‍👧 family", "می‌خواهم", ""]
)
def test_good_text_is_left_alone(text: str) -> None:
    assert repaired(text) == (text, {})


def test_white_space_becomes_single_spaces() -> None:
    assert repaired("\t a \xa0 b\u2003c  ") == ("a b c", {})


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a\x00b", 1),
        ("a\x1b\x07b", 2),
        ("\ufeffab", 1),
        ("a\u200bb", 1),
        ("a\u202eb\u202c", 2),
        ("a\u2066b\u2069", 2),
        ("a\xadb", 1),
        ("a\U000e0041b", 1),
    ],
)
def test_what_cannot_be_seen_is_taken_out_and_counted(text: str, count: int) -> None:
    assert repaired(text) == ("ab", {CONTROL: count})


def test_composed_form() -> None:
    assert repaired("cafe\u0301") == ("café", {UNICODE: 1})


@pytest.mark.parametrize(
    ("broken", "right"),
    [
        ("â€œHelloâ€\x9d, she said", "“Hello”, she said"),
        ("SÃ£o LuÃ­s", "São Luís"),
        ("itâ€™s", "it’s"),
    ],
)
def test_mojibake_is_undone(broken: str, right: str) -> None:
    assert repaired(broken) == (right, {MOJIBAKE: 1})


@pytest.mark.parametrize("text", ["Ça va à São Paulo", "The price is 5 € today", "naïve â la carte"])
def test_odd_text_that_is_not_clearly_broken_stays(text: str) -> None:
    assert repaired(text)[0] == text


def test_a_pile_of_accents_is_bounded() -> None:
    started = time.perf_counter()
    text, counts = repaired("a" + "\u0301\u0316" * 200_000)
    assert time.perf_counter() - started < 20  # bounds a hang: half a second on an idle core
    assert len(text) < 40
    assert counts[MARKS] == 400_000 - 30


def test_decoding_again_has_a_budget() -> None:
    repairs = Repairs(decodable=10)
    assert repair("SÃ£o", repairs) == "São"
    assert repair("SÃ£o SÃ£o", repairs) == "SÃ£o SÃ£o"
