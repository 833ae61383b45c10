"""Which story a file holds."""

import json

import pytest

from services.ingest.file_formats import EXTENSIONS, FileRefused, raw_from_file, raw_from_json


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("a.txt", "text/plain"), ("dir/A.TXT", "text/plain"), ("a.b.html", "text/html"), ("a.htm", "text/html")],
)
def test_text_and_pages_are_bodies(name: str, content_type: str) -> None:
    assert raw_from_file(name, "\ufeffGröße".encode()) == {"body": "Größe", "content_type": content_type}


def test_json_is_a_raw_story_as_it_is() -> None:
    value = {"body": "x", "guid": "7", "unknown": [1]}
    assert raw_from_file("a.json", json.dumps(value).encode()) == value


def test_a_bare_ninjs_item_is_wrapped() -> None:
    item = {"uri": "u", "headline": "Größe", "body_text": "x"}
    raw = raw_from_file("a.json", json.dumps(item).encode())
    assert raw["content_type"] == "application/ninjs+json"
    assert json.loads(raw["body"]) == item


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"", "ending in .pdf are not known, only .htm, .html, .json, .text, .txt"),
        ("README", b"", "ending in nothing"),
        ("a.txt", b"caf\xe9", "not UTF-8 at byte 3"),
        ("a.json", b"{", "`the file` is not valid JSON"),
        ("a.json", b"[]", "no object"),
        ("a.json", b"\xff", "not UTF-8"),
    ],
)
def test_refusals_tell_what_to_change(name: str, content: bytes, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        raw_from_file(name, content)


def test_a_line_of_json_lines() -> None:
    assert raw_from_json(b'{"body": "x"}\n') == {"body": "x"}


def test_every_extension_is_read() -> None:
    for extension in EXTENSIONS:
        assert raw_from_file(f"a{extension}", b'{"body": "x"}')
