"""The event and its plain fields."""

from datetime import timedelta

import pytest

from services.publisher.event import EventKind, build_event, event_id, plain_fields
from shared.schemas import Entity, PublishedEvent, Tags
from tests.stories import NOON, story, tags


@pytest.mark.parametrize("kind", ["published", "corrected", "withdrawn"])
def test_an_event_is_the_same_whenever_it_is_built(kind: EventKind) -> None:
    event = build_event(story(3), tags(), kind, NOON)

    assert event == build_event(story(3), tags(), kind, NOON)
    assert event.id == event_id(story(3), kind) == f"urn:test:1:3:{kind}"
    assert event.type == f"wiredesk.story.{kind}.v1"
    assert (event.subject, event.time, event.data.story, event.data.tags) == (
        "urn:test:1",
        NOON,
        story(3),
        tags(),
    )
    assert PublishedEvent.model_validate_json(event.model_dump_json()) == event


def test_plain_fields_say_enough_to_filter_on() -> None:
    event = build_event(story(3), tags(), "corrected", NOON + timedelta(milliseconds=7))
    assert plain_fields(event) == {
        "id": "urn:test:1:3:corrected",
        "type": "wiredesk.story.corrected.v1",
        "subject": "urn:test:1",
        "time": "2026-11-23T12:00:00.007Z",
        "topics": "03000000",
        "language": "en",
        "provider": "test",
        "version": "3",
        "places": "YE",
    }


def test_each_country_stands_once_and_none_is_empty() -> None:
    places = [
        Entity(kind="place", name=name, country=country, creator="test 1")
        for name, country in [("Aden", "YE"), ("Sanaa", "YE"), ("Cairo", "EG"), ("Atlantis", None)]
    ]
    with_places = plain_fields(build_event(story(), Tags(entities=tuple(places)), "published", NOON))
    without = plain_fields(build_event(story(), Tags(), "published", NOON))

    assert with_places["places"] == "EG,YE"
    assert (without["places"], without["topics"]) == ("", "")


def test_the_longest_uri_has_room_in_an_event_id() -> None:
    longest = story(2**53 - 1, uri="u" * 512)
    assert build_event(longest, tags(), "published", NOON).subject == "u" * 512
