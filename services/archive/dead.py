"""The archive's handler of dead letters."""

import time
from collections.abc import Sequence

from services.archive.way import passage
from services.archive.whose import whose
from shared.schemas import DeadLetter
from shared.store import DeadLetterRecord, Passage, Store
from shared.streaming import Delivery, Done, Outcome

STAGE = "archive-dead"
ARCHIVED = Done("archived")


class DeadLetterHandler:
    """Handles a batch of `stories.dead`. Any number of workers may do so at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, deliveries: Sequence[Delivery[DeadLetter]]) -> list[Outcome]:
        """Every dead letter ends archived, once. Raises the store's errors."""
        began = time.monotonic()
        await self._store.dead_letters.save([_record(delivery) for delivery in deliveries])
        took = (time.monotonic() - began) * 1000
        passages = [_passage(delivery, took) for delivery in deliveries]
        await self._store.timeline.save([item for item in passages if item])
        return [ARCHIVED for _ in deliveries]


def _record(delivery: Delivery[DeadLetter]) -> DeadLetterRecord:
    letter = delivery.message
    uri = whose(letter).uri
    return DeadLetterRecord(delivery.source_key, letter.model_copy(update={"uri": uri}), delivery.trace)


def _passage(delivery: Delivery[DeadLetter], took: float) -> Passage | None:
    """None for a letter about a story without an identity: its record holds its way."""
    story = whose(delivery.message)
    if story.uri is None:
        return None
    return passage(STAGE, delivery, story.uri, story.version, ARCHIVED.reason, took)
