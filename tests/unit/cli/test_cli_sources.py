"""Reading stories from files, folders and pipes."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from services.cli.payload import Payload, Refused, StoryRefused, encode, parse_fields
from services.cli.problem import ExitCode, Problem
from services.cli.sources import find, read, sniff

LIMIT = 10_000


def stories(
    targets: Sequence[Path | str],
    fields: dict[str, str] | None = None,
    stdin: bytes = b"",
    jsonl: bool = False,
    limit: int = LIMIT,
) -> list[Payload | Refused]:
    sources = find([str(target) for target in targets], jsonl)
    return list(read(sources, fields or {}, limit, io.BytesIO(stdin)))


def sent(item: Payload | Refused) -> Any:
    assert isinstance(item, Payload), item
    return json.loads(item.data)


def refused(item: Payload | Refused) -> str:
    assert isinstance(item, Refused), item
    return item.reason


def test_the_extension_tells_the_format(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A story.")
    (tmp_path / "b.html").write_text("<p>A story.</p>")
    (tmp_path / "c.json").write_text('{"body": "A story.", "headline": "H", "own_field": 1}')
    text, page, given = stories([tmp_path / name for name in ("a.txt", "b.html", "c.json")])
    assert sent(text) == {"body": "A story.", "content_type": "text/plain"}
    assert sent(page) == {"body": "<p>A story.</p>", "content_type": "text/html"}
    assert sent(given) == {"body": "A story.", "headline": "H", "own_field": 1}


def test_a_folder_is_read_in_name_order_and_hidden_or_other_files_are_left(tmp_path: Path) -> None:
    for name in ("02-b.txt", "01-a.txt", "10-c.txt", "README.md", ".hidden.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("x")
    (tmp_path / "11-deep").mkdir()
    (tmp_path / "11-deep" / "d.txt").write_text("d")
    assert [sent(item)["body"] for item in stories([tmp_path])] == ["01-a.txt", "02-b.txt", "10-c.txt", "d"]


def test_a_folder_without_stories_says_what_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    with pytest.raises(Problem) as caught:
        find([str(tmp_path)], jsonl=False)
    assert "holds no stories" in caught.value.sentence
    assert ".html" in caught.value.fix


def test_an_unknown_extension_that_is_named_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    assert ".txt" in refused(stories([tmp_path / "a.pdf"])[0])


@pytest.mark.parametrize("targets", [["nowhere.txt"], [], ["-", "-"]])
def test_what_cannot_be_read_is_a_usage_error(targets: list[str]) -> None:
    with pytest.raises(Problem) as caught:
        find(targets, jsonl=False)
    assert caught.value.code is ExitCode.USAGE
    assert caught.value.fix


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"body": "x"}', "stdin.json"),
        (b'\xef\xbb\xbf  {"body": "x"}', "stdin.json"),
        (b"{not json at all", "stdin.txt"),
        (b"<!DOCTYPE html><p>x", "stdin.html"),
        (b"\n<html>", "stdin.html"),
        (b"Just text", "stdin.txt"),
        (b"<3 is a heart", "stdin.txt"),
        (b"", "stdin.txt"),
    ],
)
def test_a_pipe_is_sniffed(content: bytes, name: str) -> None:
    assert sniff(content) == name


def test_standard_input_is_one_story() -> None:
    assert sent(stories(["-"], stdin=b"Line one.\nLine two.")[0])["body"] == "Line one.\nLine two."
    assert sent(stories(["-"], stdin=b'{"body": "x"}')[0]) == {"body": "x"}


def test_json_lines_are_told_apart_by_line() -> None:
    lines = b'{"body": "one"}\n\n  \n{"body": 5}\nnope\n{"body": "last"}'
    one, wrong, broken, last = stories([], stdin=lines, jsonl=True)
    assert sent(one) == {"body": "one"}
    assert (wrong.label, broken.label, last.label) == ("stdin:4", "stdin:5", "stdin:6")
    assert "`body`" in refused(wrong)
    assert "not valid JSON" in refused(broken)
    assert sent(last) == {"body": "last"}


def test_a_jsonl_file_needs_no_option(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"body": "one"}\n{"body": "two"}\n')
    assert [sent(item)["body"] for item in stories([file])] == ["one", "two"]
    assert sum(item.read for item in stories([file])) == file.stat().st_size


def test_a_line_that_is_too_long_is_skipped_whole_and_the_next_is_read() -> None:
    long = b'{"body": "' + b"y" * 300_000 + b'"}\n'
    big, small = stories([], stdin=long + b'{"body": "small"}\n', jsonl=True, limit=1_000)
    assert "1,000 bytes" in refused(big)
    assert big.read == len(long)
    assert sent(small) == {"body": "small"}


class _Endless(io.RawIOBase):
    """One line without end; fails the test when more of it is read than a story may be long."""

    def __init__(self, most: int) -> None:
        self.given = 0
        self.most = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.given += len(buffer)
        assert self.given <= self.most
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


def test_no_more_than_the_limit_is_held_of_an_endless_pipe() -> None:
    endless = io.BufferedReader(_Endless(most=LIMIT * 4))
    (item,) = read(find(["-"], jsonl=False), {}, LIMIT, endless)
    assert "10,000 bytes" in refused(item)


@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT - 5])
def test_a_file_that_ingest_would_find_too_large_is_not_sent(tmp_path: Path, size: int) -> None:
    (tmp_path / "a.txt").write_text("x" * size)
    assert "10,000" in refused(stories([tmp_path / "a.txt"])[0])


def test_the_limit_is_of_the_whole_entry_to_the_byte() -> None:
    size = len(b"data") + len(b'{"body":"xxxx"}')
    assert encode("a", {"body": "xxxx"}, {}, size, 0).data == b'{"body":"xxxx"}'
    with pytest.raises(StoryRefused, match="MAX_STORY_BYTES"):
        encode("a", {"body": "xxxx"}, {}, size - 1, 0)


def test_fields_are_set_on_every_story(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"body": "x", "provider": "theirs"}')
    (item,) = stories([tmp_path / "a.json"], {"provider": "ours", "language": "en"})
    assert sent(item) == {"body": "x", "provider": "ours", "language": "en"}


def test_a_field_that_cannot_be_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert "`urgency`" in refused(stories([tmp_path / "a.txt"], {"urgency": "12"})[0])


def test_text_that_is_not_utf8_and_empty_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Müller".encode("latin-1"))
    (tmp_path / "b.txt").write_bytes(b" \n ")
    latin, empty = stories([tmp_path])
    assert "UTF-8" in refused(latin)
    assert "empty" in refused(empty)


def test_a_withdrawal_needs_no_body(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"pub_status": "canceled", "guid": "g1", "provider": "p"}')
    assert sent(stories([tmp_path / "a.json"])[0])["pub_status"] == "canceled"


def test_a_file_that_may_not_be_read_costs_only_itself(tmp_path: Path) -> None:
    sources = find([str(_write(tmp_path / "a.txt")), str(_write(tmp_path / "b.txt"))], jsonl=False)
    (tmp_path / "a.txt").unlink()
    gone, there = read(sources, {}, LIMIT, io.BytesIO())
    assert "cannot be read: No such file" in refused(gone)
    assert sent(there)["body"] == "x"


@pytest.mark.parametrize("pair", ["urgency", "=1", "nothing=1", "body=x"])
def test_fields_are_named_as_the_contract_names_them(pair: str) -> None:
    with pytest.raises(ValueError, match="is not NAME=VALUE with a NAME of: provider"):
        parse_fields([pair])
    assert parse_fields(["urgency=1", "section=World, Asia", "slugline=a=b"]) == {
        "urgency": "1",
        "section": "World, Asia",
        "slugline": "a=b",
    }


def _write(path: Path) -> Path:
    path.write_text("x")
    return path
