"""Wires the archive: `stories.published` and `stories.dead` → MongoDB."""

from typing import Any, NoReturn

from services.archive import dead, events
from services.archive.settings import ArchiveSettings
from services.archive.watermark import WatermarkKeeper
from shared.runtime import Clock, Service, SystemClock, load
from shared.schemas import DeadLetter, PublishedEvent
from shared.store import Store, StoreUnavailable
from shared.streaming import DEAD, PUBLISHED, Retention, Stage, Unavailable

UNAVAILABLE = (Unavailable, StoreUnavailable)


def build(settings: ArchiveSettings, clock: Clock | None = None) -> Service:
    """The service with its two stages, connected to nothing yet."""
    clock = clock or SystemClock()
    store = Store.connect(settings.mongo_url.get_secret_value(), settings.mongo_database)
    keeper = WatermarkKeeper(store, clock)
    stages: list[Stage[Any]] = [_events(settings, store), _dead_letters(settings, store)]
    return Service("archive", settings, stages, [store], [keeper.run], clock)


def main() -> NoReturn:
    """Run until told to stop."""
    build(load(ArchiveSettings)).run()


def _events(settings: ArchiveSettings, store: Store) -> Stage[PublishedEvent]:
    return Stage(
        name=events.STAGE,
        source=PUBLISHED,
        message=PublishedEvent,
        handle=events.ArchiveHandler(store),
        batch=settings.batch_size,
        retention=Retention(
            group=events.STAGE,
            seconds=settings.published_retention_hours * 3_600,
            entries=settings.published_retention_entries,
        ),
        redelivery=settings.redelivery,
        unavailable=UNAVAILABLE,
    )


def _dead_letters(settings: ArchiveSettings, store: Store) -> Stage[DeadLetter]:
    return Stage(
        name=dead.STAGE,
        source=DEAD,
        message=DeadLetter,
        handle=dead.DeadLetterHandler(store),
        batch=settings.batch_size,
        retention=Retention(group=dead.STAGE, seconds=settings.published_retention_hours * 3_600),
        redelivery=settings.redelivery,
        unavailable=UNAVAILABLE,
    )
