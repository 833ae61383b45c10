"""The exported schemas are documents that others can work with."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.schemas.export import CONTRACTS, Contract, json_schemas, read_schemas
from tests.contract.goldens import GOLDENS, SNAPSHOTS

every_schema = pytest.mark.parametrize("name", json_schemas())


def _described(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for owner, node in {"": schema, **schema.get("$defs", {})}.items():
        yield owner, node
        for field, inner in node.get("properties", {}).items():
            yield f"{owner}.{field}", inner


@every_schema
def test_is_valid_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(json_schemas()[name])


@every_schema
def test_names_its_version_and_no_host(name: str) -> None:
    schema = json_schemas()[name]

    assert schema["$id"] == f"urn:wiredesk:schema:{name}"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@every_schema
def test_every_object_and_field_says_what_it_is(name: str) -> None:
    silent = [path for path, node in _described(json_schemas()[name]) if not node.get("description")]

    assert silent == []


@every_schema
def test_every_object_has_a_title(name: str) -> None:
    schema = json_schemas()[name]

    assert [node for node in (schema, *schema.get("$defs", {}).values()) if not node.get("title")] == []


@every_schema
def test_the_committed_snapshot_is_todays(name: str) -> None:
    """Red? `python -m shared.schemas.export --accept tests/contract/schemas` renews it, if that is safe."""
    assert read_schemas(SNAPSHOTS)[name] == json.loads(json.dumps(json_schemas()[name]))


@pytest.mark.parametrize("contract", CONTRACTS[1:], ids=lambda contract: contract.name)
def test_all_that_we_send_is_always_there(contract: Contract) -> None:
    schema = contract.schema()

    for node in (schema, *schema["$defs"].values()):
        assert set(node["required"]) == set(node["properties"])


def test_senders_need_only_a_body() -> None:
    assert json_schemas()["wiredesk.story.raw.v1"]["required"] == ["body"]


@pytest.mark.parametrize(
    "story",
    [
        {},
        {"body": ""},
        {"body": 5},
        {"body": "x", "urgency": 10},
        {"body": "x", "keywords": ["k"] * 101},
        {"body": "x", "keywords": ["k" * 201]},
        {"body": "x", "section": ["s"] * 21},
        {"body": "x", "pub_status": "maybe"},
        {"body": "x", "language": "not a tag"},
    ],
)
def test_the_schema_refuses_what_ingest_would_refuse(story: dict[str, Any]) -> None:
    assert not Draft202012Validator(json_schemas()["wiredesk.story.raw.v1"]).is_valid(story)


@pytest.mark.parametrize("golden", [golden for golden in GOLDENS if golden.name != "flat-fields"], ids=str)
def test_what_stood_on_the_wire_fits_it(golden: Any) -> None:
    """All but the flat stream fields, which are text throughout and read more forgivingly."""
    Draft202012Validator(json_schemas()[golden.type]).validate(golden.sent)
