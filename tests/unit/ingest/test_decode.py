"""Reading an entry of `stories.ingest`: what is taken, and what its sender is told."""

import json
import re
from datetime import UTC, datetime

import pytest

from services.ingest.decode import decode, parse_json
from shared.streaming.errors import Reject

LIMIT = 1_048_576


def data(**fields: object) -> dict[bytes, bytes]:
    return {b"data": json.dumps(fields).encode()}


def refusal(fields: dict[bytes, bytes], max_bytes: int = LIMIT) -> str:
    with pytest.raises(Reject) as caught:
        decode(fields, max_bytes=max_bytes)
    return caught.value.reason


def test_json_in_the_field_data() -> None:
    story = decode(data(body="Text.", guid="7", keywords=["a", "b"], version=3), max_bytes=LIMIT)
    assert (story.body, story.guid, story.keywords, story.version) == ("Text.", "7", ("a", "b"), 3)


def test_flat_fields_mean_the_same() -> None:
    fields = {b"body": b"Text.", b"guid": b"7", b"keywords": b"a, b", b"version": b"3"}
    assert decode(fields, max_bytes=LIMIT) == decode(
        data(body="Text.", guid="7", keywords=["a", "b"], version=3), max_bytes=LIMIT
    )


def test_a_flat_date_without_a_zone_is_utc() -> None:
    story = decode({b"body": b"Text.", b"published": b"2026-03-01T12:00:00"}, max_bytes=LIMIT)
    assert story.published == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "fields",
    [
        {b"body": b"Text.", b"colour": b"red", b"\xff": b"\xfe"},
        {b"data": b'{"body": "Text.", "colour": {"deep": [1]}}', b"released": b"x", b"trace": b"[]"},
    ],
)
def test_unknown_fields_are_ignored(fields: dict[bytes, bytes]) -> None:
    assert decode(fields, max_bytes=LIMIT).body == "Text."


def test_of_doubled_keys_the_last_one_counts() -> None:
    assert decode({b"data": b'{"body": "one", "body": "two"}'}, max_bytes=LIMIT).body == "two"


def test_a_byte_order_mark_is_no_fault() -> None:
    assert decode({b"data": b'\xef\xbb\xbf{"body": "Text."}'}, max_bytes=LIMIT).body == "Text."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "`data` is empty"),
        (b"   ", "`data` is empty"),
        (b"hello", "`data` is not valid JSON"),
        (b'{"body": "x" "y"}', "line 1, column 14"),
        (b'{"body": NaN}', "`data` is not valid JSON"),
        (b'{"body": "x", "urgency": Infinity}', "`data` is not valid JSON"),
        (b"[1, 2]", "not an object, it is a list of 2"),
        (b'"text"', "not an object, it is `text`"),
        (b"null", "not an object, it is null"),
        (b"\xff{}", "`data` is not UTF-8: byte 0xff at offset 0"),
        (b'{"body": "\\ud800"}', "surrogate"),
        (b'{"body": "x", "deep": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "nested far deeper"),
        (b"{}", "`body` is missing"),
        (b'{"text": "x"}', "`body` is missing"),
        (b'{"body": ""}', "`body` is empty or blank"),
        (b'{"body": " \\n\\t "}', "`body` is empty or blank"),
        (b'{"body": null}', "`body` is null, not text"),
        (b'{"body": 5}', "`body` is `5`, not text"),
        (b'{"body": ["a"]}', "`body` is a list of 1, not text"),
        (b'{"body": {"a": 1}}', "`body` is an object, not text"),
    ],
)
def test_what_is_wrong_with_json_is_said(content: bytes, says: str) -> None:
    assert says in refusal({b"data": content})


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("headline", ["a"], "`headline` is a list of 1, not text"),
        ("headline", "x" * 1_001, "`headline` has 1,001 characters, at most 1,000"),
        ("published", "99999-01-01T00:00:00Z", "`published` is `99999-01-01T00:00:00Z`, which is no date"),
        ("published", "yesterday", "2026-03-01T12:00:00Z"),
        ("published", "0001-01-01T00:00:00+14:00", "years 1 to 9999"),
        ("version", "two", "`version` is `two`, not a whole number"),
        ("version", 1.5, "not a whole number"),
        ("version", 0, "`version` is `0`: it must be 1 or more"),
        ("version", 2**60, "or less"),
        ("urgency", 12, "`urgency` is `12`: it must be 9 or less"),
        ("language", "not a tag!", "language tag such as `en`"),
        ("pub_status", "spiked", "'usable', 'withheld' or 'canceled'"),
        ("content_type", "video/mp4", "'text/plain', 'text/html'"),
        ("keywords", [f"k{n}" for n in range(10_000)], "`keywords` has 10000 items, at most 100"),
        ("keywords", 5, "`keywords` is `5`: send a list"),
        ("keywords", ["ok", 7], "`keywords[1]` is `7`, not text"),
    ],
)
def test_what_is_wrong_with_a_field_is_said(field: str, value: object, says: str) -> None:
    reason = refusal(data(body="Text.", **{field: value}))
    assert says in reason.replace("10,000", "10000")


