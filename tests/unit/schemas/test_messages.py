"""What all messages have in common, and the rules of single ones."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

import shared.schemas
from shared.schemas import (
    DeadLetter,
    Entity,
    Hop,
    Mention,
    PublishedEvent,
    RawField,
    RawStory,
    Removed,
    Repaired,
    Story,
    StoryAccepted,
    StoryEnriched,
    Subject,
    Tags,
)
from shared.schemas.base import Message
from tests.unit.schemas import builders as b

VALID: list[tuple[type[Message], dict[str, Any]]] = [
    (RawStory, b.RAW),
    (Story, b.STORY),
    (Removed, b.REMOVED),
    (Repaired, b.REPAIRED),
    (StoryAccepted, {"story": b.STORY}),
    (Mention, b.MENTION),
    (Subject, b.SUBJECT),
    (Entity, b.ENTITY),
    (Tags, {}),
    (StoryEnriched, {"story": b.STORY, "tags": {}}),
    (PublishedEvent, b.EVENT),
    (RawField, {"name": "data", "value": ""}),
    (DeadLetter, b.DEAD),
    (Hop, b.HOP),
]
every_message = pytest.mark.parametrize(
    ("model", "fields"), VALID, ids=[model.__name__ for model, _ in VALID]
)


@every_message
def test_is_frozen(model: type[Message], fields: dict[str, Any]) -> None:
    message = model.model_validate(fields)
    field = next(iter(model.model_fields))

    with pytest.raises(ValidationError, match="frozen"):
        setattr(message, field, "other")


@every_message
def test_can_be_kept_in_a_set(model: type[Message], fields: dict[str, Any]) -> None:
    """So nothing in it can be changed either: lists are tuples."""
    assert len({model.model_validate(fields), model.model_validate(fields)}) == 1


@every_message
def test_ignores_what_it_does_not_know(model: type[Message], fields: dict[str, Any]) -> None:
    assert model.model_validate({**fields, "x_later": {"a": 1}}) == model.model_validate(fields)


@every_message
def test_names_every_field_that_is_missing(model: type[Message], fields: dict[str, Any]) -> None:
    needed = {name for name, field in model.model_fields.items() if field.is_required()}
    if not needed:
        assert model.model_validate({}) == model()
        return

    with pytest.raises(ValidationError) as told:
        model.model_validate({})

    assert {error["loc"][0] for error in told.value.errors() if error["type"] == "missing"} == needed


@every_message
@pytest.mark.parametrize("wrong", ["null", "5", '"text"', "[]", "{", "", "\ufeff{}"])
def test_is_a_json_object(model: type[Message], fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValidationError):
        model.model_validate_json(wrong)


def test_json_nested_without_end_is_refused_and_harms_nothing() -> None:
    deep = '{"body": "b", "x": ' + "[" * 100_000 + "]" * 100_000 + "}"

    with pytest.raises(ValidationError, match="recursion limit"):
        RawStory.model_validate_json(deep)


@pytest.mark.parametrize(
    ("model", "fields", "other"),
    [
        (StoryAccepted, {"story": b.STORY}, "wiredesk.story.accepted.v2"),
        (StoryEnriched, {"story": b.STORY, "tags": {}}, "wiredesk.story.accepted.v1"),
        (PublishedEvent, b.EVENT, "wiredesk.story.published.v2"),
        (DeadLetter, b.DEAD, "wiredesk.story.dead.v2"),
    ],
)
def test_another_version_is_not_taken_for_this_one(
    model: type[Message], fields: dict[str, Any], other: str
) -> None:
    with pytest.raises(ValidationError) as told:
        model.model_validate({**fields, "type": other})

    assert told.value.errors()[0]["loc"] == ("type",)


@pytest.mark.parametrize(("start", "end"), [(3, 3), (3, 2), (2**53 - 2, 1)])
def test_a_mention_ends_after_it_starts(start: int, end: int) -> None:
    with pytest.raises(ValidationError, match=f"end {end} is not above start {start}"):
        Mention(start=start, end=end)


def test_a_mention_may_be_one_code_point() -> None:
    mention = Mention(start=2, end=3)

    assert "a🌧c"[mention.start - 1 : mention.end - 1] == "🌧"


@pytest.mark.parametrize(
    ("model", "fields", "field", "wrong"),
    [
        (Entity, b.ENTITY, "kind", "thing"),
        (Entity, b.ENTITY, "rel", "is"),
        (Entity, b.ENTITY, "country", "sy"),
        (Subject, b.SUBJECT, "rel", "is"),
        (Subject, b.SUBJECT, "confidence", 0.5),
        (PublishedEvent, b.EVENT, "specversion", "0.3"),
        (PublishedEvent, b.EVENT, "datacontenttype", "text/xml"),
        (DeadLetter, b.DEAD, "reason", "unlucky"),
        (Story, b.STORY, "pub_status", "cancelled"),
    ],
)
def test_closed_lists_and_forms(model: type[Message], fields: dict[str, Any], field: str, wrong: Any) -> None:
    with pytest.raises(ValidationError) as told:
        model.model_validate_json(json.dumps({**fields, field: wrong}))

    assert {error["loc"][0] for error in told.value.errors()} == {field}


def test_the_package_shows_its_messages() -> None:
    assert sorted(shared.schemas.__all__) == shared.schemas.__all__
    assert {model.__name__ for model, _ in VALID} < set(shared.schemas.__all__)
    assert [name for name in shared.schemas.__all__ if not hasattr(shared.schemas, name)] == []
