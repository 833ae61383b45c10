"""A story's text is hostile: nothing in it may act on the terminal."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.plain_text import json_line, paragraphs, plain, safe


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J\x1b[31mred", "�[2J�[31mred"),
        ("\x1b]0;title\x07", "�]0;title�"),
        ("\x9b31m", "�31m"),
        ("bell\x07 null\x00 delete\x7f", "bell� null� delete�"),
        ("one\r\ntwo\tthree\u2028four", "one two three four"),
        ("pay \u202e001 \u202cnow", "pay 001 now"),
        ("\u2066isolate\u2069 \ufeffmark\u200b", "isolate mark"),
        ("tag\U000e0041\U000e0042", "tag"),
        ("half \ud800 pair", "half � pair"),
        ("  many   spaces  ", "many spaces"),
    ],
)
def test_what_a_terminal_would_act_on_is_neutralised(hostile: str, shown: str) -> None:
    assert plain(hostile) == shown


@pytest.mark.parametrize(
    "text", ["Ünïcödé – “quotes”", "می‌خواهم", "दमिश्क", "👩‍👩‍👧", "日本語", "[bold]x[/bold]"]
)
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_a_long_line_is_cut_and_says_so() -> None:
    assert plain("abc def", 5) == "abc…"
    assert plain("abc", 3) == "abc"


def test_markup_in_a_headline_is_text() -> None:
    text = safe("[bold red]x[/] [link=https://example.org]y[/link]")
    assert text.plain == "[bold red]x[/] [link=https://example.org]y[/link]"
    assert not text.spans


def test_paragraphs_keep_their_breaks_and_nothing_else() -> None:
    assert paragraphs("one\x1b[1m\ntwo\u202e\n\nthree") == "one�[1m\ntwo\n\nthree"


@given(st.text(st.characters(), max_size=200))
def test_whatever_comes_no_character_acts(text: str) -> None:
    shown = plain(text)
    acting = {"Cc", "Cs", "Zl", "Zp"}
    assert not [one for one in shown if unicodedata.category(one) in acting]
    assert {one for one in shown if unicodedata.category(one) == "Cf"} <= set("\u200c\u200d")
    shown.encode("utf-8")


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=4))
def test_json_stays_the_same_json_on_one_printable_line(document: dict[str, str]) -> None:
    line = json_line(json.dumps(document, ensure_ascii=False))
    assert json.loads(line) == document
    assert not set(line) & set("\n\r\x1b\x9b\u202e\u2028\u200b")


def test_json_over_several_lines_becomes_one() -> None:
    assert json_line('{\n  "a": 1\r\n}') == '{   "a": 1 }'
