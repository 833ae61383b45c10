"""Which story a dead letter is about."""

import pytest

from services.archive.whose import Whose, whose
from shared.schemas import DeadLetter, RawField, StoryAccepted
from tests.stories import NOON, raw, story


def letter(data: bytes | None, uri: str | None = None) -> DeadLetter:
    return DeadLetter(
        reason="failed",
        error="ValueError",
        message="no",
        stage="enrichment",
        stream="stories.accepted",
        entry_id="1-0",
        deliveries=6,
        time=NOON,
        uri=uri,
        fields=() if data is None else (RawField.of(b"id", b"x"), RawField.of(b"data", data)),
    )


def test_the_message_inside_names_the_story_and_its_version() -> None:
    data = StoryAccepted(story=story(4)).model_dump_json().encode()
    assert whose(letter(data)) == Whose("urn:test:1", 4)


def test_the_letters_own_word_wins() -> None:
    data = StoryAccepted(story=story(4)).model_dump_json().encode()
    assert whose(letter(data, uri="urn:other")) == Whose("urn:other", None)
    assert whose(letter(data, uri="urn:test:1")) == Whose("urn:test:1", 4)
    assert whose(letter(None, uri="urn:other")) == Whose("urn:other", None)


@pytest.mark.parametrize(
    "data",
    [
        None,
        b"",
        b"not json",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'"text"',
        b'{"story": 7}',
        b'{"story": {"uri": "", "version": 1}}',
        b'{"story": {"uri": 7}}',
        b'{"story": {"uri": "has a blank"}}',
        raw().model_dump_json().encode(),
    ],
)
def test_what_has_no_identity_is_nobodys(data: bytes | None) -> None:
    assert whose(letter(data)).uri is None


@pytest.mark.parametrize("version", [b"0", b"-1", b"9007199254740993", b'"1"', b"1.5", b"null"])
def test_a_version_that_is_none_is_left_out(version: bytes) -> None:
    data = b'{"story": {"uri": "urn:test:1", "version": ' + version + b"}}"
    assert whose(letter(data)) == Whose("urn:test:1", None)
