"""Stories out of web pages, and markup that is made to hurt."""

import time
from datetime import UTC, datetime

import pytest

from services.ingest.html import MAX_TAGS, bounded, extract_page, fragment_text
from shared.streaming.errors import Reject

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SENTENCE = "The council met on Tuesday and agreed to build a new bridge over the river, officials said."
P = f"<p>{SENTENCE}</p>"
PAGE = f"""<html><head><title>New bridge | The Post</title>
<link rel="canonical" href="https://post.example.com/bridge?utm_source=x">
<meta property="og:title" content="New bridge over the river"><meta name="author" content="Ada Lovelace">
<meta property="article:published_time" content="2026-05-04T10:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article>
<h1>New bridge over the river</h1>{P}<p>Second: {SENTENCE}</p>{P}</article>
<footer>All rights reserved</footer></body></html>"""


def test_a_page() -> None:
    page = extract_page(PAGE, NOW)
    assert page.headline == "New bridge over the river"
    assert page.byline == "Ada Lovelace"
    assert page.url == "https://post.example.com/bridge"
    assert str(page.published).startswith("2026-05-04")
    assert SENTENCE in page.text.splitlines()
    assert "Home" not in page.text
    assert "rights" not in page.text


def test_a_date_after_the_arrival_is_not_believed() -> None:
    page = extract_page(PAGE.replace("2026-05-04", "2031-05-04"), NOW)
    assert not str(page.published).startswith("2031")


def test_a_fragment_gives_all_its_text() -> None:
    assert extract_page("<p>Short one.</p><p>Short two.</p>", NOW).text.splitlines() == [
        "Short one.",
        "Short two.",
    ]


def test_fragment_text_parts_blocks_and_drops_what_is_not_text() -> None:
    silent = "<script>var x</script><style>p {}</style>"
    html = f"<div>One <b>bold</b> word<br>next line{silent}<ul><li>a</li><li>b</ul>&amp; end</div>"
    assert fragment_text(html).splitlines() == ["One bold word", "next line", "a", "b", "& end"]


@pytest.mark.parametrize("html", ["", "   ", "<!-- only -->", "<script>x</script>", "<img src=x>"])
def test_fragments_without_text(html: str) -> None:
    assert fragment_text(html) == ""


@pytest.mark.parametrize("html", ["<html><body></body></html>", "<img src='x'>", "<!--", "\x00"])
def test_a_page_without_text_is_refused(html: str) -> None:
    with pytest.raises(Reject, match="without any text"):
        extract_page(html, NOW)


def test_entities_of_a_document_type_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    page = extract_page(
        f'<!DOCTYPE html [<!ENTITY l0 "lol">{laughs}]><html><body><p>&l9;</p>{P * 3}</body></html>', NOW
    )
    assert "lollol" not in page.text
    assert len(page.text) < 10 * len(SENTENCE)


def test_no_file_is_read_for_an_external_entity() -> None:
    declared = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    html = f"{declared}<html><body><p>&x;</p>{P * 3}</body></html>"
    assert "root:" not in extract_page(html, NOW).text


BODY = f"<html><body>{{}}{P * 3}</body></html>"
BOMBS = {
    "nested": BODY.format("<div>" * 190_000),
    "nested, few": BODY.format("<div>" * 19_000),
    "nested tables": BODY.format("<table>" * 19_900),
    "unclosed": BODY.format("<b>" * 100_000),
    "unclosed, few": BODY.format("<b>" * 19_900),
    "unclosed links": BODY.format("<a href=x>y" * 19_900),
    "paragraphs": BODY.format("<p>x" * 100_000),
    "list": BODY.format("<li>x y z</li>" * 9_900),
    "one long attribute": BODY.format(f"<div class='{'a ' * 450_000}'>"),
    "attributes": BODY.format("<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">"),
    "tags with attributes": BODY.format(("<i " + " ".join(f"a{n}" for n in range(290)) + ">x</i>") * 600),
    "entities": BODY.format(f"<p>{'&amp;' * 200_000}</p>"),
    "angle brackets": "<" * 1_000_000,
    "comments": "<!--" * 250_000,
    "open attribute": "<div " + "a='" * 300_000,
    "open tags": "<a" * 500_000,
    "json": BODY.format("<script type='application/ld+json'>" + '{"a":[' * 150_000 + "</script>"),
    "authors": f"<html><head><meta name=author content='{'Ab Cd, ' * 140_000}'></head>{P}</html>",
    "title": f"<html><head><title>{'a | ' * 250_000}</title></head><body>{P}</body></html>",
    "one word": BODY.format(f"<p>{'a' * 1_000_000}</p>"),
}


def _answer(html: str) -> str:
    """The text, or the reason why there is none."""
    try:
        return extract_page(html, NOW).text
    except Reject as refused:
        return refused.reason


@pytest.mark.parametrize("html", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_are_read_or_refused_in_time(html: str) -> None:
    started = time.perf_counter()
    assert _answer(html)
    assert time.perf_counter() - started < 20  # bounds a hang: half a second on an idle core


def test_a_refusal_says_how_many_tags_are_too_many() -> None:
    with pytest.raises(Reject, match=f"100,001 tags, at most {MAX_TAGS:,}"):
        bounded("<b>" * 100_001)


def test_a_refusal_says_how_deep_is_too_deep() -> None:
    with pytest.raises(Reject, match=r"nested 5,0.. deep"):
        extract_page(BODY.format("<div>" * 5_000), NOW)


def test_ordinary_attributes_are_kept() -> None:
    tag = f'<img alt="{"word " * 100}" src=x>'
    assert bounded(tag) == tag


def test_a_tag_with_far_too_many_loses_them_and_nothing_else() -> None:
    assert bounded("<p>a<div " + "x=1 " * 1_000 + ">b</div>") == "<p>a<div>b</div>"
