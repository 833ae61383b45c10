"""Wires ingest: `stories.ingest` → clean, identify, number, store → `stories.accepted`."""

from functools import partial
from typing import NoReturn

from services.ingest.decode import decode
from services.ingest.settings import IngestSettings
from services.ingest.stage import STAGE, IngestHandler
from shared.runtime import Service, load
from shared.schemas import RawStory
from shared.store import Store, StoreUnavailable
from shared.streaming import ACCEPTED, INGEST, Downstream, Stage, Unavailable


def build(settings: IngestSettings) -> Service:
    """The service, connected to nothing yet."""
    store = Store.connect(settings.mongo_url.get_secret_value(), settings.mongo_database)
    stage = Stage(
        name=STAGE,
        source=INGEST,
        message=RawStory,
        handle=IngestHandler(store),
        decode=partial(decode, max_bytes=settings.max_story_bytes),
        batch=settings.batch_size,
        downstream=Downstream(ACCEPTED, "enrichment", settings.stream_bound),
        redelivery=settings.redelivery,
        outside=True,
        unavailable=(Unavailable, StoreUnavailable),
    )
    return Service("ingest", settings, [stage], [store])


def main() -> NoReturn:
    """Run until told to stop."""
    build(load(IngestSettings)).run()
