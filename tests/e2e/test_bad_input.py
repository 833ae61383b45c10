"""Bad input among good: the good comes out, each bad one is dead-lettered with words a person understands."""

import json
import uuid
from typing import Any

import pytest

from tests.e2e.test_wire import story_text
from tests.servers.stack import Stack
from tests.wire import Wire

DEEP = '{"body": ' + "[" * 5_000 + "]" * 5_000 + "}"
BOMB = "<div>" * 100_000 + "boom"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><html><body><p>&j;</p></body></html>"
)

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "not json": ({"data": "{not json"}, "JSON"),
    "a list": ({"data": "[1, 2]"}, "object"),
    "missing body": ({"data": '{"headline": "No body"}'}, "body"),
    "no fields of ours": ({"what": "ever"}, "body"),
    "empty body": ({"body": ""}, "body"),
    "blank body": ({"body": " \n\t "}, "body"),
    "wrong type": ({"data": '{"body": 3}'}, "body"),
    "wrong status": ({"body": "text", "pub_status": "maybe"}, "pub_status"),
    "invalid utf-8": ({"body": b"caf\xe9 \xff\xfe"}, "UTF-8"),
    "invalid utf-8 in json": ({"data": b'{"body": "caf\xe9"}'}, "UTF-8"),
    "five megabytes": ({"body": "word " * 1_000_000}, "1,048,576"),
    "year 99999": ({"body": "text", "published": "99999-01-01T00:00:00Z"}, "published"),
    "deeply nested": ({"data": DEEP}, "JSON"),
    "ten thousand keywords": ({"data": json.dumps({"body": "text", "keywords": ["k"] * 10_000})}, "keywords"),
    "lone surrogate": ({"data": '{"body": "x \\ud800 y"}'}, "JSON"),
    "unknown content type": ({"body": "text", "content_type": "image/png"}, "content_type"),
    "broken ninjs": ({"body": "{}", "content_type": "application/ninjs+json"}, "ninjs"),
}

ACCEPTED: dict[str, dict[str, Any]] = {
    "unknown fields": {"data": json.dumps({"body": story_text(), "colour": "blue", "nested": {"a": [1]}})},
    "nul and control characters": {"body": story_text().replace("Monday", "Mon\x00day \x07\x1b[31m")},
    "a date of 1970": {"body": story_text(), "published": "1970-01-01"},
}


@pytest.mark.parametrize("flood", [1, 5], ids=["once", "five times"])
def test_bad_input_in_a_good_batch(wire: Wire, flood: int) -> None:
    good = {uuid.uuid4().hex for _ in range(20)}
    pipeline = wire.client.pipeline(transaction=False)
    order: list[str] = []
    for _ in range(flood):
        for name, (fields, _words) in REFUSED.items():
            pipeline.xadd("stories.ingest", fields)
            order.append(name)
    for guid in good:
        pipeline.xadd("stories.ingest", {"body": story_text(), "guid": guid, "provider": "good"})
        order.append("")
    named = zip(pipeline.execute(), order, strict=True)
    bad_ids = {entry_id.decode(): name for entry_id, name in named if name}
    wire.wait_quiet()
    letters = {letter.entry_id: letter for letter in wire.letters()}
    assert sorted(bad_ids.get(entry_id, "good") for entry_id in letters) == sorted(bad_ids.values())
    for entry_id, name in bad_ids.items():
        letter = letters[entry_id]
        assert REFUSED[name][1] in letter.message, (name, letter.message)
        assert len(letter.message) < 1_000
        assert letter.reason in ("invalid", "rejected")
        assert letter.deliveries == 1
    assert {event.data.story.guid for event in wire.events()} == good


@pytest.mark.parametrize("name", ACCEPTED)
def test_odd_input_that_is_accepted(wire: Wire, name: str) -> None:
    wire.push(**ACCEPTED[name], **({} if "data" in ACCEPTED[name] else {"provider": uuid.uuid4().hex}))
    (event,) = wire.wait_events(1)
    text = event.data.story.body_text
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in text)
    if name.startswith("nul"):
        assert "control_characters" in {repair.rule for repair in event.data.story.repaired}


@pytest.mark.parametrize("page", [BOMB, LAUGHS], ids=["a hundred thousand nested tags", "a billion laughs"])
def test_html_bombs_end_quickly_and_hurt_nobody(wire: Wire, page: str) -> None:
    guid = uuid.uuid4().hex
    wire.push(body=page, content_type="text/html", guid=f"bomb-{guid}", provider="bomb")
    wire.push(body=story_text(), guid=guid, provider="good")
    wire.wait(lambda: any(event.data.story.guid == guid for event in wire.events()))
    wire.wait_quiet()
    ended = [e for e in wire.events() if e.data.story.provider == "bomb"] + list(wire.letters())
    assert len(ended) == 1
    assert all(len(e.data.story.body_text) < 1_000_000 for e in wire.events())


@pytest.mark.parametrize("fault", ["crash", "hang"])
def test_a_story_that_breaks_the_model_costs_only_itself(wire: Wire, stack: Stack, fault: str) -> None:
    if stack.outside:
        pytest.skip("faults are switched on only in a stack of the tests' own")
    poison, good = uuid.uuid4().hex, {uuid.uuid4().hex for _ in range(5)}
    wire.push(body=f"{story_text()} [[fault:{fault}]]", guid=poison, provider="poison")
    for guid in good:
        wire.push(body=story_text(), guid=guid, provider="good")
    wire.wait(lambda: {e.data.story.guid for e in wire.events()} == good, seconds=60)
    wire.wait(lambda: len(wire.letters()) == 1, seconds=120)
    (letter,) = wire.letters()
    assert (letter.stage, letter.reason, letter.deliveries) == ("enrichment", "failed", 3)
    wire.wait_quiet()


def test_a_destination_that_is_no_stream_loses_nothing(wire: Wire, stack: Stack) -> None:
    if stack.outside:
        pytest.skip("spoils a stream of a running stack")
    wire.wait_quiet()
    wire.client.rename("stories.enriched", "kept")
    wire.client.set("stories.enriched", "oops")
    guid = uuid.uuid4().hex
    wire.push(body=story_text(), guid=guid, provider="good")
    wire.wait(lambda: not stack.named("enrichment").ready())
    wire.client.rename("kept", "stories.enriched")
    wire.wait(lambda: guid in {e.data.story.guid for e in wire.events()})
    wire.wait_quiet()
    assert wire.letters() == []
