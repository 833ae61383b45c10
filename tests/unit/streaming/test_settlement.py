"""Dead letters: the reason, the words for a person, and every byte of the entry."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.schemas import DeadLetter, Reason
from shared.streaming import DEAD, Entry, Reject
from shared.streaming.settlement import MAX_KEPT_BYTES, Place, dead_letter, describe, reason_of
from tests.stages import Note

PLACE = Place("ingest", "stories.ingest")
NOW = 1_767_225_600.25


def letter_of(entry: Entry, error: BaseException, reason: Reason = "failed") -> DeadLetter:
    settlement = dead_letter(entry, PLACE, error, reason, NOW)
    (output,) = settlement.outputs
    assert isinstance(output.message, DeadLetter)
    # as the stream will carry it
    return DeadLetter.model_validate_json(output.message.model_dump_json())


def invalid() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Note.model_validate_json('{"text": 3}')
    return caught.value


def raised(error: Exception) -> Exception:
    """The error with a traceback, as a handler's has."""
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_dead_letter_says_where_when_and_what() -> None:
    entry = Entry("5-1", {b"data": b"{}"}, 6)
    settlement = dead_letter(entry, PLACE, RuntimeError("it breaks"), "failed", NOW)
    assert (settlement.entry, settlement.outcome) == (entry, "dead_lettered")
    (output,) = settlement.outputs
    assert output.stream == DEAD
    assert output.guard is None
    assert output.fields == {"stage": "ingest", "reason": "failed", "source": "5-1"}
    letter = letter_of(entry, RuntimeError("it breaks"))
    assert (letter.stage, letter.stream, letter.entry_id) == ("ingest", "stories.ingest", "5-1")
    assert (letter.reason, letter.error, letter.message) == ("failed", "RuntimeError", "it breaks")
    assert letter.deliveries == 6
    assert letter.time == datetime(2026, 1, 1, 0, 0, 0, 250_000, UTC)
    assert (letter.uri, letter.cut) == (None, 0)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Reject("no"), "rejected"),
        (RuntimeError("x"), None),
        (TimeoutError(), None),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), None),
        (ValueError("a validation error is a ValueError, a ValueError is none"), None),
    ],
)
def test_what_an_exception_means(error: Exception, reason: Reason | None) -> None:
    assert reason_of(error) == reason


def test_a_message_that_does_not_fit_is_invalid_and_its_field_is_named() -> None:
    error = invalid()
    assert reason_of(error) == "invalid"
    assert "text" in describe(error)
    assert "pydantic.dev" not in describe(error), "for the person who will mend it"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("it breaks"), "it breaks"),
        (RuntimeError(), "RuntimeError"),
        (TimeoutError(), "longer than the stage allows"),
        (TimeoutError("mongo took too long"), "mongo took too long"),
        (Reject("no headline: send one"), "no headline: send one"),
    ],
)
def test_an_error_is_described_in_words(error: Exception, words: str) -> None:
    assert words in describe(error)


def test_the_uri_of_a_refused_story_is_kept() -> None:
    assert letter_of(Entry("1-0", {}), Reject("no", uri="urn:a"), "rejected").uri == "urn:a"


def test_only_a_failure_has_a_traceback() -> None:
    error = raised(RuntimeError("it breaks"))
    trace = letter_of(Entry("1-0", {}), error).traceback
    assert trace
    assert "it breaks" in trace
    assert letter_of(Entry("1-0", {}), error, "poison").traceback is None
    assert letter_of(Entry("1-0", {}), raised(Reject("no")), "rejected").traceback is None
    assert letter_of(Entry("1-0", {}), invalid(), "invalid").traceback is None


@given(st.dictionaries(st.binary(max_size=20), st.binary(max_size=100), max_size=6))
def test_every_byte_of_the_values_is_kept(fields: dict[bytes, bytes]) -> None:
    letter = letter_of(Entry("1-0", fields), RuntimeError("x"))
    assert [field.content() for field in letter.fields] == list(fields.values())
    assert letter.cut == 0


@pytest.mark.parametrize(
    "value", [b"\xff\xfe", b"\x00\x01", "Zürich".encode(), b"\xed\xa0\x80", b"", b'{"text": "\xff"}']
)
def test_bytes_that_are_no_text_are_kept_exactly(value: bytes) -> None:
    (field,) = letter_of(Entry("1-0", {b"data": value}), RuntimeError("x")).fields
    assert (field.name, field.content()) == ("data", value)


def test_a_name_that_is_no_text_is_shown_with_escapes() -> None:
    (field,) = letter_of(Entry("1-0", {b"na\xffme": b"v"}), RuntimeError("x")).fields
    assert field.name == "na\\xffme"


def test_an_entry_that_is_too_large_is_cut_and_says_by_how_much() -> None:
    fields = {b"a": b"x" * (MAX_KEPT_BYTES - 10), b"b": b"y" * 30, b"c": b"z"}
    letter = letter_of(Entry("1-0", fields), RuntimeError("x"))
    assert [len(field.content()) for field in letter.fields] == [MAX_KEPT_BYTES - 10, 10, 0]
    assert letter.cut == 21


@pytest.mark.parametrize("text", ["x" * 50_000, "\ud800 half a pair", "\x00", "é" * 20_000])
def test_no_error_message_keeps_a_dead_letter_from_being_written(text: str) -> None:
    letter = letter_of(Entry("1-0", {b"data": b"x"}), raised(RuntimeError(text)))
    assert len(letter.message) <= 10_000
    assert letter.traceback
    assert len(letter.traceback) <= 20_000


def test_an_error_with_an_endless_name_fits() -> None:
    error = type("E" * 5_000, (Exception,), {})("x")
    assert re.fullmatch("E{1,200}", letter_of(Entry("1-0", {}), error).error)


def test_an_entry_that_was_never_counted_counts_as_delivered_once() -> None:
    assert letter_of(Entry("1-0", {}, 0), RuntimeError("x")).deliveries == 1
