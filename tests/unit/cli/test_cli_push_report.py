"""What push says in the end."""

import io
import json

import pytest
from rich.console import Console

from services.cli.fate import Fate, Outcome
from services.cli.problem import ExitCode
from services.cli.push_report import (
    as_json,
    exit_code,
    fates_table,
    rows_to_show,
    short_label,
    short_uri,
    summary,
)
from tests.unit.cli.builders import URI

PUBLISHED = Fate("a.txt", "1-0", Outcome.PUBLISHED, URI, 1, "Fighting", ("conflict, war and peace",))
DUPLICATE = Fate("b.txt", "2-0", Outcome.DUPLICATE, URI, 1, detail="same as version 1")
DEAD = Fate("c.txt", "3-0", Outcome.DEAD_LETTERED, detail="ingest: `body` is empty")
QUEUED = Fate("d.txt", "4-0")


def printed(*fates: Fate) -> str:
    console = Console(width=120, record=True, file=io.StringIO(), highlight=False)
    console.print(fates_table(fates))
    return console.export_text()


def test_the_table_tells_file_outcome_story_and_what_about_it() -> None:
    lines = printed(PUBLISHED, DUPLICATE, DEAD, QUEUED).splitlines()
    assert lines[1].split() == [
        "a.txt",
        "published",
        "3f2a9c1e",
        "v1",
        "Fighting",
        "conflict,",
        "war",
        "and",
        "peace",
    ]
    assert lines[2].split() == ["b.txt", "duplicate", "3f2a9c1e", "v1", "same", "as", "version", "1"]
    assert lines[3].split() == ["c.txt", "dead-lettered", "ingest:", "`body`", "is", "empty"]
    assert "not taken in yet" in lines[4]


def test_the_kind_of_event_stands_as_the_outcome() -> None:
    corrected = Fate("a.txt", "1-0", Outcome.PUBLISHED, URI, 2, "Fighting", (), "corrected")
    assert "corrected" in printed(corrected)
    assert "topic undecided" in printed(corrected)


def test_hostile_text_cannot_act_in_the_table() -> None:
    hostile = Fate(
        "x\x1b[2J.txt", "1-0", Outcome.PUBLISHED, "u\x1bri", 1, "[red]a[/red]\x1b]0;t\x07\nb", ("\x9b1m",)
    )
    text = printed(hostile)
    assert "\x1b" not in text
    assert "\x9b" not in text
    assert "[red]a[/red]" in text
    assert len(text.splitlines()) == 2


def test_the_summary_counts_each_outcome() -> None:
    assert summary([PUBLISHED, PUBLISHED, DUPLICATE, DEAD]).plain == (
        "4 stories: 2 published, 1 duplicate, 1 dead-lettered"
    )
    assert summary([PUBLISHED]).plain == "1 story: 1 published"


@pytest.mark.parametrize(
    ("fates", "waited", "code"),
    [
        ([PUBLISHED, DUPLICATE], True, ExitCode.OK),
        ([PUBLISHED, DEAD], True, ExitCode.FAILED),
        ([QUEUED], True, ExitCode.FAILED),
        ([QUEUED], False, ExitCode.OK),
        ([Fate("x", None, Outcome.REFUSED)], False, ExitCode.FAILED),
        ([Fate("x", "1-0", Outcome.WITHHELD), Fate("x", "1-0", Outcome.SUPERSEDED)], True, ExitCode.OK),
    ],
)
def test_the_exit_code(fates: list[Fate], waited: bool, code: ExitCode) -> None:
    assert exit_code(fates, waited) is code


def test_of_many_only_those_to_mend_are_shown() -> None:
    many = [PUBLISHED] * 100 + [DEAD]
    assert rows_to_show(many) == [DEAD]
    assert rows_to_show([PUBLISHED] * 100) == []
    assert rows_to_show([PUBLISHED] * 10) == [PUBLISHED] * 10


def test_json_is_one_ascii_line_per_story() -> None:
    line = as_json(Fate("é.txt", "1-0", Outcome.PUBLISHED, URI, 2, "H\u202e", ("t",), "corrected"))
    assert line.isascii()
    assert json.loads(line) == {
        "source": "é.txt",
        "entry_id": "1-0",
        "outcome": "published",
        "uri": URI,
        "version": 2,
        "headline": "H\u202e",
        "topics": ["t"],
        "detail": "corrected",
    }


def test_of_a_long_path_the_end_is_shown() -> None:
    assert short_label("a.txt") == "a.txt"
    shown = short_label("/home/somebody/with/a/long/path/06-correction.json")
    assert shown.startswith("…")
    assert shown.endswith("path/06-correction.json")
    assert len(shown) == 34


def test_a_uuid_is_shortened_to_what_the_story_command_takes() -> None:
    assert short_uri(URI, 2) == "3f2a9c1e v2"
    assert short_uri(None, None) == ""
    assert short_uri("https://example.org/a/very/long/story/name", None) == "https://example.org/a/v…"
