"""The publisher's handler over a real store: what goes out, as what, and once."""

from datetime import timedelta
from typing import Any

import pytest

from services.publisher.event import build_event, plain_fields
from services.publisher.stage import PublisherHandler
from shared.schemas import Hop, PublishedEvent, StoryEnriched
from shared.store import ArchivedEvent, Store
from shared.streaming import PUBLISHED, Delivery, Done, Emit, VersionGuard, append_hop
from tests.stories import NOON, SetClock, delivery, enriched, write_hop

RELEASED = {b"released": b"withheld"}
LATER = NOON + timedelta(hours=1)
URI = "urn:test:1"


def entry(version: int, number: int = 0, released: bool = False, **story: Any) -> Delivery[StoryEnriched]:
    fields = RELEASED if released else None
    return delivery(enriched(version, **story), number or version, stream="stories.enriched", fields=fields)


def event_of(answer: object) -> PublishedEvent:
    assert isinstance(answer, Emit)
    (output,) = answer.outputs
    assert (answer.reason, output.stream) == ("published", PUBLISHED)
    event = output.message
    assert isinstance(event, PublishedEvent)
    assert output.guard == VersionGuard(event.subject, event.data.story.version)
    assert output.fields == plain_fields(event)
    return event


def kinds(answers: list[Any]) -> list[str]:
    """`published`, `corrected` … for what goes out, the outcome for what does not."""
    return [
        event_of(answer).type.split(".")[2] if isinstance(answer, Emit) else answer.reason
        for answer in answers
    ]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def handle(store: Store, clock: SetClock) -> PublisherHandler:
    return PublisherHandler(store, clock)


async def test_a_story_goes_out_with_its_tags(handle: PublisherHandler) -> None:
    event = event_of((await handle([entry(1)]))[0])

    assert event == build_event(enriched(1).story, enriched(1).tags, "published", NOON)


async def test_a_storys_life_in_one_batch(handle: PublisherHandler) -> None:
    batch = [entry(1), entry(2), entry(3, pub_status="canceled"), entry(4), entry(2, 9, body="late")]
    assert kinds(await handle(batch)) == ["published", "corrected", "withdrawn", "corrected", "corrected"]


async def test_a_storys_life_entry_by_entry(handle: PublisherHandler) -> None:
    lives = [entry(1), entry(3), entry(2), entry(4, pub_status="withheld"), entry(5, pub_status="canceled")]
    assert kinds([(await handle([item]))[0] for item in lives]) == [
        "published",
        "corrected",
        "superseded",
        "withheld",
        "withdrawn",
    ]


async def test_stories_do_not_mix(handle: PublisherHandler) -> None:
    batch = [entry(2, 1, uri="urn:a"), entry(1, 2, uri="urn:b"), entry(1, 3, uri="urn:a")]
    assert kinds(await handle(batch)) == ["published", "published", "superseded"]


async def test_a_repeat_is_the_very_same_event_whatever_has_happened_since(
    handle: PublisherHandler, clock: SetClock
) -> None:
    first = await handle([entry(1), entry(2)])
    clock.pass_by(minutes=5)

    assert await handle([entry(2)]) == first[1:]
    assert await handle([entry(1)]) == first[:1]


async def test_an_event_that_is_archived_is_not_sent_again(handle: PublisherHandler, store: Store) -> None:
    answers = await handle([entry(1), entry(2)])
    await store.archive.save([ArchivedEvent("5-0", event_of(answers[0]))])

    again = await handle([entry(1), entry(2)])

    assert again == [Done("repeated"), answers[1]]


async def test_an_embargoed_story_is_kept_whole_and_says_so(store: Store, clock: SetClock) -> None:
    called: list[str] = []
    handle = PublisherHandler(store, clock, lambda: called.append("embargoed"))
    item = entry(1, embargoed_until=LATER)

    assert await handle([item, entry(1, 2, uri="urn:other")]) == [
        Done("withheld"),
        (await handle([entry(1, 2, uri="urn:other")]))[0],
    ]

    (embargo,) = await store.embargoes.of(URI)
    assert (embargo.release_at, embargo.state, embargo.source) == (LATER, "waiting", item.source_key)
    assert StoryEnriched.model_validate_json(embargo.message) == item.message
    assert called == ["embargoed"]


async def test_an_entry_over_the_end_of_its_embargo_still_waits_for_its_release(
    handle: PublisherHandler, clock: SetClock
) -> None:
    item = entry(1, embargoed_until=LATER)
    await handle([item])
    clock.pass_by(hours=2)

    assert kinds(await handle([item])) == ["withheld"]
    assert kinds(await handle([entry(1, 7, released=True, embargoed_until=LATER)])) == ["published"]


async def test_a_release_that_comes_twice_is_one_event(handle: PublisherHandler, clock: SetClock) -> None:
    await handle([entry(1, embargoed_until=LATER)])
    clock.pass_by(hours=1)
    releases = [entry(1, number, released=True, embargoed_until=LATER) for number in (7, 8)]

    together = await handle(releases)
    alone = await handle(releases[1:])

    assert event_of(together[0]) == event_of(together[1]) == event_of(alone[0])


async def test_only_the_mark_of_a_release_passes_an_embargo(handle: PublisherHandler) -> None:
    replayed = delivery(
        enriched(1, embargoed_until=LATER), stream="stories.enriched", fields={b"released": b"dead_lettered"}
    )
    assert kinds(await handle([replayed])) == ["withheld"]


async def test_a_newer_version_keeps_an_embargoed_one_in(handle: PublisherHandler) -> None:
    await handle([entry(1, embargoed_until=LATER), entry(2, pub_status="withheld")])
    assert kinds(await handle([entry(1, 9, released=True, embargoed_until=LATER)])) == ["superseded"]


async def test_a_lifted_embargo_goes_out_at_once(handle: PublisherHandler) -> None:
    await handle([entry(1, embargoed_until=LATER)])
    assert kinds(await handle([entry(2)])) == ["published"]


async def test_what_ends_here_has_its_whole_way_in_the_timeline(
    store: Store, handle: PublisherHandler
) -> None:
    hop = Hop(
        stage="ingest", stream="stories.ingest", entry_id="1-0", time=NOON, duration_ms=2, outcome="accepted"
    )
    trace = {b"trace": append_hop(None, write_hop(hop))}
    held = delivery(enriched(1, pub_status="withheld"), 3, stream="stories.enriched", fields=trace)
    out = delivery(enriched(1, uri="urn:out"), 4, stream="stories.enriched", fields=trace)

    await handle([held, out])

    assert [(step.stage, step.outcome) for step in await store.timeline.of(URI)] == [
        ("ingest", "accepted"),
        ("publisher", "withheld"),
    ]
    assert await store.timeline.of("urn:out") == []  # the archive writes that one


async def test_decisions_are_there_before_anything_goes_out(store: Store, handle: PublisherHandler) -> None:
    await handle([entry(1), entry(2, embargoed_until=LATER)])
    assert [(item.version, item.outcome, item.time) for item in await store.decisions.of([URI])] == [
        (1, "published", NOON),
        (2, "embargoed", NOON),
    ]
