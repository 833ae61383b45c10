import io

import pytest
from rich.console import Console

from deploy.embedded.control import ProcessState
from deploy.embedded.crashes import Crashes
from deploy.embedded.screen import StartUp, advice, duration, failures, process_table

NOW = 10_000.0


def state(name: str, word: str) -> ProcessState:
    return ProcessState(name, "stages", word, pid=12, since=NOW - 65, now=NOW, problem="")


def console() -> Console:
    return Console(file=io.StringIO(), width=100)


def text(shown: Console) -> str:
    assert isinstance(shown.file, io.StringIO)
    return shown.file.getvalue()


def test_a_crash_loop_shows_with_its_count_and_what_to_look_at() -> None:
    shown = console()
    crashes = Crashes({"ingest": (NOW - 5, NOW - 4), "archive": (NOW - 5_000,)})
    states = [state("ingest", "FATAL"), state("archive", "RUNNING")]
    shown.print(process_table(states, {"ingest": 8001}, crashes))
    first, second = text(shown).splitlines()[1:3]
    assert "crash loop" in first
    assert "127.0.0.1:8001" in first
    assert first.rstrip().endswith("2")
    assert second.rstrip().endswith("-")
    assert advice(states, crashes) == [
        "ingest has ended by itself and was started again: make logs SERVICE=ingest"
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.9, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_600, "1 h 0 min"),
        (11_400, "3 h 10 min"),
        (187_200, "2 d 4 h"),
    ],
)
def test_durations_have_two_units_at_most(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_each_part_is_told_once_when_it_becomes_ready() -> None:
    shown = console()
    with StartUp(shown) as view:
        view.tell({"redis": None, "ingest": "[loading]"})
        view.tell({"redis": None, "ingest": None})
    assert text(shown).count("redis") == 1
    assert text(shown).count("ingest") == 1


def test_a_failure_shows_its_reason_and_the_end_of_its_log() -> None:
    shown = console()
    failures(shown, {"ingest": "connection refused"}, {"ingest": ["[bold] boom"]})
    assert "ingest is not ready: connection refused" in text(shown)
    assert "[bold] boom" in text(shown)
