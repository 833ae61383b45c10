"""The archive's handler of published events: each is kept, becomes its story's state, ends its way."""

import time
from collections.abc import Sequence

from services.archive.way import passage
from shared.schemas import PublishedEvent
from shared.store import ArchivedEvent, Passage, Store, StoryState
from shared.streaming import Delivery, Done, Outcome

STAGE = "archive"
ARCHIVED = Done("archived")


class ArchiveHandler:
    """Handles a batch of `stories.published`. Any number of workers may do so at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, deliveries: Sequence[Delivery[PublishedEvent]]) -> list[Outcome]:
        """Every event ends archived, once. Raises the store's errors."""
        began = time.monotonic()
        await self._store.archive.save([ArchivedEvent(item.entry_id, item.message) for item in deliveries])
        took = (time.monotonic() - began) * 1000
        # One after the other: at once, they cost the stand-in half as much again.
        await self._store.stories.save([StoryState.of(item.message, item.entry_id) for item in deliveries])
        await self._store.timeline.save([_passage(item, took) for item in deliveries])
        return [ARCHIVED for _ in deliveries]


def _passage(delivery: Delivery[PublishedEvent], took: float) -> Passage:
    story = delivery.message.data.story
    return passage(STAGE, delivery, story.uri, story.version, ARCHIVED.reason, took)
