"""Small parts of the engine: entries, deliveries, stages, state, sizes of reads, errors."""

import asyncio
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.streaming import Delivery, Emit, Entry, Reject, StageError, StageState, Unavailable, append_hop
from shared.streaming.leases import Leases
from shared.streaming.reader import fitting
from shared.streaming.tasks import end
from tests.stages import SOURCE, TARGET, Note, stage

ROW = b'["intake","doors","9-9",1767225599.0,1.5,"pushed",1]'


def test_a_delivery_is_named_for_ever_by_stream_incarnation_and_entry() -> None:
    entry = Entry("5-1", {b"data": b"{}", b"trace": append_hop(None, ROW)}, 3)
    delivery = Delivery(Note(text="a"), entry, SOURCE, "abc", 1.0)
    assert delivery.source_key == "stories.ingest/abc/5-1"
    assert (delivery.entry_id, delivery.deliveries, delivery.fields) == ("5-1", 3, entry.fields)
    assert [hop.stage for hop in delivery.trace] == ["intake"]


def test_a_delivery_without_a_trace_has_no_hops() -> None:
    assert Delivery(Note(text="a"), Entry("5-1", {}), SOURCE, "abc", 1.0).trace == ()


def test_the_size_of_an_entry_is_that_of_its_values() -> None:
    assert Entry("5-1", {b"data": b"12345", b"other": b"67"}).size == 7


@given(st.integers(1, 1_000), st.integers(1, 10**8), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_a_read_is_never_empty_never_larger_than_a_batch(
    batch: int, read_bytes: int, sizes: list[int]
) -> None:
    entries = [Entry(f"{n}-0", {b"data": bytes(size)}) for n, size in enumerate(sizes)]
    count = fitting(batch, read_bytes, entries)
    assert 1 <= count <= batch
    mean = sum(sizes) // len(sizes)
    assert count == 1 or count * mean <= read_bytes


def test_a_read_grows_again_when_entries_are_small() -> None:
    small, large = [Entry("1-0", {b"d": bytes(100)})], [Entry("1-0", {b"d": bytes(1_000_000)})]
    assert (fitting(100, 8_000_000, large), fitting(100, 8_000_000, small)) == (8, 100)


def test_a_stage_reads_json_unless_it_has_its_own_way() -> None:
    assert stage().read({b"data": b'{"text":"a"}'}) == Note(text="a")
    own = stage(decode=lambda fields: Note(text=fields[b"body"].decode()))
    assert own.read({b"body": b"b"}) == Note(text="b")


def test_the_group_of_a_stage_is_named_as_the_stage() -> None:
    assert stage(name="archive-dead").group == "archive-dead"


def test_a_stage_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        stage().batch = 5  # type: ignore[misc]


def test_no_two_states_share_their_counts() -> None:
    first, second = StageState(), StageState()
    first.outcomes["accepted"] += 1
    first.group.lag = 5
    assert (second.outcomes, second.group.lag) == ({}, 0)


def test_errors_that_are_raised_on_purpose_have_one_base() -> None:
    assert issubclass(Reject, StageError)
    assert issubclass(Unavailable, StageError)
    error = Unavailable("mongo", ConnectionRefusedError("refused"))
    assert (error.dependency, str(error)) == ("mongo", "mongo is unavailable: refused")


def test_one_output_is_the_usual_case() -> None:
    emit = Emit.one(TARGET, Note(text="a"), "accepted")
    assert len(emit.outputs) == 1
    assert emit.outputs[0].fields == {}
    with pytest.raises(TypeError):
        emit.outputs[0].fields["shared"] = "by all"  # type: ignore[index]


class NoScripts:
    """A client for parts that never call it."""

    def register_script(self, text: str) -> None:
        return None


def test_leases_are_held_until_they_are_released() -> None:
    leases = Leases(NoScripts(), SOURCE, "ingest", "w1", 1.0)  # type: ignore[arg-type]
    leases.hold(["1-0", "2-0"])
    leases.hold(["2-0"])
    leases.release(["1-0", "never-held"])
    assert (len(leases), "1-0" in leases, "2-0" in leases) == (1, False, True)


async def test_a_task_that_swallows_its_cancellation_is_ended_all_the_same() -> None:
    begun, swallowed = asyncio.Event(), 0

    async def stubborn() -> None:
        nonlocal swallowed
        while True:
            try:
                begun.set()
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed == 2:
                    raise

    async def broken() -> None:
        raise RuntimeError("of no interest any more")

    tasks = [asyncio.create_task(stubborn()), asyncio.create_task(broken())]
    await begun.wait()
    async with asyncio.timeout(20):
        await end(tasks)
    assert all(task.done() for task in tasks)
    assert swallowed == 2
    assert isinstance(tasks[1].exception(), RuntimeError)
