"""The same story has the same uri; another has another."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.identity import fingerprint, identify

URL = "https://example.com/a"


def test_guid_before_url_before_content() -> None:
    assert identify("p", "g", URL, "c")[1] == "guid"
    assert identify("p", None, URL, "c")[1] == "url"
    assert identify("p", None, None, "c")[1] == "content"


def test_a_uri_is_a_version_5_uuid() -> None:
    uri, _ = identify("p", "g", None, "c")
    assert uri.startswith("urn:uuid:")
    assert uuid.UUID(uri).version == 5


def test_uris_never_change() -> None:
    # If this fails, every story already stored would come back as a new one.
    assert identify("Example", "7", None, "")[0] == "urn:uuid:1017f4f4-6fdf-54d8-9eb1-098ac83c8fd9"
    assert identify("Example", None, URL, "")[0] == "urn:uuid:173c83ec-bc33-5d53-ac44-83b45898afa7"
    assert identify("Example", None, None, "c")[0] == "urn:uuid:a44e8b6a-2030-57b8-ab91-a42cb01d4a71"


def test_with_a_guid_neither_url_nor_content_count() -> None:
    assert identify("p", "g", URL, "c") == identify("p", "g", None, "d")


def test_the_same_guid_of_another_provider_is_another_story() -> None:
    assert identify("p", "g", None, "c")[0] != identify("q", "g", None, "c")[0]


def test_one_page_sent_by_two_is_one_story() -> None:
    assert identify("p", None, URL, "c") == identify("q", None, URL, "d")


@given(st.text(), st.text(), st.text(), st.text())
def test_no_two_pairs_run_together(a: str, b: str, c: str, d: str) -> None:
    same = identify(a, b or "x", None, "")[0] == identify(c, d or "x", None, "")[0]
    assert same == ((a, b or "x") == (c, d or "x"))


def test_a_fingerprint_ignores_case_and_white_space() -> None:
    assert fingerprint("A  Title", "Text\n\nhere") == fingerprint("a title", "text here")
    assert fingerprint("A title", "Text") != fingerprint("A title", "Texts")
