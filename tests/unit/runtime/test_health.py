"""Health says what is wrong, and is `ok` only when nothing is."""

import time
from datetime import UTC, datetime

import orjson
import pytest

from shared.runtime import Health
from shared.runtime.health import Status
from shared.streaming import GroupInfo, StageState
from tests.stages import stage


def health(phase: Status = "ok", **dependencies: str | None) -> Health:
    found = Health("ingest", "w1", 42, datetime(2026, 1, 1, tzinfo=UTC), phase=phase)
    found.dependencies.update(dependencies)
    return found


def with_state(**changes: object) -> Health:
    found, state = health(), StageState()
    for name, value in changes.items():
        setattr(state, name, value)
    found.stages["ingest"] = (stage(), state)
    return found


@pytest.mark.parametrize(
    ("phase", "problem", "status", "ready"),
    [
        ("starting", None, "starting", False),
        ("starting", "down", "starting", False),
        ("ok", None, "ok", True),
        ("ok", "down", "degraded", False),
        ("stopping", None, "stopping", False),
        ("stopping", "down", "stopping", False),
    ],
)
def test_the_status_in_a_word(phase: Status, problem: str | None, status: str, ready: bool) -> None:
    found = health(phase, mongo=problem, redis=None)
    assert (found.status, found.ready) == (status, ready)


def test_a_process_begins_as_starting() -> None:
    assert Health("ingest", "w1", 42, datetime.now(UTC)).status == "starting"


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, []),
        ({"problem": "its group is gone"}, ["ingest: its group is gone"]),
        ({"paused": "mongo is unavailable"}, ["ingest: mongo is unavailable"]),
        ({"problem": "a", "paused": "b"}, ["ingest: a", "ingest: b"]),
        ({"held": "the next stream is full"}, []),
        ({"failures": 7, "stale": 3}, []),
    ],
)
def test_what_keeps_a_stage_from_its_work(changes: dict[str, object], problems: list[str]) -> None:
    found = with_state(**changes)
    assert found.problems() == problems
    assert found.ready == (not problems), "a full stream below is no fault of this process"


def test_dependencies_are_named_before_stages() -> None:
    found = with_state(paused="waits")
    found.dependencies.update({"redis": None, "mongo": "refused"})
    assert found.problems() == ["mongo: refused", "ingest: waits"]
    assert found.report()["reason"] == "mongo: refused; ingest: waits"


def test_the_report_has_everything_and_is_json() -> None:
    state = {
        "reading": True,
        "in_flight": 2,
        "group": GroupInfo(length=9, lag=4, pending=3, oldest_pending_seconds=1.26),
        "last_commit": time.monotonic() - 5,
    }
    found = with_state(**state)
    found.stages["ingest"][1].outcomes.update({"accepted": 5})
    found.dependencies.update({"redis": None, "mongo": "refused"})
    report = orjson.loads(orjson.dumps(found.report()))
    assert (report["service"], report["worker"], report["pid"]) == ("ingest", "w1", 42)
    assert report["started"] == "2026-01-01T00:00:00+00:00"
    assert datetime.fromisoformat(report["time"]).tzinfo
    assert report["dependencies"] == {"redis": "ok", "mongo": "refused"}
    (row,) = report["stages"]
    assert (row["name"], row["stream"], row["group"]) == ("ingest", "stories.ingest", "ingest")
    assert (row["lag"], row["pending"], row["in_flight"]) == (4, 3, 2)
    assert row["oldest_pending_seconds"] == 1.3
    assert 5 <= row["last_commit_seconds_ago"] < 60
    assert row["outcomes"] == {"accepted": 5}
    assert row["reading"]


@pytest.mark.parametrize(
    ("reading", "problem", "expected"),
    [(True, None, True), (True, "dead", False), (False, None, False)],
)
def test_a_stage_with_a_problem_does_not_read(reading: bool, problem: str | None, expected: bool) -> None:
    (row,) = with_state(reading=reading, problem=problem).report()["stages"]
    assert row["reading"] is expected


def test_a_stage_that_has_not_committed_says_so() -> None:
    (row,) = with_state().report()["stages"]
    assert row["last_commit_seconds_ago"] is None
