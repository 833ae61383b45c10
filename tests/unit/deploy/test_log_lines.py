import json
import threading
from pathlib import Path

import pytest

from deploy.embedded.logs import Follower, last_lines, readable, show


def test_a_json_line_becomes_a_sentence() -> None:
    line = json.dumps(
        {"event": "ready", "level": "info", "timestamp": "2026-01-02T03:04:05Z", "stage": "ingest"}
    )
    assert readable(line) == "03:04:05 INFO    ready stage=ingest"


def test_a_traceback_stands_below() -> None:
    line = json.dumps({"event": "failed", "level": "error", "exception": "Traceback\n  ValueError: x"})
    assert readable(line).splitlines() == ["ERROR   failed", "Traceback", "  ValueError: x"]


@pytest.mark.parametrize("line", ["plain words", "{broken", "[1, 2]", '{"no": "event"}', "42"])
def test_any_other_line_stays_as_it_is(line: str) -> None:
    assert readable(line) == line


def test_the_last_lines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "ingest.log"
    path.write_text("".join(f"line {n}\n" for n in range(50_000)))
    assert last_lines(path, 2) == ["line 49998", "line 49999"]
    assert last_lines(path, 0) == []


def test_no_file_has_no_lines(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "none.log", 5) == []


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_bytes(b"\xff\xfe\n")
    assert len(last_lines(tmp_path / "x.log", 5)) == 1


def test_each_line_is_labelled_with_its_process(tmp_path: Path) -> None:
    (tmp_path / "ingest.log").write_text("one\n")
    (tmp_path / "enrichment.log").write_text("two\n")
    written: list[str] = []
    assert show(tmp_path, ["ingest", "enrichment"], lines=5, follow=False, write=written.append) == 0
    assert written == ["ingest     │ one", "enrichment │ two"]


def test_following_reads_whole_lines_only(tmp_path: Path) -> None:
    path = tmp_path / "ingest.log"
    path.write_text("old\n")
    follower = Follower(path)
    assert list(follower.new_lines()) == []
    with path.open("a") as log:
        log.write("new\nhal")
    assert list(follower.new_lines()) == ["new"]
    with path.open("a") as log:
        log.write("f\n")
    assert list(follower.new_lines()) == ["half"]
    follower.close()


def test_following_goes_on_when_the_file_is_turned_over(tmp_path: Path) -> None:
    path = tmp_path / "ingest.log"
    path.write_text("old\n")
    follower = Follower(path)
    list(follower.new_lines())
    path.rename(tmp_path / "ingest.log.1")
    path.write_text("first of the new file\n")
    assert list(follower.new_lines()) == ["first of the new file"]
    follower.close()


def test_a_file_that_appears_later_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "ingest.log"
    follower = Follower(path)
    assert list(follower.new_lines()) == []
    path.write_text("first\n")
    assert list(follower.new_lines()) == ["first"]
    follower.close()


def test_following_writes_until_it_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "ingest.log").write_text("one\n")
    seen = threading.Event()

    def write(line: str) -> None:
        seen.set()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        show(tmp_path, ["ingest"], lines=1, follow=True, write=write)
    assert seen.is_set()
