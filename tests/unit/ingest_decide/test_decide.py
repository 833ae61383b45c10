"""New, the same again, or older: each row of the table in services/ingest/decide.py."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.decide import (
    MAX_VERSION,
    Arrival,
    Decision,
    Duplicate,
    New,
    Superseded,
    decide,
    decide_all,
)
from services.ingest.draft import Draft
from shared.store import KnownVersion
from shared.streaming import Reject
from tests.stories import NOON, digest_of, story

HOUR = timedelta(hours=1)


def source(entry: int, life: str = "life") -> str:
    return f"stories.ingest/{life}/1700000000000-{entry}"


def arrival(
    body: str = "new text",
    *,
    entry: int = 100,
    version: int | None = None,
    created: Any = None,
    life: str = "life",
    **fields: Any,
) -> Arrival:
    """An arrival after all known entries, unless told otherwise."""
    draft = Draft(story(1, body=body, **fields), version, created, "guid")
    return Arrival(draft, source(entry, life), NOON)


def known(version: int, body: str = "", **fields: Any) -> KnownVersion:
    """Version n came with entry n (below 100) and has a text of its own."""
    text = digest_of(f"usable {body or f'text {version}'}")
    return KnownVersion("urn:test:1", version, source(version % 100), text, **fields)


def test_a_story_that_was_never_seen_is_version_1() -> None:
    assert decide(arrival(), []) == New(1)


def test_a_withdrawal_of_a_story_that_was_never_seen_is_version_1() -> None:
    assert decide(arrival(pub_status="canceled"), []) == New(1)


def test_a_changed_story_is_the_next_version() -> None:
    assert decide(arrival(), [known(1), known(2)]) == New(3)


def test_an_unchanged_story_is_a_duplicate_of_the_newest() -> None:
    assert decide(arrival("text 2"), [known(1), known(2)]) == Duplicate(2)


def test_an_unchanged_story_is_a_duplicate_whatever_version_its_sender_gives_it() -> None:
    assert decide(arrival("text 2", version=9), [known(1), known(2, sender_version=2)]) == Duplicate(2)


def test_a_withdrawal_of_the_same_text_is_a_new_version() -> None:
    assert decide(arrival("text 1", pub_status="canceled"), [known(1)]) == New(2)


def test_a_return_to_an_older_text_is_a_new_version() -> None:
    assert decide(arrival("text 1"), [known(1), known(2)]) == New(3)


def test_an_old_version_sent_again_by_number_is_a_duplicate_of_it() -> None:
    versions = [known(1, sender_version=1), known(2, sender_version=2)]
    assert decide(arrival("text 1", version=1), versions) == Duplicate(1)


def test_an_old_version_sent_again_by_date_is_a_duplicate_of_it() -> None:
    versions = [known(1, sender_created=NOON - HOUR), known(2, sender_created=NOON)]
    assert decide(arrival("text 1", created=NOON - HOUR), versions) == Duplicate(1)


def test_the_entry_that_holds_a_version_keeps_it() -> None:
    assert decide(arrival("other text", entry=1), [known(1), known(2)]) == New(1)


@pytest.mark.parametrize(
    ("version", "expected"),
    [(2, Superseded(7)), (6, Superseded(7)), (8, New(8)), (50, New(50))],
)
def test_the_senders_version_decides(version: int, expected: Decision) -> None:
    assert decide(arrival(version=version), [known(7, sender_version=7)]) == expected


def test_the_senders_version_wins_over_its_date() -> None:
    versions = [known(7, sender_version=7, sender_created=NOON)]
    assert decide(arrival(version=8, created=NOON - HOUR), versions) == New(8)
    assert decide(arrival(version=6, created=NOON + HOUR), versions) == Superseded(7)


def test_the_senders_version_is_held_against_its_highest_not_its_last() -> None:
    versions = [known(5, sender_version=5), known(6)]
    assert decide(arrival(version=4), versions) == Superseded(6)
    assert decide(arrival(version=6), versions) == New(7)


def test_the_same_version_with_another_text_is_new_by_its_date_or_its_arrival() -> None:
    versions = [known(7, sender_version=7, sender_created=NOON)]
    assert decide(arrival(version=7), versions) == New(8)
    assert decide(arrival(version=7, created=NOON + HOUR), versions) == New(8)
    assert decide(arrival(version=7, created=NOON - HOUR), versions) == Superseded(7)


def test_the_senders_date_decides_where_there_is_no_version() -> None:
    versions = [known(1, sender_created=NOON)]
    assert decide(arrival(created=NOON - HOUR), versions) == Superseded(1)
    assert decide(arrival(created=NOON + HOUR), versions) == New(2)
    assert decide(arrival(created=NOON), versions) == New(2)


def test_a_date_that_only_one_side_has_decides_nothing() -> None:
    assert decide(arrival(created=NOON - HOUR), [known(1)]) == New(2)
    assert decide(arrival(), [known(1, sender_created=NOON + HOUR)]) == New(2)


def test_what_arrived_before_a_known_version_is_superseded_when_it_is_handled_late() -> None:
    assert decide(arrival(entry=3), [known(1), known(5)]) == Superseded(5)


def test_arrival_is_the_order_of_entry_ids_not_of_their_text() -> None:
    assert decide(arrival(entry=10), [known(9)]) == New(10)


def test_entries_of_another_life_of_the_stream_cannot_be_compared() -> None:
    assert decide(arrival(entry=3, life="reborn"), [known(5)]) == New(6)


def test_a_lifted_embargo_is_a_new_version_while_it_was_ahead() -> None:
    versions = [known(1, embargoed_until=NOON + HOUR)]
    assert decide(arrival("text 1"), versions) == New(2)
    assert decide(arrival("text 1", embargoed_until=NOON + HOUR), versions) == Duplicate(1)
    assert decide(arrival("text 1", embargoed_until=NOON + 2 * HOUR), versions) == New(2)


def test_an_embargo_that_is_over_makes_no_difference() -> None:
    versions = [known(1, embargoed_until=NOON - HOUR)]
    assert decide(arrival("text 1"), versions) == Duplicate(1)


def test_a_story_without_numbers_left_is_refused_with_what_to_do() -> None:
    with pytest.raises(Reject, match="new guid") as caught:
        decide(arrival(), [known(MAX_VERSION)])
    assert caught.value.uri == "urn:test:1"


def test_a_batch_sees_itself_in_its_order() -> None:
    batch = [
        arrival("a", entry=101),
        arrival("b", entry=102),
        arrival("b", entry=103),
        arrival("x", entry=104, uri="urn:test:2"),
        arrival("c", entry=105),
    ]
    assert decide_all(batch, {"urn:test:1": [known(1)]}) == [New(2), New(3), Duplicate(3), New(1), New(4)]


def test_one_refusal_in_a_batch_stops_nobody_else() -> None:
    batch = [arrival("a", entry=101), arrival("b", entry=102, uri="urn:test:2")]
    refused, accepted = decide_all(batch, {"urn:test:1": [known(MAX_VERSION)]})
    assert isinstance(refused, Reject)
    assert accepted == New(1)


def test_what_is_known_is_not_changed_by_deciding() -> None:
    versions = {"urn:test:1": [known(1)]}
    decide_all([arrival("a")], versions)
    assert versions == {"urn:test:1": [known(1)]}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c"]),
            st.none() | st.integers(1, 5),
            st.none() | st.integers(0, 3).map(lambda hours: NOON + hours * HOUR),
        ),
        max_size=12,
    )
)
def test_numbers_only_rise_and_every_arrival_is_decided(
    items: list[tuple[str, int | None, Any]],
) -> None:
    batch = [
        arrival(body, entry=number, version=version, created=created)
        for number, (body, version, created) in enumerate(items)
    ]

    decisions = decide_all(batch, {})

    numbers = [decision.version for decision in decisions if isinstance(decision, New)]
    assert len(decisions) == len(items)
    assert numbers == sorted(set(numbers))
    for position, decision in enumerate(decisions):
        taken = {item.version for item in decisions[:position] if isinstance(item, New)}
        assert isinstance(decision, New) or (not isinstance(decision, Reject) and decision.version in taken)


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=8), st.integers(1, 8))
def test_deciding_in_two_parts_is_deciding_at_once(bodies: list[str], cut: int) -> None:
    batch = [arrival(body, entry=number) for number, body in enumerate(bodies)]
    whole = decide_all(batch, {})

    first = decide_all(batch[:cut], {})
    stored = [
        item.as_version(decision.version)
        for item, decision in zip(batch, first, strict=False)
        if isinstance(decision, New)
    ]
    second = decide_all(batch[cut:], {"urn:test:1": stored})

    assert [*first, *second] == whole
