"""Every key of a deployment carries its prefix."""

import re

import pytest

from shared.streaming import INGEST, STREAMS, Names
from shared.streaming.trimming import order

PREFIX = "{wire}:"


def test_without_a_prefix_the_keys_are_the_bare_names() -> None:
    names = Names()
    assert [names.stream(name) for name in STREAMS] == list(STREAMS)
    assert names.counters == "stories.counters"
    assert names.health("ingest", "w1") == "stories.health:ingest:w1"


def test_every_key_carries_the_prefix_so_that_a_commit_stays_in_one_slot() -> None:
    names = Names(PREFIX)
    keys = [
        names.stream(INGEST),
        names.counters,
        names.guard("urn:a"),
        names.incarnation(INGEST),
        names.health("ingest", "w1"),
        names.health_pattern,
    ]
    assert [key.removeprefix(PREFIX) for key in keys] == [
        Names().stream(INGEST),
        Names().counters,
        Names().guard("urn:a"),
        Names().incarnation(INGEST),
        Names().health("ingest", "w1"),
        Names().health_pattern,
    ]
    assert all(key.startswith(PREFIX) for key in keys)


def test_no_two_kinds_of_keys_share_a_name() -> None:
    names = Names()
    keys = [*STREAMS, names.counters, names.guard("x"), names.incarnation("x"), names.health("x", "x")]
    assert len(set(keys)) == len(keys)


def test_the_pattern_matches_heartbeats_alone() -> None:
    names = Names("a.b:")
    pattern = re.compile(re.escape(names.health_pattern).replace(r"\*", ".*"))
    assert pattern.fullmatch(names.health("ingest", "host-1-ab"))
    assert not any(pattern.fullmatch(names.stream(name)) for name in STREAMS)


def test_ids_are_ordered_as_numbers() -> None:
    ids = ["0-0", "9-1", "10-0", "10-2", "10-11", "1767225600000-0"]
    assert sorted(sorted(ids), key=order) == ids, "as texts they sort otherwise"


@pytest.mark.parametrize(("entry_id", "expected"), [("5-1", (5, 1)), ("5", (5, 0)), ("5-", (5, 0))])
def test_an_id_may_be_incomplete(entry_id: str, expected: tuple[int, int]) -> None:
    assert order(entry_id) == expected
