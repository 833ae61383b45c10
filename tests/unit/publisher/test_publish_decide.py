"""Each row of the table in services/publisher/decide.py."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publisher.decide import decide
from shared.store import Decision, DecisionOutcome
from tests.stories import NOON, story

LATER = NOON + timedelta(hours=1)


def past(version: int, outcome: DecisionOutcome) -> Decision:
    return Decision("urn:test:1", version, outcome, NOON, f"s/i/{version}-0")


def outcome(version: int, *history: Decision, released: bool = False, **fields: Any) -> DecisionOutcome:
    return decide(story(version, **fields), history, NOON, released=released)


def test_a_first_usable_version_is_published() -> None:
    assert outcome(1) == "published"
    assert outcome(7) == "published"


@pytest.mark.parametrize("earlier", ["published", "corrected", "withdrawn"])
def test_a_later_version_of_a_story_that_was_out_is_a_correction(earlier: DecisionOutcome) -> None:
    assert outcome(2, past(1, earlier)) == "corrected"


@pytest.mark.parametrize("earlier", ["withheld", "embargoed", "superseded"])
def test_a_later_version_of_a_story_that_was_never_out_is_published(earlier: DecisionOutcome) -> None:
    assert outcome(2, past(1, earlier)) == "published"


def test_a_cancellation_withdraws_what_is_out() -> None:
    assert outcome(2, past(1, "published"), pub_status="canceled") == "withdrawn"
    assert outcome(3, past(1, "published"), past(2, "withheld"), pub_status="canceled") == "withdrawn"


def test_a_cancellation_of_what_was_never_out_withdraws_nothing() -> None:
    assert outcome(1, pub_status="canceled") == "withheld"
    assert outcome(2, past(1, "embargoed"), pub_status="canceled") == "withheld"


def test_a_cancellation_does_not_wait_for_an_embargo() -> None:
    assert outcome(2, past(1, "published"), pub_status="canceled", embargoed_until=LATER) == "withdrawn"


def test_a_hold_keeps_the_version_in() -> None:
    assert outcome(1, pub_status="withheld") == "withheld"
    assert outcome(2, past(1, "published"), pub_status="withheld") == "withheld"


def test_an_embargo_ahead_keeps_the_version_waiting() -> None:
    assert outcome(1, embargoed_until=LATER) == "embargoed"
    assert outcome(2, past(1, "published"), embargoed_until=LATER) == "embargoed"


def test_an_embargo_that_is_over_keeps_nothing() -> None:
    assert outcome(1, embargoed_until=NOON) == "published"
    assert outcome(1, embargoed_until=NOON - timedelta(days=1)) == "published"


def test_a_release_passes_its_embargo_though_a_clock_may_disagree() -> None:
    assert outcome(1, past(1, "embargoed"), released=True, embargoed_until=LATER) == "published"
    assert (
        outcome(2, past(1, "published"), past(2, "embargoed"), released=True, embargoed_until=LATER)
        == "corrected"
    )


def test_a_release_does_not_pass_a_hold() -> None:
    assert outcome(1, past(1, "withheld"), released=True, pub_status="withheld") == "withheld"


@pytest.mark.parametrize("newer", ["published", "withheld", "embargoed", "withdrawn"])
@pytest.mark.parametrize("status", ["usable", "withheld", "canceled"])
def test_an_older_version_is_superseded_whatever_it_says(newer: DecisionOutcome, status: str) -> None:
    assert outcome(1, past(2, newer), pub_status=status) == "superseded"


def test_an_embargoed_version_is_not_released_once_its_sender_has_spoken_again() -> None:
    history = [past(1, "embargoed"), past(2, "withheld")]
    assert outcome(1, *history, released=True, embargoed_until=NOON) == "superseded"


@pytest.mark.parametrize(
    "before", ["published", "corrected", "withdrawn", "withheld", "embargoed", "superseded"]
)
def test_a_repeat_is_decided_as_it_was(before: DecisionOutcome) -> None:
    assert outcome(2, past(1, "published"), past(2, before), past(3, "published")) == before


def test_a_repeat_of_an_embargoed_entry_waits_for_its_release_though_its_hour_has_come() -> None:
    assert outcome(1, past(1, "embargoed"), embargoed_until=NOON) == "embargoed"


@given(st.permutations(range(1, 7)))
def test_published_versions_only_rise_in_whatever_order_they_come(order: list[int]) -> None:
    history: list[Decision] = []
    for version in order:
        history.append(past(version, outcome(version, *history)))

    out = [item.version for item in history if item.emitted]
    assert out == sorted(out)
    assert out[-1] == 6
    assert next(item.outcome for item in history if item.emitted) == "published"
    assert {item.outcome for item in history} <= {"published", "corrected", "superseded"}
