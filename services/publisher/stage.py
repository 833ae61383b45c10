"""The publisher's handler: load what was decided so far, decide, write it down, return."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from services.publisher.decide import decide, own
from services.publisher.event import EventKind, build_event, event_id, plain_fields
from shared.runtime import Clock
from shared.schemas import StoryEnriched
from shared.store import Decision, Embargo, Passage, Store
from shared.streaming import PUBLISHED, Delivery, Done, Emit, Outcome, VersionGuard
from shared.streaming.wire import RELEASED, TRACE

STAGE = "publisher"
WITHHELD = "withheld"

Enriched = Delivery[StoryEnriched]


@dataclass(frozen=True, slots=True)
class Verdict:
    """An entry and the decision about it. `before` is the one that was written down earlier, if any."""

    delivery: Enriched
    decision: Decision
    before: Decision | None

    @property
    def kind(self) -> EventKind:
        """The kind of event, of a decision that lets one out."""
        return cast("EventKind", self.decision.outcome)

    @property
    def event_id(self) -> str:
        """The event's id, of a decision that lets one out."""
        return event_id(self.delivery.message.story, self.kind)

    @property
    def is_repeat(self) -> bool:
        """Whether this decision was written down earlier."""
        return self.before == self.decision


class PublisherHandler:
    """Handles a batch of `stories.enriched`. `embargoed` is called when a story begins to wait."""

    def __init__(self, store: Store, clock: Clock, embargoed: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._clock = clock
        self._embargoed = embargoed

    async def __call__(self, deliveries: Sequence[Enriched]) -> list[Outcome]:
        """One outcome per delivery, in order. Raises the store's errors."""
        began = time.monotonic()
        verdicts = await self._decide(deliveries)
        repeats = [verdict.event_id for verdict in verdicts if verdict.is_repeat and verdict.decision.emitted]
        archived = await self._store.archive.holds(repeats)
        outcomes = [_outcome(verdict, archived) for verdict in verdicts]
        await self._save(verdicts, outcomes, (time.monotonic() - began) * 1000)
        return outcomes

    async def _decide(self, deliveries: Sequence[Enriched]) -> list[Verdict]:
        """Each sees what was decided before it, also in this batch."""
        now = _milliseconds(self._clock.now())
        history: dict[str, list[Decision]] = defaultdict(list)
        for decision in await self._store.decisions.of({item.message.story.uri for item in deliveries}):
            history[decision.uri].append(decision)
        verdicts: list[Verdict] = []
        for delivery in deliveries:
            story = delivery.message.story
            so_far = history[story.uri]
            before = own(story, so_far)
            outcome = decide(story, so_far, now, released=_is_release(delivery))
            decision = Decision(story.uri, story.version, outcome, now, delivery.source_key)
            if before and before.outcome == outcome:
                decision = before
            verdicts.append(Verdict(delivery, decision, before))
            history[story.uri] = [item for item in so_far if item is not before] + [decision]
        return verdicts

    async def _save(self, verdicts: Sequence[Verdict], outcomes: Sequence[Outcome], took: float) -> None:
        """Embargoes and the timeline first: once a decision is there, all that belongs to it is."""
        waiting = [_embargo(verdict) for verdict in verdicts if verdict.decision.outcome == "embargoed"]
        await self._store.embargoes.save(waiting)
        ended = [
            _passage(verdict.delivery, outcome.reason, took)
            for verdict, outcome in zip(verdicts, outcomes, strict=True)
            if isinstance(outcome, Done)
        ]
        await self._store.timeline.save(ended)
        fresh = [verdict for verdict in verdicts if not verdict.is_repeat]
        await self._store.decisions.save([verdict.decision for verdict in fresh if not verdict.before])
        await self._store.decisions.replace([verdict.decision for verdict in fresh if verdict.before])
        if waiting:
            self._embargoed()


def _outcome(verdict: Verdict, archived: frozenset[str]) -> Outcome:
    """What the engine is told. An event that the archive holds is not sent again, whatever became of the
    guard in Redis meanwhile."""
    decision, message = verdict.decision, verdict.delivery.message
    if decision.outcome == "superseded":
        return Done("superseded")
    if not decision.emitted:
        return Done(WITHHELD)
    if verdict.is_repeat and verdict.event_id in archived:
        return Done("repeated")
    event = build_event(message.story, message.tags, verdict.kind, decision.time)
    guard = VersionGuard(message.story.uri, message.story.version)
    return Emit.one(PUBLISHED, event, "published", fields=plain_fields(event), guard=guard)


def _is_release(delivery: Enriched) -> bool:
    return delivery.fields.get(RELEASED) == WITHHELD.encode()


def _embargo(verdict: Verdict) -> Embargo:
    message = verdict.delivery.message
    hour = message.story.embargoed_until or verdict.decision.time
    return Embargo(
        uri=message.story.uri,
        version=message.story.version,
        release_at=_milliseconds(hour),
        source=verdict.delivery.source_key,
        message=message.model_dump_json(),
        trace=verdict.delivery.fields.get(TRACE, b"[]").decode("utf-8", "replace"),
    )


def _passage(delivery: Enriched, outcome: str, took: float) -> Passage:
    story, hops = delivery.message.story, (*delivery.trace, delivery.hop(STAGE, outcome, took))
    return Passage(f"{STAGE}/{delivery.source_key}", story.uri, story.version, hops)


def _milliseconds(moment: datetime) -> datetime:
    """Cut to what the store keeps, so that a repeat builds the very same event."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
