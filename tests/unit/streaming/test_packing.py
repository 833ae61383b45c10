"""Settlements become commits: the fields in order, the trace longer by one hop, the mark of a release."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticSerializationError

from shared.streaming import Entry, OnceGuard, Output, VersionGuard, append_hop, read_trace
from shared.streaming.commit import moved_from
from shared.streaming.packing import Timing, pack
from shared.streaming.settlement import Settlement
from tests.stages import SOURCE, TARGET, Note

TIMING = Timing(received=1_767_225_600.125, took=0.0123)
EARLIER = b'["intake","doors","9-9",1767225599.0,1.5,"pushed",1]'


def fields_of(flat: object) -> dict[object, object]:
    assert isinstance(flat, list)
    return dict(zip(flat[::2], flat[1::2], strict=True))


def settled(outputs: tuple[Output, ...] = (), outcome: str = "accepted", **fields: bytes) -> Settlement:
    return Settlement(
        Entry("5-1", {name.encode(): value for name, value in fields.items()}, 2), outcome, outputs
    )


def test_one_commit_for_each_settlement_in_order() -> None:
    rows = [Settlement(Entry(f"{n}-0", {}), f"outcome_{n}") for n in range(3)]
    assert [(one.entry_id, one.outcome) for one in pack("ingest", SOURCE, rows, TIMING)] == [
        ("0-0", "outcome_0"),
        ("1-0", "outcome_1"),
        ("2-0", "outcome_2"),
    ]


def test_an_output_has_its_fields_in_order_and_the_hop_of_this_stage() -> None:
    output = Output(TARGET, Note(text="a"), {"id": "x"}, VersionGuard("urn:a", 3))
    (commit,) = pack("ingest", SOURCE, [settled((output,))], TIMING)
    (wire,) = commit.outputs
    assert (wire.stream, wire.guard) == (TARGET, VersionGuard("urn:a", 3))
    assert list(fields_of(wire.fields)) == [b"data", "id", b"trace"]
    trace = fields_of(wire.fields)[b"trace"]
    assert isinstance(trace, bytes)
    assert json.loads(trace) == [["ingest", SOURCE, "5-1", 1767225600.125, 12.3, "accepted", 2]]
    assert len(read_trace(trace)) == 1


def test_the_trace_grows_and_every_output_gets_it() -> None:
    outputs = tuple(Output(TARGET, Note(text=text), guard=OnceGuard(text)) for text in "ab")
    (commit,) = pack("ingest", SOURCE, [settled(outputs, trace=append_hop(None, EARLIER))], TIMING)
    for wire in commit.outputs:
        trace = fields_of(wire.fields)[b"trace"]
        assert isinstance(trace, bytes)
        assert [hop.stage for hop in read_trace(trace)] == ["intake", "ingest"]


def test_a_trace_that_is_rubbish_begins_anew() -> None:
    (commit,) = pack(
        "ingest", SOURCE, [settled((Output(TARGET, Note(text="a")),), trace=b"\xff\x00")], TIMING
    )
    trace = fields_of(commit.outputs[0].fields)[b"trace"]
    assert isinstance(trace, bytes)
    assert [hop.stage for hop in read_trace(trace)] == ["ingest"]


@pytest.mark.parametrize("outputs", [(), (Output(TARGET, Note(text="a")),)])
def test_a_released_entry_moves_from_the_outcome_it_had(outputs: tuple[Output, ...]) -> None:
    assert pack("p", SOURCE, [settled(outputs, released=b"withheld")], TIMING)[0].moved_from == "withheld"
    assert pack("p", SOURCE, [settled(outputs)], TIMING)[0].moved_from == ""


@pytest.mark.parametrize(
    "mark",
    [
        b"",
        b"With Held",
        b"a" * 33,
        b"dead-lettered",
        b"withheld\n",
        b"\xff",
        "geprüft".encode(),
        b"a.b",
        b"1",
    ],
)
def test_a_mark_that_is_no_outcome_moves_nothing(mark: bytes) -> None:
    assert moved_from({b"released": mark}) == ""


@given(st.binary(max_size=50))
def test_no_mark_makes_it_raise(mark: bytes) -> None:
    assert moved_from({b"released": mark}) in ("", mark.decode("ascii", "replace"))


def test_a_message_that_cannot_be_json_is_told() -> None:
    broken = Note.model_construct(text="\ud800")
    with pytest.raises(PydanticSerializationError):
        pack("ingest", SOURCE, [settled((Output(TARGET, broken),))], TIMING)
