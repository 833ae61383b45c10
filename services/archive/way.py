"""The end of a story's way, as the timeline keeps it. Pure."""

from typing import Any

from shared.store import Passage
from shared.streaming import Delivery


def passage(
    stage: str, delivery: Delivery[Any], uri: str, version: int | None, outcome: str, took: float
) -> Passage:
    """The hops that brought this entry here and the one that it takes now; `took` in milliseconds."""
    hops = (*delivery.trace, delivery.hop(stage, outcome, took))
    return Passage(f"{stage}/{delivery.source_key}", uri, version, hops)
