"""Lines and paragraphs, and where they stood in the input."""

import pytest

from services.ingest.clean import clean
from services.ingest.clean.line import Line, read_lines
from services.ingest.repair import Repairs


def texts(text: str, *, wrapped: bool = True) -> list[str]:
    return [line.text for line in read_lines(text, Repairs(), wrapped=wrapped)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_every_kind_of_line_end(end: str) -> None:
    assert texts(f"First line.{end}Second line.{end}{end}Third.") == ["First line.", "Second line.", "Third."]


def test_paragraphs_of_the_body_are_parted_by_a_blank_line() -> None:
    assert clean("First sentence here.\nSecond sentence here.\n \n\nThird one.").body.split("\n\n") == [
        "First sentence here.",
        "Second sentence here.",
        "Third one.",
    ]


WRAPPED = """The council met on Tuesday evening and agreed to build a new bridge
over the river. Work is expected to begin in the spring, the mayor
said after the vote. Residents of the old town have asked for a
ferry until then.

The old bridge was closed in the autumn after engineers had found
cracks in two of its pillars."""


def test_text_broken_to_a_width_is_put_together() -> None:
    first, second = texts(WRAPPED)
    assert first.startswith("The council met")
    assert "a new bridge over the river" in first
    assert second.endswith("cracks in two of its pillars.")


def test_unless_each_line_is_known_to_be_a_paragraph() -> None:
    assert len(texts(WRAPPED, wrapped=False)) == 6


def test_a_list_of_short_lines_is_not_put_together() -> None:
    assert texts("Ferry to be sold\nRiver at record low\nMayor resigns") == [
        "Ferry to be sold",
        "River at record low",
        "Mayor resigns",
    ]


def test_lines_know_where_they_stood() -> None:
    text = "  First\u00a0line. \r\n\r\n\tSecond  one. "
    for line in read_lines(text, Repairs(), wrapped=True):
        assert text[line.start : line.end] == line.raw
        assert line.text == " ".join(line.raw.split())


def part(raw: str, text: str, begin: int, end: int) -> str:
    return Line(text, raw, 0, 0).part(begin, end).raw


def test_a_part_of_an_unrepaired_line_is_exact() -> None:
    assert part("one two three", "one two three", 4, 7) == "two"


def test_a_part_beside_a_repair_is_exact() -> None:
    assert part("one  two\u200b three.Four", "one two three.Four", 14, 18) == "Four"
    assert (
        part("one  two\u200b three.Four five\xa0 six", "one two three.Four five six", 14, 27)
        == "Four five\xa0 six"
    )


def test_a_part_within_a_repaired_word_is_that_word() -> None:
    assert part("one cafe\u0301.Four two\u200b", "one café.Four two", 4, 8) == "cafe\u0301.Four"


def test_bodies_of_one_million_breaks_stay_linear() -> None:
    assert clean("\n" * 1_000_000 + "Text here.").body == "Text here."
