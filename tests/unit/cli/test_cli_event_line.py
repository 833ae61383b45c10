"""How an event looks."""

from datetime import datetime, timedelta

import pytest

from services.cli.event_line import about, clock, event_lines
from services.cli.wire_event import NotAnEvent, WireEvent
from tests.unit.cli.builders import SPORT, WAR, entity, event, fields, story, wire_event


def test_one_line_for_the_headline_and_one_for_what_it_is_about() -> None:
    told = event(
        entities=(
            entity("Syria", relevance=50),
            entity("Damascus", relevance=90),
            entity("UN", "organisation"),
        )
    )
    first, second = event_lines(wire_event(told)).plain.split("\n")
    assert first.split()[1:] == ["12:00:00", "published", "Fighting", "near", "Damascus"] or first.endswith(
        "published  Fighting near Damascus"
    )
    assert second.strip() == "conflict, war and peace · Damascus, Syria · UN · Example Press en"


def test_a_correction_shows_its_version_and_colour() -> None:
    text = event_lines(wire_event(event(story(version=3), kind="corrected")))
    assert "corrected" in text.plain
    assert text.plain.split("\n")[0].endswith("v3")
    assert any("yellow" in str(span.style) for span in text.spans)


def test_a_withdrawn_story_is_struck_out() -> None:
    text = event_lines(wire_event(event(kind="withdrawn")))
    assert any("strike" in str(span.style) for span in text.spans)


def test_a_story_without_headline_or_topics_says_so() -> None:
    text = event_lines(wire_event(event(story(headline=""), subjects=()))).plain
    assert "(no headline)" in text
    assert "topic undecided" in text


def test_hostile_names_cannot_forge_a_line() -> None:
    hostile = event(
        story(headline="a\n12:00:00  published  forged\x1b[1A", provider="x\x1b]0;y\x07"),
        entities=(entity("Nowhere\r\nforged"),),
    )
    assert event_lines(wire_event(hostile)).plain.count("\n") == 1
    assert "\x1b" not in event_lines(wire_event(hostile)).plain


def test_a_hostile_type_field_cannot_act_either() -> None:
    changed = WireEvent("1-0", fields(event()) | {b"type": b"wiredesk.story.\x1b[2Jx\ny.v1"})
    assert "\x1b" not in event_lines(changed).plain
    assert event_lines(changed).plain.count("\n") == 1


def test_only_the_leading_names_are_shown_and_the_rest_counted() -> None:
    places = [entity(f"Place{number}", times=number) for number in range(1, 10)]
    text = about(event(subjects=(WAR, SPORT), entities=places).data.tags).plain
    assert "Place9, Place8, Place7, Place6, Place5, +4" in text
    assert text.startswith("conflict, war and peace, sport")


def test_a_time_of_another_day_carries_its_date() -> None:
    now = datetime.now().astimezone()
    assert clock(now) == now.strftime("%H:%M:%S")
    assert clock(now - timedelta(days=3)).startswith((now - timedelta(days=3)).strftime("%m-%d "))


def test_an_entry_without_an_event_says_which() -> None:
    with pytest.raises(NotAnEvent, match="entry 7-1 holds no event: data"):
        event_lines(WireEvent("7-1", {b"data": b"[1"}))
    with pytest.raises(NotAnEvent, match="entry 7-2"):
        event_lines(WireEvent("7-2", {}))
