"""ninjs 1, 2 and 3, as agencies write them."""

import json
from typing import Any

import pytest

from services.ingest.ninjs import is_ninjs, read_ninjs
from shared.streaming.errors import Reject

NINJS_1: dict[str, Any] = {
    "uri": "urn:x:1",
    "version": "3",
    "versioncreated": "2026-03-01T12:00:00Z",
    "firstcreated": "2026-03-01T10:00:00Z",
    "pubstatus": "usable",
    "embargoed": "2026-03-02T00:00:00Z",
    "urgency": 3,
    "language": "en",
    "headline": "A headline",
    "byline": "Ada Lovelace",
    "located": "Leeds",
    "slugline": "LEEDS-BRIDGE",
    "source": "Example",
    "subject": [{"name": "bridges", "code": "1"}, {"code": "2"}, {"name": "bridges"}],
    "keyword": ["rivers"],
    "body_text": "The text.",
    "body_xhtml": "<p>Not this.</p>",
}
NINJS_3: dict[str, Any] = {
    "uri": "urn:x:3",
    "version": 2,
    "versionCreated": "2026-03-01T12:00:00Z",
    "contentCreated": "2026-03-01T09:00:00Z",
    "pubStatus": "usable",
    "embargoedUntil": "2026-03-02T00:00:00Z",
    "by": "Ada Lovelace",
    "located": "Leeds",
    "infoSources": [{"uri": "x"}, {"name": "Example"}],
    "altIds": [{"role": "id", "value": "77"}, {"role": "web", "value": "https://example.com/3"}],
    "headlines": [
        {"role": "short", "value": "Short"},
        {"role": "main", "value": "<b>A</b> headline", "contentType": "text/html"},
    ],
    "subjects": [{"name": "bridges"}],
    "bodies": [
        {"role": "summary", "contentType": "text/plain", "value": "Summary."},
        {"role": "main", "contentType": "text/html", "value": "<p>The text.</p><p>More.</p>"},
    ],
}


def read(item: object) -> dict[str, Any]:
    return read_ninjs(json.dumps(item))


def test_ninjs_1() -> None:
    assert read(NINJS_1) == {
        "body": "The text.",
        "guid": "urn:x:1",
        "headline": "A headline",
        "byline": "Ada Lovelace",
        "dateline": "Leeds",
        "slugline": "LEEDS-BRIDGE",
        "provider": "Example",
        "language": "en",
        "published": "2026-03-01T10:00:00Z",
        "version": 3,
        "version_created": "2026-03-01T12:00:00Z",
        "pub_status": "usable",
        "embargoed_until": "2026-03-02T00:00:00Z",
        "urgency": 3,
        "keywords": ["rivers", "bridges"],
    }


def test_ninjs_3() -> None:
    assert read(NINJS_3) == {
        "body": "The text.\nMore.",
        "guid": "urn:x:3",
        "headline": "A headline",
        "byline": "Ada Lovelace",
        "dateline": "Leeds",
        "provider": "Example",
        "url": "https://example.com/3",
        "published": "2026-03-01T09:00:00Z",
        "version": 2,
        "version_created": "2026-03-01T12:00:00Z",
        "pub_status": "usable",
        "embargoed_until": "2026-03-02T00:00:00Z",
        "keywords": ["bridges"],
    }


def test_markup_serves_where_there_is_no_plain_text() -> None:
    assert read({"uri": "u", "body_xhtml": "<p>One.</p><p>Two.</p>"})["body"] == "One.\nTwo."


def test_plain_text_is_preferred_among_equal_bodies() -> None:
    bodies = [{"contentType": "text/html", "value": "<p>a</p>"}, {"contentType": "text/plain", "value": "b"}]
    assert read({"uri": "u", "bodies": bodies})["body"] == "b"


@pytest.mark.parametrize("version", ["1.2", "", "x", 0, -1, True, None, [], "9" * 40])
def test_a_version_that_cannot_be_compared_is_ignored(version: object) -> None:
    assert "version" not in read({"uri": "u", "version": version, "body_text": "x"})


@pytest.mark.parametrize(
    "item",
    [
        {"uri": 5, "headline": ["x"], "body_text": "x", "subjects": "y", "infoSources": {"name": 1}},
        {
            "uri": "u",
            "headlines": ["x", 5, {"value": 7}],
            "bodies": [None, {"value": "x"}],
            "altIds": 4,
            "subject": [3],
        },
        {
            "uri": "u",
            "body_text": "x",
            "by": {"a": 1},
            "located": ["b"],
            "keywords": [1, None, "", "ok" * 500],
        },
    ],
)
def test_odd_values_do_not_break_it(item: dict[str, Any]) -> None:
    assert read(item)["body"] == "x"


def test_a_withdrawal_needs_no_text() -> None:
    assert read({"uri": "u", "pubstatus": "Canceled"}) == {"guid": "u", "pub_status": "canceled"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not json", "`body` is not valid JSON"),
        ("[1]", "not a ninjs item"),
        ("{}", "has no text"),
        ('{"uri": "u", "headline": "h", "bodies": []}', "has no text"),
        ('{"uri": "u", "body_text": "  "}', "has no text"),
        ("[" * 100_000, "nested far deeper"),
    ],
)
def test_refusals(text: str, says: str) -> None:
    with pytest.raises(Reject, match=says):
        read_ninjs(text)


def test_ten_thousand_subjects_are_cut_to_what_a_story_holds() -> None:
    subjects = [{"name": f"s{n}"} for n in range(10_000)]
    assert len(read({"uri": "u", "body_text": "x", "subjects": subjects})["keywords"]) == 100


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (NINJS_1, True),
        (NINJS_3, True),
        ({"uri": "u", "versioncreated": "2026-01-01", "pubstatus": "canceled"}, True),
        ({"body": "x", "headline": "h"}, False),
        ({"uri": "u", "headline": "h", "body": "x"}, False),
        ({"headline": "h"}, False),
        ({"uri": 1, "headline": "h"}, False),
    ],
)
def test_recognising_a_bare_item(value: dict[str, Any], expected: bool) -> None:
    assert is_ninjs(value) is expected
