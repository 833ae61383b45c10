"""From XADD stories.ingest to an event on stories.published."""

import json
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.schemas import PublishedEvent
from tests.wire import Wire

SCRAPED = Path(__file__).parents[3] / "shared" / "data" / "scraped-page.txt"


def unique(text: str) -> str:
    """A text that no other test, and no earlier run against the same stack, has sent."""
    return f"{text} Filed as {uuid.uuid4().hex}."


def story_text(topic: str = "The central bank raised interest rates") -> str:
    return unique(
        f"{topic} on Monday, officials in Berlin said. Analysts had expected the decision for several weeks. "
        "Shares rose slightly after the announcement, while the currency was stable against the dollar."
    )


def places(event: PublishedEvent) -> dict[str, list[str]]:
    """Place → the words that stand at its mentions."""
    body = event.data.story.body_text
    return {
        entity.name: [body[m.start : m.end] for m in entity.mentions]
        for entity in event.data.tags.entities
        if entity.kind == "place"
    }


@pytest.mark.skipif(not SCRAPED.exists(), reason="the real scraped page lies outside the project")
def test_the_page_that_started_this_project(wire: Wire) -> None:
    # an own provider makes it a story of this run's own
    wire.push(body=SCRAPED.read_text(), provider=f"test-{uuid.uuid4().hex}", guid="scraped")
    pushed = time.monotonic()
    (event,) = wire.wait_events(1)
    assert time.monotonic() - pushed < 10  # `make bench` measures the latency; this only bounds a hang
    story, tags = event.data.story, event.data.tags
    assert story.headline == "Russia Increases Number of Airstrikes Against ISIS Targets in Syria"
    assert story.body_text.startswith("Russia has intensified")
    assert story.body_text.endswith("in the near future.")
    assert "16000000" in [subject.code for subject in tags.subjects]
    found = places(event)
    assert {"Russia", "Syria", "Damascus"} <= set(found)
    for name, words in found.items():
        assert words
        assert all(word for word in words), name
    assert found["Damascus"] == ["Damascus"]


def test_flat_fields_and_json_are_the_same_story(wire: Wire) -> None:
    body, provider = story_text(), f"test-{uuid.uuid4().hex}"
    first = {
        "body": body,
        "headline": "Rates rise",
        "provider": provider,
        "guid": "a",
        "keywords": ["money", "bank"],
    }
    wire.push(**{**first, "keywords": "money, bank"})
    wire.wait_events(1)
    wire.push_data(json.dumps({**first, "keywords": ["money", "bank"]}))
    wire.wait_quiet()
    (event,) = wire.events()
    assert event.data.story.keywords == ("money", "bank")


def test_the_plain_fields_tell_what_the_event_says(wire: Wire) -> None:
    wire.push(body=story_text(), headline="Rates rise", provider="agency", language="en")
    (event,) = wire.wait_events(1)
    (plain,) = wire.plain()
    assert plain["id"] == event.id == f"{event.subject}:1:published"
    assert plain["type"] == event.type == "wiredesk.story.published.v1"
    assert plain["subject"] == event.subject
    assert plain["language"] == "en"
    assert plain["topics"] == ",".join(subject.code for subject in event.data.tags.subjects)
    assert [hop[0] for hop in json.loads(plain["trace"])] == ["ingest", "enrichment", "publisher"]


def test_a_correction_and_a_withdrawal_are_events_of_the_same_story(wire: Wire) -> None:
    provider = f"test-{uuid.uuid4().hex}"
    text = story_text()
    for version, changes in enumerate(
        [{}, {"body": text + " Corrected: the rate is 3.5 percent."}, {"pub_status": "canceled"}], start=1
    ):
        wire.push(**{"body": text, "provider": provider, "guid": "g", "headline": "Rates", **changes})
        wire.wait_events(version)
    events = wire.events()
    assert len({event.subject for event in events}) == 1
    assert [event.type.split(".")[2] for event in events] == ["published", "corrected", "withdrawn"]
    assert [event.data.story.version for event in events] == [1, 2, 3]


def test_an_unchanged_resend_is_a_duplicate_and_counted(wire: Wire) -> None:
    before = wire.counters()
    fields = {"body": story_text(), "provider": "agency", "guid": uuid.uuid4().hex}
    wire.push(**fields)
    wire.wait_events(1)
    wire.push(**fields)
    wire.wait(lambda: (wire.counters() - before)["ingest.duplicate"] == 1)
    wire.wait_quiet()
    assert len(wire.events()) == 1


def test_an_older_version_of_the_sender_is_superseded(wire: Wire) -> None:
    before = wire.counters()
    fields = {"provider": "agency", "guid": uuid.uuid4().hex}
    wire.push(**fields, body=story_text(), version=5)
    wire.wait_events(1)
    wire.push(**fields, body=story_text(), version=3)
    wire.wait(lambda: (wire.counters() - before)["ingest.superseded"] == 1)
    wire.wait_quiet()
    assert [event.data.story.version for event in wire.events()] == [5]


def test_an_embargoed_story_is_withheld_and_released_on_time(wire: Wire) -> None:
    before = wire.counters()
    until = datetime.now(UTC) + timedelta(seconds=4)
    wire.push(body=story_text(), provider="agency", guid=uuid.uuid4().hex, embargoed_until=until.isoformat())
    wire.wait(lambda: (wire.counters() - before)["publisher.withheld"] == 1)
    assert wire.events() == []
    (event,) = wire.wait_events(1)
    assert event.time >= until
    assert event.time - until < timedelta(seconds=3)
    wire.wait_quiet()
    change = wire.counters()
    change.subtract(before)
    assert (change["publisher.withheld"], change["publisher.published"]) == (0, 1)


def test_many_stories_all_come_out_once(wire: Wire) -> None:
    run = uuid.uuid4().hex
    wire.push_many(
        {"body": story_text(), "provider": run, "guid": n, "headline": f"Story {n}"} for n in range(150)
    )
    events = wire.wait_events(150, seconds=120)
    wire.wait_quiet()
    assert sorted(int(event.data.story.guid or -1) for event in events) == list(range(150))
    assert len({event.id for event in wire.events()}) == 150
