"""The metrics of a stage, each named and explained here and nowhere else."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.runtime.health import Health

_COUNTERS = {
    "wiredesk_entries": "Entries that this process settled, by outcome.",
    "wiredesk_stale": "Entries that another worker had settled first: work done twice, published once.",
    "wiredesk_failures": "Deliveries whose handling failed and that are tried again.",
    "wiredesk_redelivered": "Pending entries that this process claimed and handled again.",
    "wiredesk_vanished": "Pending entries that were trimmed away before they were handled.",
    "wiredesk_busy_seconds": "Seconds spent handling and committing.",
}
_GAUGES = {
    "wiredesk_lag": "Entries of the source stream not yet delivered to the group.",
    "wiredesk_pending": "Entries delivered to the group and not yet acknowledged.",
    "wiredesk_oldest_pending_seconds": "Age of the oldest pending entry.",
    "wiredesk_in_flight": "Entries in this process's hands.",
    "wiredesk_ready": "1 while the process does its work, 0 while it waits or starts.",
}


class StageCollector(Collector):
    """Reads the state of the stages when Prometheus asks: nothing is counted twice on the way of a story."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        """The metric families of all stages of this process."""
        counters = {
            name: CounterMetricFamily(name, text, labels=_labels(name)) for name, text in _COUNTERS.items()
        }
        gauges = {name: GaugeMetricFamily(name, text, labels=_labels(name)) for name, text in _GAUGES.items()}
        for name, (_, state) in self._health.stages.items():
            for outcome, count in state.outcomes.items():
                counters["wiredesk_entries"].add_metric([name, outcome], count)
            counters["wiredesk_stale"].add_metric([name], state.stale)
            counters["wiredesk_failures"].add_metric([name], state.failures)
            counters["wiredesk_redelivered"].add_metric([name], state.redelivered)
            counters["wiredesk_vanished"].add_metric([name], state.vanished)
            counters["wiredesk_busy_seconds"].add_metric([name], state.busy_seconds)
            gauges["wiredesk_lag"].add_metric([name], state.group.lag)
            gauges["wiredesk_pending"].add_metric([name], state.group.pending)
            gauges["wiredesk_oldest_pending_seconds"].add_metric([name], state.group.oldest_pending_seconds)
            gauges["wiredesk_in_flight"].add_metric([name], state.in_flight)
        gauges["wiredesk_ready"].add_metric([], int(self._health.ready))
        yield from counters.values()
        yield from gauges.values()


def _labels(name: str) -> list[str]:
    if name == "wiredesk_ready":
        return []
    return ["stage", "outcome"] if name == "wiredesk_entries" else ["stage"]
