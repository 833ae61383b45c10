"""The ingest handler: load, decide, save, return.

Each entry ends as accepted (a new version, passed on), duplicate or superseded, or is refused. What it
ended as is kept with its bytes: an entry that comes again gets the same answer, and nothing is saved anew.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.ingest.allocate import Allocated, allocate
from services.ingest.decide import Arrival, Duplicate, New
from services.ingest.draft import Draft
from services.ingest.prepare import prepare
from shared.schemas import Hop, RawField, RawStory, Story, StoryAccepted
from shared.store import IngestOutcome, Passage, RawRecord, Store
from shared.streaming import Delivery, Done, Emit, Outcome, Reject
from shared.streaming.names import ACCEPTED

STAGE = "ingest"

Answer = Outcome | Exception


@dataclass(frozen=True, slots=True)
class Ended:
    """An entry's end: its record, and the story that is passed on if it was accepted."""

    record: RawRecord
    story: Story | None

    def answer(self) -> Answer:
        """What the engine is told."""
        if self.record.outcome != "accepted":
            return Done(self.record.outcome)
        if self.story is None:
            return LookupError(
                f"version {self.record.version} of {self.record.uri} was accepted and is not stored any more"
            )
        return accepted(self.story)


class IngestHandler:
    """Handles a batch of `stories.ingest`. Any number of workers may do so at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, deliveries: Sequence[Delivery[RawStory]]) -> list[Answer]:
        """One answer per delivery, in order. Raises the store's errors."""
        began = time.monotonic()
        answers = await self._repeats(deliveries)
        fresh = [delivery for delivery in deliveries if delivery.source_key not in answers]
        drafts: list[tuple[Delivery[RawStory], Draft]] = []
        for delivery in fresh:
            prepared = await _prepared(delivery)
            if isinstance(prepared, Exception):
                answers[delivery.source_key] = prepared
            else:
                drafts.append((delivery, prepared))
        answers |= await self._decide_and_save(drafts, began)
        return [answers[delivery.source_key] for delivery in deliveries]

    async def _repeats(self, deliveries: Sequence[Delivery[RawStory]]) -> dict[str, Answer]:
        """Entries that have been handled before get the answer they got then: skip the save, not the emit."""
        records = await self._store.raw.outcomes([delivery.source_key for delivery in deliveries])
        accepted_before = [key for key, record in records.items() if record.outcome == "accepted"]
        stories = await self._store.versions.of_sources(accepted_before)
        return {
            key: Ended(record, stories[key].story if key in stories else None).answer()
            for key, record in records.items()
        }

    async def _decide_and_save(
        self, drafts: Sequence[tuple[Delivery[RawStory], Draft]], began: float
    ) -> dict[str, Answer]:
        arrivals = [Arrival(draft, delivery.source_key, received(delivery)) for delivery, draft in drafts]
        settled = await allocate(self._store.versions, arrivals)
        took = (time.monotonic() - began) * 1000
        answers: dict[str, Answer] = {}
        saved: list[tuple[Delivery[RawStory], Ended]] = []
        for delivery, _ in drafts:
            item = settled[delivery.source_key]
            if isinstance(item, Reject):
                answers[delivery.source_key] = item
            else:
                end = Ended(_record(delivery, item, took), item.story)
                saved.append((delivery, end))
                answers[delivery.source_key] = end.answer()
        await self._save(saved)
        return answers

    async def _save(self, ended: Sequence[tuple[Delivery[RawStory], Ended]]) -> None:
        """The versions are stored by now. The outcome comes last: once it is there, all of it is."""
        await self._store.timeline.save([_passage(delivery, end.record) for delivery, end in ended])
        await self._store.raw.save([end.record for _, end in ended])


def accepted(story: Story) -> Emit:
    """What is passed on for a new version."""
    fields = {"id": story.uri, "version": str(story.version), "language": story.language}
    return Emit.one(ACCEPTED, StoryAccepted(story=story), "accepted", fields=fields)


def received(delivery: Delivery[RawStory]) -> datetime:
    """When the entry was read, in UTC, in whole milliseconds as the store keeps them."""
    return datetime.fromtimestamp(int(delivery.received * 1000) / 1000, UTC)


async def _prepared(delivery: Delivery[RawStory]) -> Draft | Exception:
    """Clean one story in a thread: hostile HTML takes a second, and leases and health go on meanwhile."""
    try:
        return await asyncio.to_thread(prepare, delivery.message, received(delivery))
    except Exception as error:  # this entry's own: its neighbours are not stopped by it
        return error


def _record(delivery: Delivery[RawStory], item: Allocated, took: float) -> RawRecord:
    outcome: IngestOutcome
    if isinstance(item.decision, New):
        outcome = "accepted"
    elif isinstance(item.decision, Duplicate):
        outcome = "duplicate"
    else:
        outcome = "superseded"
    return RawRecord(
        source=delivery.source_key,
        stream=delivery.stream,
        entry_id=delivery.entry_id,
        outcome=outcome,
        uri=item.arrival.draft.uri if item.story is None else item.story.uri,
        version=item.decision.version,
        arrived=received(delivery),
        duration_ms=round(took, 1),
        fields=tuple(RawField.of(name, value) for name, value in delivery.fields.items()),
    )


def _passage(delivery: Delivery[RawStory], record: RawRecord) -> Passage:
    hop = Hop(
        stage=STAGE,
        stream=delivery.stream,
        entry_id=delivery.entry_id,
        time=record.arrived,
        duration_ms=record.duration_ms,
        outcome=record.outcome,
        deliveries=max(delivery.deliveries, 1),
    )
    return Passage(f"{STAGE}/{record.source}", record.uri, record.version, (hop,))
