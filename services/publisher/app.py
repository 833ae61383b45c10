"""Wires the publisher: `stories.enriched` → may it go out? → `stories.published`."""

from typing import NoReturn

from services.publisher.releases import Releases
from services.publisher.settings import PublisherSettings
from services.publisher.stage import STAGE, PublisherHandler
from shared.runtime import Clock, Service, SystemClock, load
from shared.schemas import StoryEnriched
from shared.store import Store, StoreUnavailable
from shared.streaming import ENRICHED, PUBLISHED, Downstream, Stage, Unavailable


def build(settings: PublisherSettings, clock: Clock | None = None) -> Service:
    """The service, connected to nothing yet."""
    clock = clock or SystemClock()
    store = Store.connect(settings.mongo_url.get_secret_value(), settings.mongo_database)
    releases = Releases(store, clock)
    stage = Stage(
        name=STAGE,
        source=ENRICHED,
        message=StoryEnriched,
        handle=PublisherHandler(store, clock, releases.wake),
        batch=settings.batch_size,
        downstream=Downstream(PUBLISHED, "archive", settings.stream_bound),
        redelivery=settings.redelivery,
        guard_seconds=settings.guard_days * 86_400,
        unavailable=(Unavailable, StoreUnavailable),
    )
    return Service("publisher", settings, [stage], [store], [releases.run], clock)


def main() -> NoReturn:
    """Run until told to stop."""
    build(load(PublisherSettings)).run()
