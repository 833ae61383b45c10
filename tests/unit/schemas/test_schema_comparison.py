"""`breaking_changes` on small schemas: the forms that a JSON Schema can take."""

from typing import Any

import pytest

from shared.schemas.compatibility import Direction, breaking_changes, next_version
from shared.schemas.shape import shapes

OUT, IN = Direction.OUT, Direction.IN


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"const": "a"}, {"enum": ["a"], "type": "string"}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": ["null", "string"]}),
        (
            {"oneOf": [{"type": "string"}, {"type": "null"}]},
            {"anyOf": [{"type": "null"}, {"type": "string"}]},
        ),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"type": "string"}}}, {"type": "string"}),
        ({"allOf": [{"$ref": "#/$defs/A"}], "$defs": {"A": {"type": "string"}}}, {"type": "string"}),
        ({"type": "string", "minLength": 0}, {"type": "string"}),
        ({"type": "array", "minItems": 0}, {"type": "array"}),
    ],
)
def test_two_ways_to_write_the_same_are_the_same(one: Any, other: Any, direction: Direction) -> None:
    assert breaking_changes(one, other, direction) == []
    assert breaking_changes(other, one, direction) == []


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ({"type": "integer"}, {"type": "number"}),
        ({"type": "integer"}, {}),
        ({"type": "string", "enum": ["a", "bcd"]}, {"type": "string", "maxLength": 3, "minLength": 1}),
        ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "pattern": "^[ab]$"}),
        ({"type": "string"}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ({"enum": [1, 2]}, {"enum": [1, 2, "x", None]}),
        ({"type": "number", "exclusiveMinimum": 2}, {"type": "number", "exclusiveMinimum": 1}),
        ({"type": "array", "items": {"type": "integer"}}, {"type": "array"}),
        ({"type": "array", "items": {"type": "integer"}}, {"type": "array", "items": {"type": "number"}}),
        ({"type": "object", "additionalProperties": False}, {"type": "object"}),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            {"type": "object", "additionalProperties": {"type": "number"}},
        ),
        (
            {"type": "object", "additionalProperties": False},
            {"type": "object", "additionalProperties": {"type": "number"}},
        ),
    ],
)
def test_what_we_send_may_narrow_and_what_we_take_in_may_widen(narrow: Any, wide: Any) -> None:
    assert breaking_changes(wide, narrow, OUT) == []
    assert breaking_changes(narrow, wide, IN) == []
    assert breaking_changes(narrow, wide, OUT) != []
    assert breaking_changes(wide, narrow, IN) != []


def test_a_new_field_breaks_a_reader_that_is_closed_to_it() -> None:
    old = {**_object(a={"type": "string"}), "additionalProperties": False}
    new = {**_object(a={"type": "string"}, b={"type": "string"}), "additionalProperties": False}

    assert "fields that the closed object" in "".join(breaking_changes(old, new, OUT))
    assert "`b` is now required" in "".join(breaking_changes(old, new, IN))


def test_a_new_field_must_fit_what_a_reader_takes_of_others() -> None:
    old = {"type": "object", "additionalProperties": {"type": "integer"}}
    new = {**old, "properties": {"a": {"type": "string"}}}

    assert breaking_changes(old, new, OUT) == [
        "`a` changed its type: it may now be string, where readers of v1 expect integer. "
        "Keep it as it was, or make it v2."
    ]


def test_a_choice_is_compared_with_its_nearest_match() -> None:
    point = _object(x={"type": "number"}, y={"type": "number"})
    old = {"anyOf": [point, _object(b={"type": "string"})]}
    new = {"anyOf": [point, _object(b={"type": "integer"})]}

    messages = breaking_changes(old, new, OUT)

    assert len(messages) == 1
    assert "`b` changed its type" in messages[0]


def test_a_schema_that_refers_to_itself_is_compared_to_its_end() -> None:
    def tree(leaf: str) -> dict[str, Any]:
        child = {"type": "array", "items": {"$ref": "#/$defs/Node"}}
        return {"$ref": "#/$defs/Node", "$defs": {"Node": _object(leaf={"type": leaf}, children=child)}}

    assert breaking_changes(tree("string"), tree("string"), OUT) == []
    assert any("`leaf`" in message for message in breaking_changes(tree("string"), tree("integer"), OUT))


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("keyword", ["uniqueItems", "not", "prefixItems", "if"])
def test_a_keyword_that_it_does_not_understand_counts_as_breaking(keyword: str, direction: Direction) -> None:
    old, new = {"type": "array"}, {"type": "array", keyword: [True]}

    assert "cannot tell" in breaking_changes(old, new, direction)[0]
    assert breaking_changes(new, new, direction) == []


def test_the_message_says_what_to_do() -> None:
    old = {"$id": "urn:wiredesk:schema:wiredesk.story.raw.v9", **_object(a={"type": "string"})}

    assert breaking_changes(old, _object(), IN) == [
        "`a` is removed or renamed, and what senders of wiredesk.story.raw.v9 put there would be lost in "
        "silence. Keep it as it was, or make it wiredesk.story.raw.v10."
    ]


@pytest.mark.parametrize(("name", "after"), [("a.v1", "a.v2"), ("a.v19", "a.v20"), ("odd", "a new version")])
def test_next_version(name: str, after: str) -> None:
    assert next_version(name) == after


def test_shapes_lists_every_kind_of_value() -> None:
    root = {"$defs": {"A": {"type": "integer", "maximum": 3}}}

    found = shapes({"anyOf": [{"$ref": "#/$defs/A"}, {"enum": ["x", 1, None]}, {}]}, root)

    assert [shape.kind for shape in found] == ["integer", "integer", "null", "string", "any"]
    assert found[0].bound("maximum") == 3
