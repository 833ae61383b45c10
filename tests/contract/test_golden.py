"""Every message of every version is still read as it was meant."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.schemas.export import CONTRACTS, read_schemas
from shared.schemas.shape import shapes
from tests.contract.goldens import GOLDENS, MODELS, SNAPSHOTS, Golden

every_golden = pytest.mark.parametrize("golden", GOLDENS, ids=str)


def _lost(meaning: Any, read: Any, path: str = "") -> Iterator[str]:
    """Where `read` does not say what was meant. What it says beyond that is a later version's."""
    if isinstance(meaning, dict) and isinstance(read, dict):
        for name, value in meaning.items():
            yield from _lost(value, read.get(name, "nothing"), f"{path}.{name}")
    elif isinstance(meaning, list) and isinstance(read, list) and len(meaning) == len(read):
        for index, pair in enumerate(zip(meaning, read, strict=True)):
            yield from _lost(*pair, f"{path}[{index}]")
    elif meaning != read:
        yield f"{path}: meant {meaning!r}, read {read!r}"


def _with_unknown_fields(value: Any) -> Any:
    if isinstance(value, dict):
        known = {name: _with_unknown_fields(item) for name, item in value.items()}
        return {"x_added_later": {"deep": [1, None]}, **known}
    return [_with_unknown_fields(item) for item in value] if isinstance(value, list) else value


def _fields(schema: Any, root: Any, path: str = "") -> Iterator[str]:
    for shape in shapes(schema, root):
        for name, node in shape.properties.items():
            yield f"{path}.{name}"
            yield from _fields(node, root, f"{path}.{name}")
        yield from _fields(shape.schema["items"], root, f"{path}[]") if shape.kind == "array" else ()


def _filled(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if item not in (None, [], ""):
                yield f"{path}.{name}"
            yield from _filled(item, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _filled(item, f"{path}[]")


@every_golden
def test_is_read_as_it_was_meant(golden: Golden) -> None:
    read = golden.parsed().model_dump(mode="json")

    assert list(_lost(golden.meaning, read)) == []


@every_golden
def test_means_the_same_after_it_was_written_again(golden: Golden) -> None:
    message = golden.parsed()

    assert type(message).model_validate_json(message.model_dump_json()) == message


@every_golden
def test_fields_added_later_are_ignored_at_every_depth(golden: Golden) -> None:
    widened = json.dumps(_with_unknown_fields(golden.sent))

    assert MODELS[golden.type].model_validate_json(widened) == golden.parsed()


@every_golden
def test_its_dump_fits_the_promised_schema(golden: Golden) -> None:
    schema = read_schemas(SNAPSHOTS)[golden.type]

    Draft202012Validator(schema).validate(golden.parsed().model_dump(mode="json"))


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_there_is_a_minimal_and_a_full_one(contract: Any) -> None:
    assert {golden.name for golden in GOLDENS if golden.type == contract.name} >= {"minimal", "full"}


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_together_they_fill_every_field(contract: Any) -> None:
    """A new field needs a new golden message beside the old ones."""
    schema = contract.schema()
    filled = {path for golden in GOLDENS if golden.type == contract.name for path in _filled(golden.sent)}

    assert set(_fields(schema, schema)) - filled == set()


def test_every_golden_type_has_a_model() -> None:
    """A version stays readable as long as anyone sends it, and so does its model."""
    assert {golden.type for golden in GOLDENS} == set(MODELS)


@pytest.mark.parametrize(
    "read",
    [
        {"a": {"b": 2}, "c": [1]},
        {"a": {}, "c": [1]},
        {"a": {"b": 1}, "c": []},
        {"a": {"b": 1}, "c": [None]},
        {},
    ],
)
def test_a_meaning_that_is_lost_is_seen(read: dict[str, Any]) -> None:
    meaning = {"a": {"b": 1}, "c": [1]}

    assert list(_lost(meaning, meaning)) == []
    assert list(_lost(meaning, read)) != []
