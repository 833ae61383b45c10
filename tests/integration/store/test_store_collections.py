"""What each collection keeps, gives back, and does not keep twice."""

from dataclasses import replace
from datetime import timedelta

from shared.schemas import DeadLetter, Hop, PublishedEvent, PublishedStory, RawField
from shared.store import (
    ArchivedEvent,
    AuditEntry,
    DeadLetterRecord,
    Decision,
    Embargo,
    Passage,
    RawRecord,
    Store,
    StoryState,
    VersionRecord,
    Watermark,
)
from shared.store.audit import Audit
from tests.stories import NOON, story, tags

URI = "urn:test:1"


def hop(stage: str, entry: int = 1, *, minutes: int = 0, deliveries: int = 1) -> Hop:
    return Hop(
        stage=stage,
        stream=f"stories.{stage}",
        entry_id=f"{entry}-0",
        time=NOON + timedelta(minutes=minutes),
        duration_ms=1.5,
        outcome="accepted",
        deliveries=deliveries,
    )


def event(version: int = 1, *, uri: str = URI, minutes: int = 0) -> PublishedEvent:
    return PublishedEvent(
        id=f"{uri}:{version}:published",
        type="wiredesk.story.published.v1",
        subject=uri,
        time=NOON + timedelta(minutes=minutes),
        data=PublishedStory(story=story(version, uri=uri), tags=tags()),
    )


def letter(**changes: object) -> DeadLetter:
    known: dict[str, object] = {
        "reason": "rejected",
        "error": "Reject",
        "message": "`body` is empty",
        "stage": "ingest",
        "stream": "stories.ingest",
        "entry_id": "7-0",
        "deliveries": 1,
        "time": NOON,
        "uri": URI,
        "fields": (RawField(name="body", value=""),),
    }
    return DeadLetter.model_validate(known | changes)


async def test_raw_keeps_every_byte_and_the_first_outcome(store: Store) -> None:
    fields = (RawField.of(b"body", b"caf\xc3\xa9\x00"), RawField.of(b"odd", b"\xff\xfe"))
    record = RawRecord("s/i/1-0", "s", "1-0", "accepted", URI, 1, NOON, 2.5, fields)

    await store.raw.save([record])
    await store.raw.save([replace(record, outcome="duplicate")])

    assert await store.raw.find(["s/i/1-0", "s/i/2-0"]) == {"s/i/1-0": record}
    assert (await store.raw.outcomes(["s/i/1-0"]))["s/i/1-0"].fields == ()
    assert [item.content() for item in (await store.raw.of(URI))[0].fields] == [
        b"caf\xc3\xa9\x00",
        b"\xff\xfe",
    ]
    assert await store.raw.outcomes([]) == {}


async def test_a_version_comes_back_as_it_was_stored(store: Store) -> None:
    exact = NOON + timedelta(microseconds=123_456)
    record = VersionRecord(story(2, embargoed_until=exact, removed=()), "s/i/1-0", NOON, 7, exact)

    assert await store.versions.take([record]) == frozenset()

    assert await store.versions.get(URI, 2) == record
    assert await store.versions.get(URI, 3) is None
    assert await store.versions.known([URI, "urn:none"]) == {URI: [record.known]}
    assert await store.versions.of_sources(["s/i/1-0", "s/i/9-0"]) == {"s/i/1-0": record}


async def test_a_taken_number_and_a_second_version_of_one_entry_are_refused(store: Store) -> None:
    first = VersionRecord(story(1), "s/i/1-0", NOON)
    await store.versions.take([first])

    refused = await store.versions.take(
        [
            VersionRecord(story(1), "s/i/2-0", NOON),  # the number is taken
            VersionRecord(story(2), "s/i/1-0", NOON),  # the entry has one
            VersionRecord(story(3), "s/i/3-0", NOON),
        ]
    )

    assert refused == {"s/i/2-0", "s/i/1-0"}
    assert [(item.version, item.source) for item in await store.versions.history(URI)] == [
        (1, "s/i/1-0"),
        (3, "s/i/3-0"),
    ]


