"""The end of a story's way, as the timeline keeps it. Pure."""

from datetime import UTC, datetime
from typing import Any

from shared.schemas import Hop
from shared.store import Passage
from shared.streaming import Delivery


def passage(
    stage: str, delivery: Delivery[Any], uri: str, version: int | None, outcome: str, took: float
) -> Passage:
    """The hops that brought this entry here and the one that it takes now; `took` in milliseconds."""
    hop = Hop(
        stage=stage,
        stream=delivery.stream,
        entry_id=delivery.entry_id,
        time=datetime.fromtimestamp(delivery.received, UTC),
        duration_ms=round(took, 1),
        outcome=outcome,
        deliveries=max(delivery.deliveries, 1),
    )
    return Passage(f"{stage}/{delivery.source_key}", uri, version, (*delivery.trace, hop))
