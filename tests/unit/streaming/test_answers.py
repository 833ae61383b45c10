"""What becomes of each answer of a handler."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.schemas import DeadLetter
from shared.streaming import Delivery, Done, Emit, Entry, Outcome, Reject, Unavailable
from shared.streaming.answers import Sorted, sort_answers
from tests.stages import FAST, SOURCE, TARGET, Note, stage

NOW = 1_767_225_600.0


class StoreDown(Exception):
    """A dependency's own exception."""


def delivery(number: int, deliveries: int = 1) -> Delivery[Note]:
    entry = Entry(f"{number}-0", {b"data": b"{}"}, deliveries)
    return Delivery(Note(text=str(number)), entry, SOURCE, "i", NOW)


def sort(*answers: Outcome | Exception, deliveries: int = 1) -> Sorted:
    batch = [delivery(number, deliveries) for number in range(len(answers))]
    return sort_answers(stage(unavailable=(Unavailable, StoreDown)), batch, answers, NOW)


def letter(result: Sorted) -> DeadLetter:
    (settlement,) = result.settled
    assert settlement.outcome == "dead_lettered"
    message = settlement.outputs[0].message
    assert isinstance(message, DeadLetter)
    return message


def test_an_outcome_settles_its_entry() -> None:
    emit = Emit.one(TARGET, Note(text="a"), "accepted")
    result = sort(emit, Done("duplicate"))
    assert [(one.entry.entry_id, one.outcome, one.outputs) for one in result.settled] == [
        ("0-0", "accepted", emit.outputs),
        ("1-0", "duplicate", ()),
    ]
    assert not result.waiting
    assert not result.again


@pytest.mark.parametrize("error", [Unavailable("mongo", "refused"), StoreDown("gone")])
@pytest.mark.parametrize("deliveries", [1, FAST.max_deliveries, 99])
def test_an_entry_whose_dependency_is_down_waits_however_often_it_was_delivered(
    error: Exception, deliveries: int
) -> None:
    result = sort(error, deliveries=deliveries)
    assert [(entry.entry_id, why) for entry, why in result.waiting] == [("0-0", error)]
    assert not result.settled
    assert not result.again


def test_a_refused_entry_is_a_dead_letter_now() -> None:
    found = letter(sort(Reject("no headline", uri="urn:a")))
    assert (found.reason, found.message, found.uri, found.deliveries) == (
        "rejected",
        "no headline",
        "urn:a",
        1,
    )


def test_any_other_exception_is_tried_again() -> None:
    error = RuntimeError("it breaks")
    result = sort(error, deliveries=FAST.max_deliveries - 1)
    assert [why for _, why in result.again] == [error]
    assert not result.settled


def test_and_is_a_dead_letter_after_the_last_delivery() -> None:
    found = letter(sort(RuntimeError("it breaks"), deliveries=FAST.max_deliveries))
    assert (found.reason, found.error, found.deliveries) == ("failed", "RuntimeError", FAST.max_deliveries)


@pytest.mark.parametrize("given_answers", [[], [Done("a")], [Done("a")] * 3])
def test_a_wrong_number_of_answers_is_a_defect_of_the_handler(given_answers: list[Done]) -> None:
    with pytest.raises(TypeError, match=f"ingest answered {len(given_answers)} of 2 deliveries"):
        sort_answers(stage(), [delivery(0), delivery(1)], given_answers, NOW)


ANSWERS = st.sampled_from(
    [
        Done("seen"),
        Emit.one(TARGET, Note(text="a"), "accepted"),
        Reject("no"),
        Unavailable("m", "x"),
        KeyError("k"),
    ]
)


@given(st.lists(ANSWERS, max_size=30), st.integers(1, 5))
def test_each_entry_goes_exactly_one_way(answers: list[Outcome | Exception], deliveries: int) -> None:
    result = sort(*answers, deliveries=deliveries)
    ways = [one.entry.entry_id for one in result.settled]
    ways += [entry.entry_id for entry, _ in (*result.waiting, *result.again)]
    assert sorted(ways) == sorted(f"{number}-0" for number in range(len(answers)))
