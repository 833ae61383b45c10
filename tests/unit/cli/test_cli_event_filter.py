"""Which events `wiredesk tail` lets through."""

import pytest

from services.cli.event_filter import EventFilter
from services.cli.wire_event import NotAnEvent, WireEvent
from tests.unit.cli.builders import SPORT, WAR, entity, event, fields, story, wire_event

SYRIA = wire_event(
    event(
        story(language="en-GB"),
        subjects=(WAR,),
        entities=(entity("Damascus"), entity("Vladimir Putin", "person"), entity("Russia")),
    )
)
NO_TOPIC = wire_event(event(subjects=()))


def test_an_empty_filter_takes_everything_and_never_looks_inside() -> None:
    assert EventFilter.of().wants(WireEvent("1-0", {b"data": b"not json"}))
    assert not EventFilter.of(topics=[" "])


@pytest.mark.parametrize(
    "topic",
    [
        "16000000",
        "16",
        "medtop:16000000",
        "conflict",
        "CONF",
        "war",
        "conflict, war",
        "war and peace",
        "peace",
    ],
)
def test_a_topic_is_named_by_code_or_by_the_beginning_of_a_word(topic: str) -> None:
    assert EventFilter.of(topics=[topic]).wants(SYRIA)


@pytest.mark.parametrize("topic", ["15000000", "6000000", "flict", "war peace", "sport", "ware"])
def test_other_topics_do_not_fit(topic: str) -> None:
    assert not EventFilter.of(topics=[topic]).wants(SYRIA)


def test_a_story_without_topics_fits_no_topic() -> None:
    assert not EventFilter.of(topics=["1"]).wants(NO_TOPIC)
    assert not EventFilter.of(topics=["war"]).wants(NO_TOPIC)


@pytest.mark.parametrize("name", ["Damascus", "damascus", "PUTIN", "vladimir putin", "Russia"])
def test_an_entity_is_named_by_whole_words_in_any_case(name: str) -> None:
    assert EventFilter.of(entities=[name]).wants(SYRIA)


@pytest.mark.parametrize("name", ["US", "Damasc", "Putin Vladimir", "Vladimir Vladimir", "Paris", "!"])
def test_other_entities_do_not_fit(name: str) -> None:
    assert not EventFilter.of(entities=[name]).wants(SYRIA)


@pytest.mark.parametrize(
    ("language", "fits"), [("en", True), ("EN-gb", True), ("en-US", False), ("e", False), ("fr", False)]
)
def test_a_language_takes_its_regions(language: str, fits: bool) -> None:
    assert EventFilter.of(languages=[language]).wants(SYRIA) is fits


@pytest.mark.parametrize(("provider", "fits"), [("example press", True), ("Example", False)])
def test_a_provider_is_named_in_full(provider: str, fits: bool) -> None:
    assert EventFilter.of(providers=[provider]).wants(SYRIA) is fits


def test_values_of_one_option_are_alternatives_and_options_must_all_fit() -> None:
    assert EventFilter.of(topics=["sport", "war"], entities=["Paris", "Damascus"]).wants(SYRIA)
    assert not EventFilter.of(topics=["war"], entities=["Paris"]).wants(SYRIA)
    assert not EventFilter.of(topics=["war"], languages=["fr"]).wants(SYRIA)


def test_one_of_several_subjects_is_enough() -> None:
    both = wire_event(event(subjects=(SPORT, WAR)))
    assert EventFilter.of(topics=["war"]).wants(both)
    assert EventFilter.of(topics=["15000000"]).wants(both)


def test_plain_fields_decide_before_the_json_is_read() -> None:
    broken = WireEvent("1-0", fields(event()) | {b"data": b"{"})
    assert EventFilter.of(topics=["16000000"], languages=["en"]).wants(broken)
    assert not EventFilter.of(languages=["fr"], entities=["Damascus"]).wants(broken)
    with pytest.raises(NotAnEvent, match="entry 1-0 holds no event"):
        EventFilter.of(entities=["Damascus"]).wants(broken)
