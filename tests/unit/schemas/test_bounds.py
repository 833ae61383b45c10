"""Every bounded field takes its limit and refuses what lies beyond it, naming the field."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from shared.schemas import (
    DeadLetter,
    Entity,
    Hop,
    Mention,
    PublishedEvent,
    RawStory,
    Removed,
    Repaired,
    Story,
    Subject,
    Tags,
)
from shared.schemas.base import Message
from shared.schemas.export import CONTRACTS
from tests.unit.schemas import builders as b

Case = tuple[type[Message], dict[str, Any], str, Any, Any]
LARGEST = 2**53 - 1
BODY = 1_048_576


def _texts(model: type[Message], base: dict[str, Any], longest: int, *fields: str) -> list[Case]:
    return [(model, base, field, "é" * longest, "é" * (longest + 1)) for field in fields]


def _filled(model: type[Message], base: dict[str, Any], *fields: str) -> list[Case]:
    return [(model, base, field, "x", "") for field in fields]


def _numbers(model: type[Message], base: dict[str, Any], low: float, high: float, *fields: str) -> list[Case]:
    highest = [(model, base, field, high, high + 1) for field in fields]
    return [*highest, *((model, base, field, low, low - 1) for field in fields)]


def _lists(model: type[Message], base: dict[str, Any], most: int, item: Any, *fields: str) -> list[Case]:
    return [(model, base, field, [item] * most, [item] * (most + 1)) for field in fields]


def _named(model: type[Message], base: dict[str, Any], *fields: str) -> list[Case]:
    return [*_texts(model, base, 200, *fields), *_filled(model, base, *fields)]


CASES: list[Case] = [
    *_texts(RawStory, b.RAW, BODY, "body"),
    *_filled(RawStory, b.RAW, "body"),
    *_texts(RawStory, b.RAW, 200, "provider", "slugline"),
    *_texts(RawStory, b.RAW, 1_000, "guid", "headline", "byline", "dateline"),
    *_texts(RawStory, b.RAW, 2_048, "url"),
    *_numbers(RawStory, b.RAW, 1, LARGEST, "version"),
    *_numbers(RawStory, b.RAW, 1, 9, "urgency"),
    *_lists(RawStory, b.RAW, 100, "k" * 200, "keywords"),
    *_lists(RawStory, b.RAW, 20, "s" * 200, "section"),
    (RawStory, b.RAW, "keywords", ["k" * 200], ["k" * 201]),
    (RawStory, b.RAW, "keywords", ",".join("k" * 100), ",".join("k" * 101)),
    (RawStory, b.RAW, "language", "a" + "b" * 7 + ("-" + "c" * 8) * 3, "a" * 8 + ("-" + "c" * 8) * 4),
    *_texts(Story, b.STORY, 512, "uri"),
    *_filled(Story, b.STORY, "uri"),
    (Story, b.STORY, "uri", "urn:x", "urn: x"),
    *_numbers(Story, b.STORY, 1, LARGEST, "version"),
    *_texts(Story, b.STORY, 1_000, "headline", "byline", "dateline", "guid"),
    *_texts(Story, b.STORY, BODY, "body_text", "author_bio"),
    *_named(Story, b.STORY, "slugline", "provider"),
    *_texts(Story, b.STORY, 2_048, "source_url"),
    *_numbers(Story, b.STORY, 1, 9, "urgency"),
    *_lists(Story, b.STORY, 100, "k", "keywords", "captions"),
    *_lists(Story, b.STORY, 20, "s", "section"),
    *_lists(Story, b.STORY, 10_000, b.REMOVED, "removed"),
    *_lists(Story, b.STORY, 100, b.REPAIRED, "repaired"),
    (Story, b.STORY, "language", "und", "not a tag"),
    (Story, b.STORY, "digest", "f" * 64, "f" * 65),
    (Story, b.STORY, "digest", "0" * 64, "G" * 64),
    *_texts(Removed, b.REMOVED, BODY, "text"),
    *_numbers(Removed, b.REMOVED, 0, LARGEST, "start", "end"),
    *_numbers(Removed, b.REMOVED, 0, 100, "confidence"),
    *_named(Removed, b.REMOVED, "rule"),
    *_named(Repaired, b.REPAIRED, "rule"),
    *_numbers(Repaired, b.REPAIRED, 1, LARGEST, "count"),
    (Mention, b.MENTION, "start", 0, -1),
    (Mention, b.MENTION, "end", LARGEST, LARGEST + 1),
    (Mention, {"start": 0}, "end", 1, 0),
    *_named(Subject, b.SUBJECT, "name", "creator"),
    *_numbers(Subject, b.SUBJECT, 0, 100, "confidence", "relevance"),
    *_lists(Subject, b.SUBJECT, 20, "word", "evidence"),
    (Subject, b.SUBJECT, "code", "01000000", "1000000"),
    (Subject, b.SUBJECT, "code", "01000000", "medtop:01000000"),
    *_named(Entity, b.ENTITY, "name", "creator"),
    *_numbers(Entity, b.ENTITY, 0, 100, "confidence", "relevance"),
    *_numbers(Entity, b.ENTITY, -90, 90, "latitude"),
    *_numbers(Entity, b.ENTITY, -180, 180, "longitude"),
    *_texts(Entity, b.ENTITY, 2_048, "uri"),
    *_lists(Entity, b.ENTITY, 2_000, b.MENTION, "mentions"),
    (Entity, b.ENTITY, "country", "SY", "SYR"),
    *_lists(Tags, {}, 50, b.SUBJECT, "subjects"),
    *_lists(Tags, {}, 1_000, b.ENTITY, "entities"),
    *_lists(Tags, {}, 100, "topics", "undecided", "skipped"),
    *_texts(PublishedEvent, b.EVENT, 700, "id"),
    *_texts(PublishedEvent, b.EVENT, 512, "subject"),
    *_filled(PublishedEvent, b.EVENT, "id", "subject"),
    *_named(PublishedEvent, b.EVENT, "source"),
    *_named(DeadLetter, b.DEAD, "error", "stage", "stream", "entry_id"),
    *_texts(DeadLetter, b.DEAD, 512, "uri"),
    *_numbers(DeadLetter, b.DEAD, 1, LARGEST, "deliveries"),
    *_numbers(DeadLetter, b.DEAD, 0, LARGEST, "cut"),
    *_named(Hop, b.HOP, "stage", "stream", "entry_id", "outcome"),
    *_numbers(Hop, b.HOP, 1, LARGEST, "deliveries"),
    (Hop, b.HOP, "duration_ms", 0.0, -0.1),
]


def _label(case: Case) -> str:
    model, _, field, _, beyond = case
    return f"{model.__name__}.{field}-{str(beyond)[:12]}-{len(str(beyond))}"


@pytest.mark.parametrize(("model", "base", "field", "limit", "beyond"), CASES, ids=map(_label, CASES))
def test_takes_the_limit_and_refuses_what_is_beyond(
    model: type[Message], base: dict[str, Any], field: str, limit: Any, beyond: Any
) -> None:
    model.model_validate_json(json.dumps({**base, field: limit}))

    with pytest.raises(ValidationError) as told:
        model.model_validate_json(json.dumps({**base, field: beyond}))

    assert {error["loc"][0] for error in told.value.errors()} == {field}


_LIMITS = {"maxLength", "minLength", "maximum", "minimum", "maxItems", "minItems", "pattern"}


def _limited(schema: dict[str, Any]) -> set[str]:
    return {
        f"{node['title']}.{name}"
        for node in (schema, *schema.get("$defs", {}).values())
        for name, field in node["properties"].items()
        if any(_LIMITS & branch.keys() for branch in (field, *field.get("anyOf", ())))
    }


def test_every_limit_in_the_schemas_has_its_case() -> None:
    tested = {f"{model.__name__}.{field}" for model, _, field, _, _ in CASES}
    limited = {name for contract in CONTRACTS for name in _limited(contract.schema())}

    # A dead letter cuts these itself: test_dead_letter.py.
    assert limited - tested == {"DeadLetter.message", "DeadLetter.traceback"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize(
    ("model", "base", "field"),
    [(Entity, b.ENTITY, "latitude"), (Entity, b.ENTITY, "longitude"), (Hop, b.HOP, "duration_ms")],
)
def test_numbers_are_finite(model: type[Message], base: dict[str, Any], field: str, value: float) -> None:
    """JSON has no others: it would be written as null and could not be read again."""
    with pytest.raises(ValidationError, match=field):
        model.model_validate({**base, field: value})
