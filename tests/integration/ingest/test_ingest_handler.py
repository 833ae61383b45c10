"""The ingest handler over a real store: outcomes, repeats, and workers that meet at one story."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from services.ingest.stage import IngestHandler
from shared.schemas import RawStory, Story, StoryAccepted
from shared.store import Mongo, RawRecord, Store
from shared.streaming import ACCEPTED, Delivery, Done, Emit, Reject
from tests.servers.mongo import MongoServer
from tests.stories import NOON, delivery, raw


def emitted(answer: object) -> Story:
    assert isinstance(answer, Emit)
    (output,) = answer.outputs
    assert (answer.reason, output.stream) == ("accepted", ACCEPTED)
    assert isinstance(output.message, StoryAccepted)
    story = output.message.story
    assert output.fields == {"id": story.uri, "version": str(story.version), "language": story.language}
    assert output.guard is None
    return story


def batch(*bodies: str, first: int = 1) -> list[Delivery[RawStory]]:
    return [delivery(raw(body), entry) for entry, body in enumerate(bodies, first)]


async def test_a_new_story_is_passed_on_and_kept_with_its_bytes_and_its_way(store: Store) -> None:
    entry = delivery(raw("The bridge is open.", url="https://example.org/a"), fields={b"extra": b"\xff"})

    story = emitted((await IngestHandler(store)([entry]))[0])

    assert story.version == 1
    record = (await store.raw.find([entry.source_key]))[entry.source_key]
    assert (record.outcome, record.uri, record.version, record.arrived) == ("accepted", story.uri, 1, NOON)
    assert {field.name: field.content() for field in record.fields} == dict(
        zip(["data", "extra"], entry.fields.values(), strict=True)
    )
    kept = await store.versions.get(story.uri, 1)
    assert kept
    assert (kept.story, kept.source) == (story, entry.source_key)
    (step,) = await store.timeline.of(story.uri)
    assert (step.stage, step.stream, step.entry_id, step.outcome, step.time) == (
        "ingest",
        "stories.ingest",
        entry.entry_id,
        "accepted",
        NOON,
    )
    assert step.duration_ms >= 0


async def test_a_batch_of_one_storys_versions_is_numbered_in_its_order(store: Store) -> None:
    entries = batch("Two were hurt.", "Three were hurt.", "Three were hurt.", "Four were hurt.")

    answers = await IngestHandler(store)(entries)

    assert [emitted(answers[index]).version for index in (0, 1, 3)] == [1, 2, 3]
    assert answers[2] == Done("duplicate")
    records = await store.raw.find([entry.source_key for entry in entries])
    assert [(records[entry.source_key].outcome, records[entry.source_key].version) for entry in entries] == [
        ("accepted", 1),
        ("accepted", 2),
        ("duplicate", 2),
        ("accepted", 3),
    ]


async def test_an_older_version_of_the_sender_is_superseded(store: Store) -> None:
    handle = IngestHandler(store)
    await handle([delivery(raw("Now five.", version=5), 1)])

    (answer,) = await handle([delivery(raw("Then four.", version=4), 2)])

    assert answer == Done("superseded")
    record = (await store.raw.find([delivery(raw(), 2).source_key])).popitem()[1]
    assert (record.outcome, record.version) == ("superseded", 5)


async def test_a_withdrawal_is_a_version_of_its_own(store: Store) -> None:
    handle = IngestHandler(store)
    await handle([delivery(raw(), 1)])

    withdrawn = emitted((await handle([delivery(raw(pub_status="canceled"), 2)]))[0])

    assert (withdrawn.version, withdrawn.pub_status) == (2, "canceled")


async def test_a_story_that_cannot_pass_stops_no_neighbour(store: Store) -> None:
    hollow = raw("<html><head></head><body></body></html>", content_type="text/html", guid="two")
    entries = [
        delivery(raw("One.", guid="one"), 1),
        delivery(hollow, 2),
        delivery(raw("Three.", guid="three"), 3),
    ]

    answers = await IngestHandler(store)(entries)

    assert emitted(answers[0]).version == emitted(answers[2]).version == 1
    assert isinstance(answers[1], Reject)
    assert await store.raw.find([entries[1].source_key]) == {}


async def test_a_repeat_gets_its_answer_again_and_changes_nothing(store: Store) -> None:
    handle = IngestHandler(store)
    entries = batch("Two were hurt.", "Two were hurt.", "Three were hurt.")
    first = await handle(entries)
    await handle(batch("Two were hurt.", first=9))  # by now the story reads as at its first version again

    again = await handle(entries)

    assert [emitted(again[index]) for index in (0, 2)] == [emitted(first[index]) for index in (0, 2)]
    assert again[1] == first[1] == Done("duplicate")
    story = emitted(first[0])
    assert [item.version for item in await store.versions.history(story.uri)] == [1, 2, 3]


class Cut(Exception):
    """The worker dies here."""


class DyingRaw:
    """A store of raw entries whose worker dies before it writes."""

    def __init__(self, store: Store) -> None:
        self._raw = store.raw

    async def outcomes(self, sources: Sequence[str]) -> dict[str, RawRecord]:
        return await self._raw.outcomes(sources)

    async def save(self, records: Sequence[RawRecord]) -> None:
        raise Cut


async def test_a_worker_that_dies_between_its_writes_leaves_a_whole_story_behind(store: Store) -> None:
    alive, raw_entries = IngestHandler(store), store.raw
    store.raw = DyingRaw(store)  # type: ignore[assignment]
    entries = batch("Two were hurt.", "Two were hurt.", "Three were hurt.")
    with pytest.raises(Cut):
        await alive(entries)
    store.raw = raw_entries

    answers = await IngestHandler(store)(entries)

    assert [emitted(answers[index]).version for index in (0, 2)] == [1, 2]
    uri = emitted(answers[0]).uri
    assert [item.version for item in await store.versions.history(uri)] == [1, 2]
    assert len(await store.timeline.of(uri)) == 3


async def test_an_entry_handled_late_does_not_overtake_what_arrived_after_it(store: Store) -> None:
    handle = IngestHandler(store)
    early, late = batch("Two were hurt.", "Three were hurt.")

    assert emitted((await handle([late]))[0]).version == 1
    assert await handle([early]) == [Done("superseded")]


@pytest.fixture
async def stores(mongo_server: MongoServer) -> AsyncIterator[list[Store]]:
    """Eight connections to one empty store, as eight workers have them."""
    database = mongo_server.new_database()
    stores = [Store(Mongo(mongo_server.url, database)) for _ in range(8)]
    await stores[0].start()
    yield stores
    for store in stores:
        await store.close()


@pytest.mark.parametrize("workers", [2, 8])
async def test_workers_that_take_the_next_version_at_once_each_get_one_of_their_own(
    stores: list[Store], workers: int
) -> None:
    """Entries of different lives of the stream cannot be compared: all of them are new versions."""
    entries = [delivery(raw(f"Now {n} were hurt."), n + 1, incarnation=f"life{n}") for n in range(workers)]
    await IngestHandler(stores[0])([delivery(raw("None was hurt."), 1, incarnation="first")])

    answers = await asyncio.gather(
        *(IngestHandler(store)([entry]) for store, entry in zip(stores, entries, strict=False))
    )

    stories = [emitted(answer) for (answer,) in answers]
    assert sorted(story.version for story in stories) == list(range(2, workers + 2))
    history = await stores[0].versions.history(stories[0].uri)
    assert [item.version for item in history] == list(range(1, workers + 2))
    assert {item.source for item in history[1:]} == {entry.source_key for entry in entries}
    assert {item.story.body_text for item in history[1:]} == {story.body_text for story in stories}


@pytest.mark.parametrize("workers", [2, 8])
async def test_workers_with_batches_of_one_stream_lose_none_and_end_at_the_last_that_arrived(
    stores: list[Store], workers: int
) -> None:
    entries = batch(*(f"Now {n} were hurt." for n in range(workers * 5)))

    parts = [entries[worker::workers] for worker in range(workers)]
    answers = await asyncio.gather(
        *(IngestHandler(store)(part) for store, part in zip(stores, parts, strict=False))
    )

    flat = [answer for part in answers for answer in part]
    stories = [emitted(answer) for answer in flat if isinstance(answer, Emit)]
    superseded = [answer for answer in flat if answer == Done("superseded")]
    assert len(stories) + len(superseded) == len(entries)
    history = await stores[0].versions.history(stories[0].uri)
    assert [item.version for item in history] == list(range(1, len(stories) + 1))
    assert history[-1].source == entries[-1].source_key
    order = [int(item.source.rpartition("-")[2]) for item in history]
    assert order == sorted(order)


async def test_two_workers_with_the_very_same_batch_give_the_very_same_answers(
    stores: list[Store],
) -> None:
    entries = batch(*(f"Now {n} were hurt." for n in range(10)))

    one, other = await asyncio.gather(*(IngestHandler(store)(entries) for store in stores[:2]))

    assert [emitted(answer) for answer in one] == [emitted(answer) for answer in other]
    assert [emitted(answer).version for answer in one] == list(range(1, 11))


async def test_the_event_loop_stays_free_while_heavy_pages_are_read(store: Store) -> None:
    page = "<table>" + "<tr><td>Cell of some text</td><td><b>x</b></td></tr>" * 2_400 + "</table>"
    entries = [delivery(raw(page, content_type="text/html", guid=str(n)), n) for n in range(5)]
    loop = asyncio.get_running_loop()
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = loop.time()
            await asyncio.sleep(0)
            longest = max(longest, loop.time() - before)

    watcher = asyncio.create_task(watch())
    began = loop.time()
    answers = await IngestHandler(store)(entries)
    took = loop.time() - began
    watcher.cancel()

    assert [emitted(answer).version for answer in answers] == [1] * 5
    assert longest < took / 5, f"the loop stood still for {longest:.3f} of {took:.3f} s"
