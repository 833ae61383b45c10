"""The gate bites on every kind of change that breaks a reader or a sender, on the real schemas."""

from copy import deepcopy
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, create_model

from shared.schemas import DeadLetter, RawStory
from shared.schemas.compatibility import Direction, breaking_changes
from shared.schemas.export import CONTRACTS, Contract, broken_promises, json_schemas, read_schemas
from tests.contract.changes import (
    ALLOWED,
    BREAK_READERS,
    BREAK_SENDERS,
    DEAD,
    EVENT,
    RAW,
    Change,
    Json,
    required,
)
from tests.contract.goldens import SNAPSHOTS

DIRECTIONS = {contract.name: contract.direction for contract in CONTRACTS}


def _changed(name: str, change: Change) -> list[str]:
    old = json_schemas()[name]
    new = deepcopy(old)
    change(new)
    assert new != old, "the change must change something"
    return breaking_changes(old, new, DIRECTIONS[name])


@pytest.mark.parametrize(
    ("_", "name", "change", "field", "says"), BREAK_READERS, ids=[case[0] for case in BREAK_READERS]
)
def test_what_breaks_a_reader_is_told(_: str, name: str, change: Change, field: str, says: str) -> None:
    messages = _changed(name, change)

    assert len(messages) == 1, messages
    assert f"{field}`" in messages[0]
    assert says in messages[0]
    assert f"make it {name[:-1]}2" in messages[0], "it says what to do"


@pytest.mark.parametrize(
    ("_", "change", "field", "says"), BREAK_SENDERS, ids=[case[0] for case in BREAK_SENDERS]
)
def test_what_breaks_a_sender_is_told(_: str, change: Change, field: str, says: str) -> None:
    messages = [message for message in _changed(RAW, change) if f"`{field}" in message]

    assert any(says in message for message in messages), messages
    assert all("make it wiredesk.story.raw.v2" in message for message in messages)


@pytest.mark.parametrize(("_", "name", "change"), ALLOWED, ids=[case[0] for case in ALLOWED])
def test_what_breaks_nobody_passes(_: str, name: str, change: Change) -> None:
    assert _changed(name, change) == []


def _objects(schema: Json) -> list[Json]:
    return [node for node in (schema, *schema.get("$defs", {}).values()) if "properties" in node]


@pytest.mark.parametrize("name", json_schemas())
def test_no_field_of_any_schema_can_go_or_change_its_type(name: str) -> None:
    old = json_schemas()[name]
    for index, node in enumerate(_objects(old)):
        for field in node["properties"]:
            gone, other = deepcopy(old), deepcopy(old)
            del _objects(gone)[index]["properties"][field]
            _objects(other)[index]["properties"][field] = {"type": "boolean"}
            for new in (gone, other):
                assert any(f"{field}`" in line for line in breaking_changes(old, new, DIRECTIONS[name]))


@pytest.mark.parametrize("name", [name for name in json_schemas() if name != RAW])
def test_no_field_that_we_send_can_go_missing(name: str) -> None:
    old = json_schemas()[name]
    for index, node in enumerate(_objects(old)):
        for field in node["properties"]:
            new = deepcopy(old)
            _objects(new)[index]["required"].remove(field)
            assert any(f"{field}`" in line for line in breaking_changes(old, new, Direction.OUT))


@pytest.mark.parametrize("field", sorted(json_schemas()[RAW]["properties"].keys() - {"body"}))
def test_no_field_that_we_take_in_can_become_required(field: str) -> None:
    assert any(f"`{field}` is now required" in line for line in _changed(RAW, required(field)))


def test_todays_models_keep_what_was_promised_last() -> None:
    """Red? Make the change additive, or give it a new version: docs/decisions/0004-schema-evolution.md."""
    assert broken_promises(read_schemas(SNAPSHOTS)) == []


def test_every_schema_is_promised() -> None:
    assert set(read_schemas(SNAPSHOTS)) >= set(json_schemas())


def _dead_letter(**fields: Any) -> Contract:
    model = create_model("DeadLetter", __base__=DeadLetter, **fields)
    return Contract(DEAD, model, Direction.OUT)


def _promised(name: str) -> dict[str, Json]:
    return {name: json_schemas()[name]}


def test_a_field_with_a_default_may_join_what_we_send() -> None:
    assert broken_promises(_promised(DEAD), [_dead_letter(host=(str | None, None))]) == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"host": (str, ...)}, "`host` is now required"),
        ({"message": (Annotated[str, Field(max_length=10)], ...)}, "maxLength went from 10000 to 10"),
        ({"reason": (Literal["failed"], ...)}, "no longer accepts"),
    ],
)
def test_our_own_reader_must_take_in_what_the_last_version_sent(fields: dict[str, Any], says: str) -> None:
    """None of these breaks others; all would refuse entries that wait in the streams."""
    contract = _dead_letter(**fields)

    assert breaking_changes(json_schemas()[DEAD], contract.schema(), Direction.OUT) == []
    assert says in "\n".join(broken_promises(_promised(DEAD), [contract]))


def test_a_changed_model_is_told_by_its_type() -> None:
    model = create_model("RawStory", __base__=RawStory, provider=(str, ...))

    assert broken_promises(_promised(RAW), [Contract(RAW, model, Direction.IN)]) != []


def test_a_type_cannot_go() -> None:
    assert broken_promises(_promised(EVENT), []) == [
        f"{EVENT}: this message type is gone. Keep it as long as anyone reads or sends it."
    ]
