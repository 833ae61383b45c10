"""Any message means the same once it was written and read, and fits the schema that we promise."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from shared.schemas.base import Message
from shared.schemas.export import CONTRACTS, Contract, read_schemas
from tests.contract.goldens import SNAPSHOTS
from tests.contract.messages import MESSAGES

VALIDATORS = {name: Draft202012Validator(dict(schema)) for name, schema in read_schemas(SNAPSHOTS).items()}


@pytest.mark.parametrize("model", MESSAGES, ids=lambda model: model.__name__)
@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_json_keeps_every_message(model: type[Message], data: st.DataObject) -> None:
    message = data.draw(MESSAGES[model])

    wire = message.model_dump_json()

    assert model.model_validate_json(wire) == message
    assert model.model_validate_json(wire).model_dump_json() == wire


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_what_we_write_fits_the_promised_schema(contract: Contract, data: st.DataObject) -> None:
    message = data.draw(MESSAGES[contract.model])

    wire: dict[str, Any] = json.loads(message.model_dump_json())

    VALIDATORS[contract.name].validate(wire)
    assert wire.keys() == set(contract.model.model_fields), "every field is written, defaults too"
