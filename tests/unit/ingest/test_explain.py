"""Sentences for people out of pydantic's errors."""

import pytest
from pydantic import BaseModel, ValidationError

from shared.schemas import PublishedEvent, RawStory, Story
from shared.schemas.explain import MAX_SENTENCES, explain, shown


def explained(model: type[BaseModel], value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(value)
    return explain(caught.value)


def test_a_sentence_names_the_field_and_the_fix() -> None:
    assert explained(RawStory, {}) == "`body` is missing: add it."


def test_several_errors_are_several_sentences() -> None:
    text = explained(RawStory, {"body": 1, "urgency": 10})
    assert text == "`body` is `1`, not text: send a string. `urgency` is `10`: it must be 9 or less."


def test_only_the_first_errors_are_told_and_the_rest_counted() -> None:
    text = explained(RawStory, {"body": "x", "keywords": list(range(50))})
    assert text.count("not text") == MAX_SENTENCES
    assert text.endswith("45 more errors like these.")


def test_a_path_into_a_nested_message() -> None:
    text = explained(
        PublishedEvent, {"type": "x", "id": "1", "subject": "u", "time": "t", "data": {"story": 1}}
    )
    assert "`data.story` is `1`: send a JSON object." in text
    assert "`data.tags` is missing" in text


def test_something_that_is_no_object_at_all() -> None:
    assert explained(RawStory, [1]) == "The message is a list of 1: send a JSON object."


def test_a_pattern_without_an_example_of_its_own_is_shown() -> None:
    story = {"uri": "u", "version": 1, "headline": "", "body_text": "", "provider": "p", "digest": "x"}
    text = explained(Story, story | {"version_created": "2026-01-01"})
    assert text == "`digest` is `x`: it must match ^[0-9a-f]{64}$."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "`7`"),
        (10**400, "a huge number"),
        ({"a": 1}, "an object"),
        ([1] * 12_000, "a list of 12,000"),
        ("short", "`short`"),
        (b"\xffbytes", "`\\xffbytes`"),
        ("a\x00\u202eb", "`a��b`"),
        ("\ud800", "`\\ud800`"),
    ],
)
def test_values_are_shown_in_a_few_printable_characters(value: object, text: str) -> None:
    assert shown(value) == text


def test_long_values_are_cut() -> None:
    assert len(shown("x" * 10_000)) < 70