async def test_a_decision_stands_until_it_is_replaced(store: Store) -> None:
    waits = Decision(URI, 1, "embargoed", NOON, "s/i/1-0")
    out = replace(waits, outcome="published", time=NOON + timedelta(hours=1))

    await store.decisions.save([waits])
    await store.decisions.save([out])
    assert await store.decisions.of([URI]) == [waits]

    await store.decisions.replace([out, Decision("urn:test:2", 1, "withheld", NOON, "s/i/2-0")])
    assert await store.decisions.of([URI, "urn:test:2"]) == [
        out,
        Decision("urn:test:2", 1, "withheld", NOON, "s/i/2-0"),
    ]
    assert await store.decisions.of([]) == []


async def test_a_timeline_gives_each_step_once_in_order(store: Store) -> None:
    await store.timeline.save([Passage("ingest/s/i/1-0", URI, 1, (hop("ingest"),))])
    whole = Passage(
        "archive/s/i/9-0",
        URI,
        1,
        (hop("ingest", deliveries=2), hop("enrichment", 2, minutes=1), hop("publisher", 3, minutes=2)),
    )
    await store.timeline.save([whole])
    await store.timeline.save([whole])

    steps = await store.timeline.of(URI)

    assert [step.stage for step in steps] == ["ingest", "enrichment", "publisher"]
    assert steps[0].deliveries == 2
    assert (steps[0].uri, steps[0].version, steps[0].duration_ms, steps[0].time) == (URI, 1, 1.5, NOON)


async def test_an_event_is_archived_once_by_entry_and_by_event(store: Store) -> None:
    await store.archive.save([ArchivedEvent("1700000000000-1", event(1))])
    await store.archive.save(
        [
            ArchivedEvent("1700000000000-1", event(1)),  # the same again
            ArchivedEvent("1700000000000-2", event(1)),  # the event under another entry
            ArchivedEvent("1700000000000-3", event(2)),
        ]
    )

    kept = await store.archive.of(URI)

    assert [item.entry_id for item in kept] == ["1700000000000-1", "1700000000000-3"]
    assert await store.archive.event(f"{URI}:2:published") == kept[1]
    assert await store.archive.holds([f"{URI}:2:published", "none"]) == {f"{URI}:2:published"}
    assert await store.archive.holds([]) == frozenset()


async def test_the_archive_reads_in_the_order_of_entry_ids_not_of_text(store: Store) -> None:
    ids = ["999-5", "1000-2", "1000-10", "1000-9"]
    await store.archive.save([ArchivedEvent(item, event(number)) for number, item in enumerate(ids, 1)])

    found = await store.archive.between("999-5", "1000-10")

    assert [item.entry_id for item in found] == ["1000-2", "1000-9"]
    assert [item.entry_id for item in await store.archive.between("0-0", "2000-0", limit=2)] == [
        "999-5",
        "1000-2",
    ]


async def test_a_storys_state_never_goes_back(store: Store) -> None:
    await store.stories.save([StoryState.of(event(2, minutes=2), "2-0"), StoryState.of(event(1), "1-0")])
    await store.stories.save([StoryState.of(event(1), "1-0")])
    assert await store.stories.get(URI) == StoryState.of(event(2, minutes=2), "2-0")

    await store.stories.save([StoryState.of(event(3, minutes=3), "3-0")])
    state = await store.stories.get(URI)
    assert state
    assert (state.version, state.topics, state.places) == (3, ("03000000",), ("YE",))
    assert await store.stories.get("urn:none") is None


async def test_recent_stories_come_newest_first_within_the_window(store: Store) -> None:
    for number in range(4):
        await store.stories.save([StoryState.of(event(1, uri=f"urn:test:{number}", minutes=number), "1-0")])

    found = await store.stories.recent(NOON + timedelta(minutes=1), NOON + timedelta(minutes=3))

    assert [state.uri for state in found] == ["urn:test:2", "urn:test:1"]


