"""The archive's two handlers over a real store."""

from typing import Any

import pytest

from services.archive.dead import DeadLetterHandler
from services.archive.events import ArchiveHandler
from services.publisher.event import EventKind, build_event
from shared.schemas import DeadLetter, Hop, PublishedEvent, RawField, StoryAccepted
from shared.store import Store
from shared.streaming import Delivery, Done, append_hop
from tests.stories import NOON, delivery, story, tags, write_hop

URI = "urn:test:1"
HOP = Hop(
    stage="ingest", stream="stories.ingest", entry_id="1-0", time=NOON, duration_ms=2, outcome="accepted"
)
TRACE = {b"trace": append_hop(None, write_hop(HOP))}


def published(version: int, number: int = 0, kind: EventKind = "published") -> Delivery[PublishedEvent]:
    event = build_event(story(version), tags(), kind, NOON)
    return delivery(event, number or version, stream="stories.published", fields=TRACE)


def dead(number: int = 1, data: bytes = b"not json", **changes: Any) -> Delivery[DeadLetter]:
    known: dict[str, Any] = {
        "reason": "failed",
        "error": "ValueError",
        "message": "it does not work",
        "stage": "enrichment",
        "stream": "stories.accepted",
        "entry_id": "7-0",
        "deliveries": 6,
        "time": NOON,
        "fields": (RawField.of(b"data", data),),
    }
    letter = DeadLetter(**known | changes)
    return delivery(letter, number, stream="stories.dead", fields=TRACE)


async def test_an_event_is_kept_and_becomes_its_storys_state(store: Store) -> None:
    item = published(1)

    assert await ArchiveHandler(store)([item]) == [Done("archived")]

    kept = await store.archive.event(f"{URI}:1:published")
    assert kept
    assert (kept.entry_id, kept.event) == (item.entry_id, item.message)
    state = await store.stories.get(URI)
    assert state
    assert (state.version, state.entry_id, state.type) == (1, item.entry_id, "wiredesk.story.published.v1")
    assert [(step.stage, step.outcome) for step in await store.timeline.of(URI)] == [
        ("ingest", "accepted"),
        ("archive", "archived"),
    ]


async def test_the_same_entries_again_change_nothing(store: Store) -> None:
    batch = [published(1), published(2, kind="corrected")]
    for _ in range(2):
        assert await ArchiveHandler(store)(batch) == [Done("archived")] * 2

    assert [item.event.type for item in await store.archive.of(URI)] == [
        "wiredesk.story.published.v1",
        "wiredesk.story.corrected.v1",
    ]
    state = await store.stories.get(URI)
    assert state
    assert state.version == 2
    assert len(await store.timeline.of(URI)) == 3


async def test_an_event_under_a_second_entry_is_kept_once(store: Store) -> None:
    await ArchiveHandler(store)([published(1, 1), published(1, 2)])
    assert [item.entry_id for item in await store.archive.of(URI)] == [published(1, 1).entry_id]


async def test_late_events_do_not_set_a_story_back(store: Store) -> None:
    await ArchiveHandler(store)([published(3, kind="withdrawn")])
    await ArchiveHandler(store)([published(2, kind="corrected")])

    state = await store.stories.get(URI)
    assert state
    assert (state.version, state.type) == (3, "wiredesk.story.withdrawn.v1")
    assert len(await store.archive.of(URI)) == 2


async def test_a_dead_letter_is_kept_with_the_story_that_it_is_about(store: Store) -> None:
    about = StoryAccepted(story=story(2)).model_dump_json().encode()
    item = dead(data=about)

    assert await DeadLetterHandler(store)([item]) == [Done("archived")]

    (record,) = await store.dead_letters.of(URI)
    assert (record.source, record.state, record.trace) == (item.source_key, "open", (HOP,))
    assert record.letter == item.message.model_copy(update={"uri": URI})
    steps = await store.timeline.of(URI)
    assert [(step.stage, step.version) for step in steps] == [("ingest", 2), ("archive-dead", 2)]


@pytest.mark.parametrize("data", [b"not json", b"\xff\xfe\x00", b""])
async def test_a_dead_letter_about_nobody_is_kept_byte_for_byte(store: Store, data: bytes) -> None:
    item = dead(data=data, stage="ingest", stream="stories.ingest")

    await DeadLetterHandler(store)([item])
    await DeadLetterHandler(store)([item])

    record = await store.dead_letters.of_entry("stories.ingest", "7-0")
    assert record
    assert [field.content() for field in record.letter.fields] == [data]
    assert record.letter.uri is None


async def test_dead_letters_of_another_life_of_the_stream_are_others(store: Store) -> None:
    await DeadLetterHandler(store)([dead(1), dead(1)._replace(incarnation="reborn"), dead(2)])
    assert len(await store.dead_letters.listed("open", NOON, NOON.replace(hour=13))) == 3
