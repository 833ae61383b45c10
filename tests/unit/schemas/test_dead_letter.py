"""A dead letter keeps what it was given, byte for byte, and never fails over its own words."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.schemas import DeadLetter, RawField
from tests.unit.schemas.builders import DEAD


def _dead(**fields: Any) -> DeadLetter:
    return DeadLetter.model_validate({**DEAD, **fields})


@given(name=st.binary(max_size=50), value=st.binary(max_size=300))
@example(name=b"data", value=b"")
@example(name=b"data", value=b"\x00\xff\xfe")
@example(name=b"\xff", value="ünï\u2028\U0001f327".encode())
@example(name=b"data", value=b"\xed\xa0\x80")
def test_a_field_keeps_its_bytes_through_json(name: bytes, value: bytes) -> None:
    letter = _dead(fields=(RawField.of(name, value),))

    read = DeadLetter.model_validate_json(letter.model_dump_json())

    assert read == letter
    assert read.fields[0].content() == value


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_text_stays_legible(value: str) -> None:
    field = RawField.of(b"data", value.encode())

    assert (field.value, field.encoding) == (value, "utf-8")


def test_bytes_that_are_no_text_are_base64() -> None:
    field = RawField.of(b"body", b"caf\xe9")

    assert (field.value, field.encoding) == ("Y2Fm6Q==", "base64")


@pytest.mark.parametrize(("name", "shown"), [(b"caf\xe9", "caf\\xe9"), (b"", ""), ("é".encode(), "é")])
def test_a_name_is_always_shown(name: bytes, shown: str) -> None:
    assert RawField.of(name, b"").name == shown


def test_a_field_takes_what_is_larger_than_any_story() -> None:
    value = bytes(range(256)) * 20_000

    assert RawField.of(b"x" * 10_000, value).content() == value


@pytest.mark.parametrize("value", ["é", "YQ=", "Y!Q==", "Y", " YQ=="])
def test_what_is_marked_base64_and_is_not_is_refused(value: str) -> None:
    with pytest.raises(ValidationError, match="the value is marked base64 and is not"):
        RawField(name="data", value=value, encoding="base64")


@pytest.mark.parametrize("deliveries", [0, -1])
def test_what_was_never_delivered_is_no_dead_letter(deliveries: int) -> None:
    with pytest.raises(ValidationError, match="deliveries"):
        _dead(deliveries=deliveries)


def test_a_long_message_keeps_its_beginning_and_a_long_traceback_its_end() -> None:
    letter = _dead(message="b" + "x" * 20_000, traceback="x" * 50_000 + "e")

    assert (len(letter.message), letter.message[:2]) == (10_000, "bx")
    assert letter.traceback is not None
    assert (len(letter.traceback), letter.traceback[-2:]) == (20_000, "xe")


def test_a_message_may_quote_what_is_no_unicode() -> None:
    letter = _dead(message="bad \ud83d", traceback="\udcff")

    assert (letter.message, letter.traceback) == ("bad \\ud83d", "\\udcff")
    assert DeadLetter.model_validate_json(letter.model_dump_json()) == letter


@pytest.mark.parametrize("long", ["\ud83d" * 9_999, "x" * 9_999 + "\ud83d" * 5])
def test_escapes_count_towards_the_limit(long: str) -> None:
    assert len(_dead(message=long).message) == 10_000


@pytest.mark.parametrize("field", ["message", "traceback"])
def test_a_message_is_text(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        _dead(**{field: 5})
