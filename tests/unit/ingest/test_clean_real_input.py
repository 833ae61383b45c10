"""The page that started the project, and clean wire copy. Real inputs, used only where they are at hand."""

import json
from pathlib import Path

import pytest

from services.ingest.clean import clean

DATA = Path(__file__).parents[4] / "shared" / "data"
PAGE = DATA / "scraped-page.txt"
WIRE = DATA / "wikinews.jsonl"
HEADLINE = "Russia Increases Number of Airstrikes Against ISIS Targets in Syria"


@pytest.mark.skipif(not PAGE.exists(), reason="the scraped page is not part of the project")
def test_the_scraped_page_comes_out_exactly() -> None:
    raw = PAGE.read_text(encoding="utf-8")
    cleaned = clean(raw)
    assert cleaned.headline == HEADLINE
    assert HEADLINE not in cleaned.body
    assert cleaned.body.startswith("Russia has intensified")
    assert cleaned.body.endswith("in the near future.")
    assert "across Syria.\n\nWhile Raqqa" in cleaned.body
    assert cleaned.captions == ("Russian airstrikes in Syria",)
    assert cleaned.section == ("World", "Middle East")
    assert cleaned.author_bio is not None
    assert cleaned.author_bio.startswith("Roy likes politics.")
    assert [span.rule for span in cleaned.removed] == [
        "breadcrumb",
        "repeated_title",
        "glued_caption",
        "author_bio",
    ]
    for span in cleaned.removed:
        assert raw[span.start : span.end] == span.text
    body = raw[raw.index("Russia has") : raw.index("Roy likes")].replace(
        "Syria.Russian airstrikes in Syria", "Syria."
    )
    assert cleaned.body.split() == body.split()


@pytest.mark.skipif(not WIRE.exists(), reason="the articles are not part of the project")
def test_clean_wire_copy_passes_nearly_untouched() -> None:
    words = kept = 0
    for row in WIRE.read_text(encoding="utf-8").splitlines():
        article = json.loads(row)
        cleaned = clean(f"{article['title']}\n\n{article['text']}")
        assert cleaned.headline.split() == article["title"].split()
        words += len(article["text"].split())
        kept += len(cleaned.body.split())
    assert words > 200_000
    assert 1 - kept / words < 0.005
