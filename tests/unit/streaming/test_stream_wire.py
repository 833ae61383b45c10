"""What an entry looks like on a stream, and what a trace survives."""

import contextlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.schemas import Hop
from shared.streaming import Output, Reject, append_hop, encode, read_trace
from shared.streaming.wire import MAX_TRACE_BYTES, decode
from tests.stages import TARGET, Note
from tests.stories import write_hop

names = st.text(min_size=1, max_size=200).filter(
    lambda text: not any("\ud800" <= c <= "\udfff" for c in text)
)
moments = st.datetimes(datetime(1974, 1, 1), datetime(2600, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
hops = st.builds(
    Hop,
    stage=names,
    stream=names,
    entry_id=names,
    time=moments,
    duration_ms=st.floats(0, 1e9),
    outcome=names,
    deliveries=st.integers(1, 2**53 - 1),
)
ROW = b'["ingest","stories.ingest","1-0",1767225600.5,12.5,"accepted",1]'


def test_a_message_is_json_in_the_field_data() -> None:
    assert decode(Note, {b"data": '{"text":"Zürich"}'.encode(), b"other": b"x"}) == Note(text="Zürich")


@given(st.text().filter(lambda text: text.isprintable()))
def test_what_is_encoded_can_be_decoded(text: str) -> None:
    fields = encode(Output(TARGET, Note(text=text)), b"[]")
    assert fields[0] == b"data"
    assert isinstance(fields[1], bytes)
    assert decode(Note, {b"data": fields[1]}) == Note(text=text)


def test_the_fields_stand_in_order_data_plain_trace() -> None:
    output = Output(TARGET, Note(text="a"), {"id": "1", "language": "de"})
    assert encode(output, b"[1]") == [b"data", b'{"text":"a"}', "id", "1", "language", "de", b"trace", b"[1]"]


def test_an_entry_without_data_is_refused_with_what_to_send() -> None:
    with pytest.raises(Reject, match="no field `data`; send one that holds Note as JSON"):
        decode(Note, {b"body": b"hello"})


@pytest.mark.parametrize(
    "data", [b"", b"not json", b"[]", b"null", b'{"text":1}', b"\xff\xfe", b"[" * 100_000]
)
def test_data_that_does_not_fit_is_invalid(data: bytes) -> None:
    with pytest.raises(ValidationError):
        decode(Note, {b"data": data})


@given(st.binary(max_size=200))
def test_no_bytes_make_decoding_raise_anything_else(data: bytes) -> None:
    with contextlib.suppress(ValidationError):
        assert isinstance(decode(Note, {b"data": data}), Note)


@given(st.lists(hops, max_size=8))
def test_a_trace_grows_hop_by_hop_and_is_read_back(given_hops: list[Hop]) -> None:
    trace: bytes | None = None
    for hop in given_hops:
        trace = append_hop(trace, write_hop(hop))
    read = read_trace(trace)
    assert [hop.model_dump(exclude={"time"}) for hop in read] == [
        hop.model_dump(exclude={"time"}) for hop in given_hops
    ]
    for ours, theirs in zip(read, given_hops, strict=True):
        assert abs(ours.time - theirs.time) < timedelta(milliseconds=1)


@pytest.mark.parametrize("trace", [None, b"", b"[]", b"{}", b"not json", b"[1", b"\xff"])
def test_a_trace_that_is_none_begins_anew(trace: bytes | None) -> None:
    assert append_hop(trace, ROW) == b"[" + ROW + b"]"


def test_a_trace_that_has_grown_too_long_begins_anew() -> None:
    trace = b"[" + ROW + b"]"
    for _ in range(2 * MAX_TRACE_BYTES // len(ROW)):
        trace = append_hop(trace, ROW)
        assert len(trace) <= MAX_TRACE_BYTES + 2
    assert read_trace(trace), "what stands there can still be read"


def test_a_trace_longer_than_allowed_is_not_read() -> None:
    long = json.dumps([json.loads(ROW)] * (MAX_TRACE_BYTES // len(ROW) + 1)).encode()
    assert len(long) > MAX_TRACE_BYTES
    assert read_trace(long) == ()


@given(st.binary(max_size=300))
def test_no_bytes_make_reading_a_trace_raise(raw: bytes) -> None:
    assert isinstance(read_trace(raw), tuple)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=20,
)


@given(json_values)
def test_no_json_makes_reading_a_trace_raise(value: object) -> None:
    assert isinstance(read_trace(json.dumps(value).encode()), tuple)


@pytest.mark.parametrize(
    "row",
    [
        '["s","s","1-0",1767225600,1,"o"]',
        '["s","s","1-0",1767225600,1,"o",1,"more"]',
        '["s","s","1-0",1767225600,1,"o",0]',
        '["s","s","1-0",1767225600,-1,"o",1]',
        '["s","s","1-0",1e300,1,"o",1]',
        '["s","s","1-0","-99999-01-01",1,"o",1]',
        '["s","s",{"$gt":""},1767225600,1,"o",1]',
        f'["{"x" * 201}","s","1-0",1767225600,1,"o",1]',
        '"seven!!"',
        "7",
        '{"stage":"s"}',
        "[" * 5_000 + "]" * 5_000,
    ],
)
def test_a_hostile_trace_is_read_as_an_empty_one(row: str) -> None:
    assert read_trace(f"[{row}]".encode()) == ()
    assert read_trace(row.encode()) == ()


def test_a_trace_may_be_a_row_with_whatever_text_the_stages_use() -> None:
    hop = read_trace(b"[" + ROW + b"]")[0]
    assert (hop.stage, hop.stream, hop.entry_id, hop.outcome, hop.deliveries) == (
        "ingest",
        "stories.ingest",
        "1-0",
        "accepted",
        1,
    )
    assert (hop.duration_ms, hop.time) == (12.5, datetime(2026, 1, 1, 0, 0, 0, 500_000, UTC))