def test_ten_thousand_keywords_in_a_flat_field() -> None:
    words = ",".join(f"k{n}" for n in range(10_000)).encode()
    assert "`keywords` has 10,000 items, at most 100 are taken" in refusal(
        {b"body": b"x", b"keywords": words}
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "no fields at all"),
        ({b"text": b"x", b"title": b"y"}, "it has `text`, `title`"),
        ({b"headline": b"x"}, "no field `body`"),
        ({b"body": b""}, "`body` is empty or blank"),
        ({b"body": b" \n "}, "`body` is empty or blank"),
        ({b"body": b"caf\xe9 au lait"}, "`body` is not UTF-8: byte 0xe9 at offset 3"),
        ({b"body": b"x", b"headline": b"ab\xff"}, "`headline` is not UTF-8: byte 0xff at offset 2"),
        ({b"data": b'{"body": "x"}', b"body": b"y"}, "both `data` and `body`"),
        ({b"data": b"{}", b"guid": b"1", b"headline": b"y"}, "both `data` and `guid`, `headline`"),
    ],
)
def test_what_is_wrong_with_flat_fields_is_said(fields: dict[bytes, bytes], says: str) -> None:
    assert says in refusal(fields)


def test_an_entry_above_the_limit_is_refused_with_both_sizes() -> None:
    reason = refusal({b"body": b"x" * 5_000_000, b"guid": b"1"})
    assert "5,000,009 bytes" in reason
    assert "at most 1,048,576" in reason
    assert "MAX_STORY_BYTES" in reason
    assert "`body`" in reason


def test_the_limit_itself_is_allowed() -> None:
    assert decode({b"body": b"x" * 96}, max_bytes=100).body == "x" * 96
    assert "101 bytes" in refusal({b"body": b"x" * 97}, max_bytes=100)


def test_the_size_is_checked_before_anything_is_read() -> None:
    assert "bytes" in refusal({b"data": b"{" * 200}, max_bytes=100)


@pytest.mark.parametrize(
    "fields",
    [
        {b"data": b'{"pub_status": "canceled", "guid": "7"}'},
        {b"data": b'{"pub_status": "Canceled", "url": "https://example.com/a", "body": ""}'},
        {b"data": b'{"pub_status": "canceled", "guid": "7", "body": null}'},
        {b"pub_status": b"canceled", b"guid": b"7"},
    ],
)
def test_a_withdrawal_that_names_its_story_needs_no_text(fields: dict[bytes, bytes]) -> None:
    assert decode(fields, max_bytes=LIMIT).pub_status == "canceled"


def test_a_withdrawal_of_nothing_is_refused() -> None:
    assert "`body` is missing" in refusal({b"pub_status": b"canceled"})


@pytest.mark.parametrize(
    "fields",
    [
        {b"data": b"q" * 5_000},
        {b"data": b'"' + b"q" * 5_000 + b'"'},
        data(body="x", pub_status="q" * 5_000),
        data(body="x", language="q" * 5_000),
        data(body="x", published="q" * 5_000),
        {b"q" * 5_000: b"x"},
    ],
)
def test_no_message_repeats_much_of_the_input(fields: dict[bytes, bytes]) -> None:
    reason = refusal(fields)
    assert max(len(run) for run in re.findall("q*", reason)) <= 100
    assert len(reason) < 400


def test_a_message_can_always_be_written_as_utf8() -> None:
    reason = refusal({b"data": '{"body": "x", "pub_status": "\u202e\x85\x00"}'.encode()})
    assert reason.encode("utf-8")
    assert "\u202e" not in reason


def test_parse_json_calls_the_source_by_its_name() -> None:
    with pytest.raises(Reject, match="`the file` is not valid JSON"):
        parse_json("the file", b"{,}")
