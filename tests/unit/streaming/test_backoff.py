"""How long a pending entry rests, and how many deliveries it gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.streaming import Redelivery

policies = st.builds(
    Redelivery,
    min_idle=st.floats(0.01, 3_600),
    max_rest=st.floats(0.01, 86_400),
    max_deliveries=st.integers(1, 100),
)
deliveries = st.integers(1, 10_000)


def test_the_rests_of_the_default_policy() -> None:
    policy = Redelivery()
    assert [policy.rest(n) for n in range(1, 8)] == [10, 20, 40, 80, 160, 300, 300]


def test_by_default_the_last_delivery_comes_after_more_than_five_minutes() -> None:
    policy = Redelivery()
    assert sum(policy.rest(n) for n in range(1, policy.max_deliveries)) > 300


@given(policies, deliveries)
def test_a_rest_never_shrinks_and_stays_within_its_bounds(policy: Redelivery, count: int) -> None:
    assert policy.min_idle <= policy.rest(count) <= policy.rest(count + 1)
    assert policy.rest(count) <= max(policy.max_rest, policy.min_idle)


@given(policies, st.integers(-5, 0))
def test_a_count_below_one_rests_as_the_first(policy: Redelivery, count: int) -> None:
    assert policy.rest(count) == policy.rest(1)


@given(policies, deliveries, st.floats(0, 1e6))
def test_an_entry_is_due_exactly_when_it_has_rested(policy: Redelivery, count: int, idle: float) -> None:
    assert policy.due(count, idle) == (idle >= policy.rest(count))
    assert policy.due(count, policy.rest(count))


@given(policies)
def test_exactly_the_last_delivery_exhausts(policy: Redelivery) -> None:
    assert policy.exhausted(policy.max_deliveries)
    assert policy.exhausted(policy.max_deliveries + 1)
    assert not policy.exhausted(policy.max_deliveries - 1)


@pytest.mark.parametrize("min_idle", [0.2, 10.0, 3_600.0])
def test_a_lease_may_fail_to_be_renewed_twice_before_anyone_may_claim(min_idle: float) -> None:
    policy = Redelivery(min_idle=min_idle)
    assert policy.renewal * 2 < min_idle
    assert not policy.due(1, policy.renewal * 2)
