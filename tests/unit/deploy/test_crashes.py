from pathlib import Path

import pytest

from deploy.embedded.crashes import REMEMBERED, Crashes, load, save


def test_ends_are_counted_from_a_moment_on() -> None:
    crashes = Crashes({}).noted("ingest", 10.0).noted("ingest", 20.0).noted("archive", 20.0)
    assert crashes.since("ingest", 20.0) == 1
    assert crashes.since("ingest", 0.0) == 2
    assert crashes.since("publisher", 0.0) == 0


def test_no_more_are_kept_than_say_anything() -> None:
    crashes = Crashes({})
    for second in range(REMEMBERED + 5):
        crashes = crashes.noted("ingest", float(second))
    assert len(crashes.ends["ingest"]) == REMEMBERED
    assert crashes.ends["ingest"][-1] == REMEMBERED + 4


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    crashes = Crashes({"ingest": (1.5, 2.5)})
    save(tmp_path / "crashes.json", crashes)
    assert load(tmp_path / "crashes.json") == crashes


@pytest.mark.parametrize("text", ["", '{"ingest": [1.0', "[]", '{"ingest": "x"}', '{"ingest": 3}'])
def test_a_file_that_makes_no_sense_counts_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "crashes.json"
    path.write_text(text)
    assert load(path).ends == {}


def test_no_file_counts_as_none(tmp_path: Path) -> None:
    assert load(tmp_path / "crashes.json").ends == {}
