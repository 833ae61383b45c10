"""Wires enrichment: `stories.accepted` → the models → `stories.enriched`."""

from typing import NoReturn

from services.enrichment.model_pool import ModelPool, limits_here
from services.enrichment.settings import EnrichmentSettings
from services.enrichment.stage import STAGE, handler
from shared.runtime import Service, load
from shared.schemas import StoryAccepted
from shared.streaming import ACCEPTED, ENRICHED, Downstream, Stage

STAGE_SECONDS = 180.0
"""The models have limits of their own; this one only ends what should never happen."""


def build(settings: EnrichmentSettings) -> Service:
    """The service, connected to nothing yet."""
    limits = limits_here(
        settings.enrichment_memory_mb, settings.enrichment_max_chars, faults=settings.enrichment_faults
    )
    pool = ModelPool(limits, time_limit=settings.enrichment_time_limit, batch=settings.enrichment_batch)
    stage = Stage(
        name=STAGE,
        source=ACCEPTED,
        message=StoryAccepted,
        handle=handler(pool),
        batch=settings.enrichment_batch,
        timeout=STAGE_SECONDS,
        downstream=Downstream(ENRICHED, "publisher", settings.stream_bound),
        redelivery=settings.redelivery,
    )
    return Service("enrichment", settings, [stage], [pool])


def main() -> NoReturn:
    """Run until told to stop."""
    build(load(EnrichmentSettings)).run()