async def test_a_dead_letter_keeps_what_was_done_about_it(store: Store) -> None:
    record = DeadLetterRecord("stories.dead/i/1-0", letter(), (hop("ingest"),))
    await store.dead_letters.save([record])

    assert await store.dead_letters.mark(record.source, "replayed")
    assert not await store.dead_letters.mark(record.source, "dropped")
    await store.dead_letters.save([record])

    kept = await store.dead_letters.get(record.source)
    assert kept == replace(record, state="replayed")
    assert await store.dead_letters.of_entry("stories.ingest", "7-0") == kept
    assert await store.dead_letters.of(URI) == [kept]
    assert await store.dead_letters.get("none") is None
    window = (NOON, NOON + timedelta(minutes=1))
    assert await store.dead_letters.listed("open", *window) == []
    assert await store.dead_letters.listed("replayed", *window) == [kept]


async def test_a_dead_letter_larger_than_a_document_is_kept_without_its_largest_field(store: Store) -> None:
    fields = (RawField.of(b"headline", b"Big"), RawField.of(b"body", b"\xff" + b"x" * 13_000_000))

    await store.dead_letters.save([DeadLetterRecord("stories.dead/i/1-0", letter(fields=fields))])

    kept = await store.dead_letters.get("stories.dead/i/1-0")
    assert kept
    assert [item.name for item in kept.letter.fields] == ["headline"]
    assert kept.letter.cut == 13_000_001


async def test_an_embargo_is_due_at_its_hour_and_leased_once(store: Store) -> None:
    soon = Embargo(URI, 1, NOON + timedelta(hours=1), "s/i/1-0", "{}")
    later = Embargo(URI, 2, NOON + timedelta(hours=2), "s/i/2-0", "{}")
    await store.embargoes.save([later, soon])

    assert await store.embargoes.due(NOON) == []
    assert await store.embargoes.next_hour(NOON + timedelta(minutes=5)) is None
    assert await store.embargoes.next_hour(NOON + timedelta(days=1)) == soon.release_at
    assert await store.embargoes.due(soon.release_at) == [soon]

    assert await store.embargoes.lease(soon, soon.release_at)
    assert not await store.embargoes.lease(soon, soon.release_at)
    assert await store.embargoes.due(soon.release_at) == []


async def test_a_lease_that_nobody_finishes_ends(store: Store) -> None:
    embargo = Embargo(URI, 1, NOON, "s/i/1-0", "{}")
    await store.embargoes.save([embargo])
    await store.embargoes.lease(embargo, NOON)
    assert await store.embargoes.due(NOON + timedelta(minutes=2)) == [embargo]

    await store.embargoes.give_back(embargo)
    assert await store.embargoes.due(NOON) == [embargo]

    await store.embargoes.finish(embargo, "released")
    await store.embargoes.save([embargo])
    assert await store.embargoes.due(NOON + timedelta(days=1)) == []
    assert await store.embargoes.of(URI) == [replace(embargo, state="released")]


async def test_a_watermark_never_falls(store: Store) -> None:
    assert await store.watermarks.read("stories.published") is None

    await store.watermarks.rise(Watermark("stories.published", "1000-10", NOON))
    await store.watermarks.rise(Watermark("stories.published", "1000-9", NOON))

    assert await store.watermarks.read("stories.published") == Watermark("stories.published", "1000-10", NOON)


async def test_the_audit_trail_is_only_added_to(store: Store) -> None:
    entries = [
        AuditEntry(NOON + timedelta(minutes=number), "operator", action, URI, {"why": "test"})
        for number, action in enumerate(["replay", "drop"])
    ]
    for entry in entries:
        await store.audit.append(entry)

    assert await store.audit.of(URI) == entries
    public = {name for name in vars(Audit) if not name.startswith("_")}
    assert public == {"name", "indexes", "append", "of"}
