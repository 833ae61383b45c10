"""Health and the balance of all stories."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console

from services.cli.status_view import ago, as_json, balance_line, status_view
from services.cli.wire_reader import read_heartbeat
from services.cli.wire_state import (
    GROUPS,
    SERVICES,
    GroupState,
    StreamState,
    WireState,
    WorkerState,
    balance,
    find_problems,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STREAMS = tuple(
    StreamState(name, length=10, added=100, groups=(GroupState(group, 0, 0, 1),))
    for name, group in GROUPS.items()
)
WORKERS = tuple(WorkerState(service, f"{service}-1", "ok", None, 1.0, NOW) for service in SERVICES)
COUNTERS = {
    "ingest.accepted": 85,
    "ingest.duplicate": 10,
    "ingest.superseded": 2,
    "ingest.dead_lettered": 3,
    "enrichment.enriched": 84,
    "enrichment.dead_lettered": 1,
    "publisher.published": 75,
    "publisher.withheld": 4,
    "publisher.superseded": 5,
    "publisher.repeated": 7,
    "archive.archived": 75,
    "archive.dead_lettered": 2,
}


def with_load(stream: str, lag: int | None, pending: int) -> tuple[StreamState, ...]:
    """All streams, one of them with work left."""
    return tuple(
        replace(one, groups=(GroupState(GROUPS[stream], lag, pending, 1),)) if one.name == stream else one
        for one in STREAMS
    )


def test_every_accepted_story_is_accounted_for() -> None:
    sums = balance(STREAMS, COUNTERS)
    assert (sums.accepted, sums.published, sums.duplicate, sums.superseded) == (100, 75, 10, 7)
    assert (sums.withheld, sums.dead_lettered, sums.pending) == (4, 4, 0)
    assert sums.off == 0


def test_what_is_on_the_way_is_pending_what_is_behind_it_is_not() -> None:
    counters = COUNTERS | {"publisher.published": 72}
    assert balance(with_load("stories.accepted", 1, 2), counters).off == 0
    assert balance(with_load("stories.published", 1, 2), counters).off == 3
    assert balance(with_load("stories.dead", 1, 2), counters).off == 3


def test_a_lost_story_shows() -> None:
    sums = balance(STREAMS, COUNTERS | {"publisher.published": 74})
    assert sums.off == 1
    assert "≠" in balance_line(sums).plain
    assert balance_line(sums).plain.endswith("1 unaccounted for")


def test_entries_delivered_anew_show_as_counted_twice() -> None:
    assert (
        "3 counted more than once"
        in balance_line(balance(STREAMS, COUNTERS | {"ingest.duplicate": 13})).plain
    )


def test_an_unknown_lag_makes_no_false_claim() -> None:
    sums = balance(with_load("stories.ingest", None, 2), COUNTERS)
    assert sums.pending is None
    assert sums.off is None
    assert "? pending" in balance_line(sums).plain


def test_before_the_groups_exist_everything_waits() -> None:
    streams = (StreamState("stories.ingest", length=5, added=5),)
    assert balance(streams, {}).pending == 5
    assert balance(streams, {}).off == 0


def test_a_wire_that_is_well_has_no_problems() -> None:
    assert find_problems(STREAMS, WORKERS, None) == []


def test_a_service_without_a_worker_is_a_problem() -> None:
    assert find_problems(STREAMS, WORKERS[1:], None) == ["no ingest worker is running"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "degraded", "reason": "mongo: down"}, "ingest worker ingest-1 is degraded: mongo: down"),
        ({"status": "starting"}, "is starting: no reason given"),
        ({"age": 12.4}, "has been silent for 12 s"),
    ],
)
def test_a_worker_that_is_not_ok_is_a_problem(change: dict[str, object], words: str) -> None:
    changed = replace(WORKERS[0], **change)  # type: ignore[arg-type]
    (problem,) = find_problems(STREAMS, (changed, *WORKERS[1:]), None)
    assert words in problem


def test_a_missing_group_is_a_problem_once_the_wire_runs() -> None:
    without = (StreamState("stories.ingest", 3, 3, (GroupState("other", 0, 0, 0),)), *STREAMS[1:])
    assert find_problems(without, WORKERS, None) == ["the group ingest is missing on stories.ingest"]
    assert len(find_problems((StreamState("stories.ingest"),), (), None)) == len(SERVICES)


def test_mongo_that_is_away_is_a_problem() -> None:
    assert find_problems(STREAMS, WORKERS, "refused") == ["MongoDB cannot be reached: refused"]


def printed(state: WireState) -> str:
    console = Console(width=140, record=True, file=io.StringIO(), highlight=False)
    console.print(status_view(state, "redis://127.0.0.1:6379/0", "mongodb://127.0.0.1:27017"))
    return console.export_text()


def test_the_view_shows_streams_groups_workers_and_the_verdict() -> None:
    outside = replace(STREAMS[3], groups=(GroupState("mine", 7, 1, 2, 90.0), *STREAMS[3].groups))
    state = WireState((*STREAMS[:3], outside, STREAMS[4]), COUNTERS, WORKERS)
    lines = [line.split() for line in printed(state).splitlines()]
    assert ["stories.published", "archive", "10", "0", "0", "–", "1"] in lines
    assert ["mine", "7", "1", "90", "s", "2"] in lines
    assert any(line[:3] == ["ingest", "ingest-1", "ok"] for line in lines)
    assert lines[-1] == ["healthy"]


def test_the_view_names_problems_and_lets_no_heartbeat_act() -> None:
    worker = replace(WORKERS[0], worker="w\x1b[2J", status="degraded", reason="[red]x[/red]\x07")
    problems = find_problems(STREAMS, (worker,), "down")
    text = printed(WireState(STREAMS, {}, (worker,), "down", problems))
    assert "\x1b" not in text
    assert "[red]x[/red]" in text
    assert "not healthy" in text
    assert "no archive worker is running" in text


def test_json_says_the_same_to_programs() -> None:
    answer = json.loads(json.dumps(as_json(WireState(STREAMS, COUNTERS, WORKERS))))
    assert answer["healthy"] is True
    assert answer["balance"]["off"] == 0
    assert answer["streams"][0]["groups"][0] == {
        "name": "ingest",
        "lag": 0,
        "pending": 0,
        "consumers": 1,
        "oldest_pending": None,
    }
    assert answer["workers"][0]["service"] == "ingest"


def test_a_heartbeat_is_read_with_its_age() -> None:
    beat = {"service": "ingest", "worker": "w", "status": "ok", "reason": None, "started": NOW.isoformat()}
    worker = read_heartbeat(json.dumps(beat | {"time": NOW.isoformat()}).encode(), NOW.timestamp() + 2)
    assert worker == WorkerState("ingest", "w", "ok", None, 2.0, NOW)


@pytest.mark.parametrize("value", [b"", b"[]", b"{}", b'{"time": 5}', b'{"time": "yesterday"}', b"\xff"])
def test_what_is_no_heartbeat_is_passed_over(value: bytes) -> None:
    assert read_heartbeat(value, 0.0) is None


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "–"),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (60, "60 s"),
        (600, "10 min"),
        (20_000, "6 h"),
        (400_000, "5 d"),
    ],
)
def test_ages(seconds: float | None, shown: str) -> None:
    assert ago(seconds) == shown
