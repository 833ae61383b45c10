"""From what was sent to a clean story with an identity."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.draft import Draft
from services.ingest.prepare import prepare
from shared.schemas import RawStory, Story
from shared.streaming.errors import Reject

ARRIVED = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
TITLE = "Council Votes to Build a New Bridge Over the River"
BODY = (
    "The council met on Tuesday evening and agreed to build a new bridge over the river.\n\n"
    "Work on the bridge is expected to begin in the spring, the mayor said after the vote."
)
PAGE = (
    "<html><head><title>From the page</title><meta name='author' content='Page Author'>"
    "<link rel='canonical' href='https://post.example.com/a?utm_source=x'>"
    "<meta property='article:published_time' content='2026-05-04'></head>"
    "<body><article><h1>From the page</h1>"
    + "".join(f"<p>{part}</p>" for part in BODY.split("\n\n") * 2)
    + "</article></body></html>"
)


def draft(**fields: Any) -> Draft:
    return prepare(RawStory.model_validate({"body": BODY} | fields), ARRIVED)


def story(**fields: Any) -> Story:
    return draft(**fields).first


def refusal(**fields: Any) -> str:
    with pytest.raises(Reject) as caught:
        draft(**fields)
    return caught.value.reason


def test_the_smallest_story() -> None:
    made = draft()
    first = made.first
    assert (first.body_text, first.provider, first.language, first.version) == (BODY, "unknown", "en", 1)
    assert first.version_created == ARRIVED
    assert (made.identified_by, made.sender_version, made.sender_version_created) == ("content", None, None)
    assert (made.uri, made.digest, made.pub_status) == (first.uri, first.digest, "usable")


def test_everything_the_sender_states_is_kept() -> None:
    stated = {
        "provider": "Example",
        "guid": "7",
        "url": "https://example.com/a?utm_source=x",
        "headline": "Stated",
        "byline": "Ada",
        "dateline": "LEEDS",
        "slugline": "BRIDGE",
        "language": "de-at",
        "published": "2026-05-01T00:00:00Z",
        "version": 4,
        "version_created": "2026-05-02T00:00:00Z",
        "keywords": ["a", " a", "b"],
        "section": ["World"],
        "pub_status": "withheld",
        "embargoed_until": "2026-07-01T00:00:00Z",
        "urgency": 2,
    }
    made = draft(**stated)
    first = made.first
    assert (first.provider, first.guid, first.source_url) == ("Example", "7", "https://example.com/a")
    assert (first.headline, first.byline, first.dateline, first.slugline) == (
        "Stated",
        "Ada",
        "LEEDS",
        "BRIDGE",
    )
    assert (first.language, first.keywords, first.section) == ("de-AT", ("a", "b"), ("World",))
    assert (first.pub_status, first.urgency) == ("withheld", 2)
    assert first.content_created == datetime(2026, 5, 1, tzinfo=UTC)
    assert first.embargoed_until == datetime(2026, 7, 1, tzinfo=UTC)
    assert first.version_created == datetime(2026, 5, 2, tzinfo=UTC)
    assert (made.sender_version, made.sender_version_created) == (4, first.version_created)
    assert made.identified_by == "guid"


def test_a_draft_becomes_a_story_at_any_version() -> None:
    made = draft()
    assert made.at(7) == made.first.model_copy(update={"version": 7})
    with pytest.raises(ValueError, match="begin at 1"):
        made.at(0)


def test_the_host_provides_where_nobody_says() -> None:
    assert story(url="https://www.example.com/a").provider == "example.com"


def test_an_address_that_is_none_is_neither_kept_nor_used() -> None:
    made = draft(url="javascript:alert(1)")
    assert (made.first.source_url, made.identified_by) == (None, "content")


def test_the_same_story_is_the_same_uri() -> None:
    assert draft(guid="7").uri == draft(guid="7", headline="Corrected", body="Other text here.").uri
    assert draft(url="https://example.com/a").uri == draft(url="HTTPS://example.com:443/a?fbclid=1#x").uri
    assert draft().uri == draft(body=BODY.replace("\n\n", "\r\n \r\n") + "\n").uri


def test_digest_tells_a_change_from_a_repeat() -> None:
    assert draft(guid="7").digest == draft(guid="7", body=BODY.replace(" ", "  "), version=2).digest
    assert draft(guid="7").digest != draft(guid="7", body=BODY.replace("Tuesday", "Monday")).digest
    assert draft(guid="7").digest != draft(guid="7", pub_status="canceled").digest


def test_a_withdrawal_without_text() -> None:
    made = draft(guid="7", pub_status="canceled", body=" ")
    assert (made.first.body_text, made.first.headline, made.pub_status) == ("", "", "canceled")
    assert made.uri == draft(guid="7").uri
    for content_type in ("text/html", "application/ninjs+json"):
        assert draft(guid="7", pub_status="canceled", body=" ", content_type=content_type).uri == made.uri


def test_scraped_text_is_cleaned_with_a_receipt() -> None:
    made = story(body=f"Home World Europe {TITLE}\n\n{TITLE}\n\n{BODY}\n\nShare this story")
    assert (made.headline, made.body_text, made.section) == (TITLE, BODY, ("World", "Europe"))
    assert [span.rule for span in made.removed] == ["breadcrumb", "repeated_title", "share_prompt"]


def test_repairs_of_all_fields_are_counted_together() -> None:
    made = story(body=f"{BODY}\x00", headline="A\u202e title", keywords=["cafe\u0301"])
    assert (made.headline, made.keywords) == ("A title", ("café",))
    assert {entry.rule: entry.count for entry in made.repaired} == {"control_characters": 2, "unicode_nfc": 1}


@pytest.mark.parametrize("body", ["\x00\x00", "\u200b \u202e", "\n\n\n\x07"])
def test_a_body_that_cannot_be_seen_is_refused(body: str) -> None:
    assert "Nothing is left of `body`" in refusal(body=body)


def test_a_body_of_chrome_alone_is_refused_with_the_rules() -> None:
    assert "(share_prompt)" in refusal(body="Share this story\n\nSubscribe now")


def test_too_many_lines_are_refused() -> None:
    assert "has 30,000 lines, at most 20,000" in refusal(body="x\n" * 30_000)


def test_a_page() -> None:
    made = draft(body=PAGE, content_type="text/html")
    first = made.first
    assert (first.headline, first.byline, first.provider) == (
        "From the page",
        "Page Author",
        "post.example.com",
    )
    assert (first.source_url, made.identified_by) == ("https://post.example.com/a", "url")
    assert first.content_created == datetime(2026, 5, 4, tzinfo=UTC)
    assert first.body_text.startswith("The council met")
    assert "\n\n" in first.body_text


def test_what_the_sender_states_wins_over_the_page() -> None:
    first = story(
        body=PAGE,
        content_type="text/html",
        headline="Stated",
        url="https://example.com/b",
        published="2026-01-01",
    )
    assert (first.headline, first.source_url) == ("Stated", "https://example.com/b")
    assert first.content_created == datetime(2026, 1, 1, tzinfo=UTC)
    assert first.byline == "Page Author"


def ninjs(**fields: Any) -> str:
    return json.dumps(
        {"uri": "urn:x:1", "headline": "From ninjs", "body_text": BODY, "version": "2"} | fields
    )


def test_a_ninjs_item() -> None:
    made = draft(body=ninjs(pubstatus="withheld", source="Agency"), content_type="application/ninjs+json")
    first = made.first
    assert (first.headline, first.guid, first.provider, first.pub_status) == (
        "From ninjs",
        "urn:x:1",
        "Agency",
        "withheld",
    )
    assert (first.body_text, made.sender_version) == (BODY, 2)


def test_what_the_sender_states_wins_over_the_item() -> None:
    first = story(
        body=ninjs(pubstatus="usable"),
        content_type="application/ninjs+json",
        headline="Stated",
        pub_status="withheld",
        guid="9",
    )
    assert (first.headline, first.pub_status, first.guid) == ("Stated", "withheld", "9")


def test_a_ninjs_withdrawal_has_the_uri_of_its_story() -> None:
    item = json.dumps({"uri": "urn:x:1", "pubstatus": "canceled"})
    withdrawn = draft(body=item, content_type="application/ninjs+json")
    assert withdrawn.pub_status == "canceled"
    assert withdrawn.uri == draft(body=ninjs(), content_type="application/ninjs+json").uri


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"embargoed": "soon"}, "`embargoed_until` is `soon`, which is no date"),
        ({"pubstatus": "spiked"}, "`pub_status` is `spiked`"),
        ({"headline": "x" * 2_000}, "`headline` has 2,000 characters"),
        ({"versioncreated": "99999-01-01"}, "`version_created`"),
    ],
)
def test_what_is_wrong_in_a_ninjs_item_is_said(fields: dict[str, Any], says: str) -> None:
    reason = refusal(body=ninjs(**fields), content_type="application/ninjs+json")
    assert reason.startswith("In the ninjs item in `body`: ")
    assert says in reason


@given(
    st.text(min_size=1),
    st.none() | st.text(max_size=50),
    st.sampled_from(["text/plain", "text/html", "application/ninjs+json"]),
)
@settings(max_examples=200, deadline=None)
def test_any_input_gives_a_story_or_a_refusal(body: str, headline: str | None, content_type: str) -> None:
    raw = RawStory.model_validate({"body": body, "headline": headline, "content_type": content_type})
    try:
        made = prepare(raw, ARRIVED)
    except Reject:
        return
    assert Story.model_validate_json(made.first.model_dump_json()) == made.first


@given(st.text(min_size=1, max_size=200))
@settings(max_examples=100, deadline=None)
def test_the_same_input_gives_the_same_draft(body: str) -> None:
    raw = RawStory(body=f"{BODY}\n\n{body}")
    assert prepare(raw, ARRIVED) == prepare(raw, ARRIVED)
