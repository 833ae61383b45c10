"""The names and labels of the metrics: dashboards and alerts stand on them."""

from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from shared.runtime import Health
from shared.runtime.metrics import StageCollector
from shared.streaming import GroupInfo, StageState
from tests.stages import stage


@pytest.fixture
def health() -> Health:
    found = Health("ingest", "w1", 42, datetime(2026, 1, 1, tzinfo=UTC), phase="ok")
    state = StageState(in_flight=3, stale=4, failures=5, redelivered=6, vanished=7, busy_seconds=1.5)
    state.outcomes.update({"accepted": 10, "dead_lettered": 1})
    state.group = GroupInfo(length=20, lag=8, pending=9, oldest_pending_seconds=2.5)
    found.stages["ingest"] = (stage(), state)
    found.stages["other"] = (stage(name="other"), StageState())
    return found


@pytest.fixture
def registry(health: Health) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(StageCollector(health))
    return registry


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wiredesk_stale_total", 4),
        ("wiredesk_failures_total", 5),
        ("wiredesk_redelivered_total", 6),
        ("wiredesk_vanished_total", 7),
        ("wiredesk_busy_seconds_total", 1.5),
        ("wiredesk_lag", 8),
        ("wiredesk_pending", 9),
        ("wiredesk_oldest_pending_seconds", 2.5),
        ("wiredesk_in_flight", 3),
    ],
)
def test_each_stage_has_its_figures(registry: CollectorRegistry, name: str, value: float) -> None:
    assert registry.get_sample_value(name, {"stage": "ingest"}) == value
    assert registry.get_sample_value(name, {"stage": "other"}) == 0


def test_entries_are_counted_by_outcome(registry: CollectorRegistry) -> None:
    for outcome, count in (("accepted", 10), ("dead_lettered", 1)):
        labels = {"stage": "ingest", "outcome": outcome}
        assert registry.get_sample_value("wiredesk_entries_total", labels) == count


def test_readiness_is_a_figure_of_the_process(registry: CollectorRegistry, health: Health) -> None:
    assert registry.get_sample_value("wiredesk_ready") == 1
    health.dependencies["mongo"] = "refused"
    assert registry.get_sample_value("wiredesk_ready") == 0


def test_figures_are_read_when_they_are_asked_for(registry: CollectorRegistry, health: Health) -> None:
    health.stages["ingest"][1].stale += 1
    assert registry.get_sample_value("wiredesk_stale_total", {"stage": "ingest"}) == 5


def test_every_metric_is_explained(registry: CollectorRegistry) -> None:
    page = generate_latest(registry).decode()
    helps = [line for line in page.splitlines() if line.startswith("# HELP")]
    assert len(helps) == 11
    assert all(line.endswith(".") and "wiredesk_" in line for line in helps)
