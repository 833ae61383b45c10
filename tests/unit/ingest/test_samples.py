"""The samples do what their README says."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

import services.cli
from services.ingest.decode import decode
from services.ingest.draft import Draft
from services.ingest.file_formats import raw_from_file
from services.ingest.prepare import prepare

SAMPLES = Path(services.cli.__path__[0]) / "samples"
FILES = sorted(path for path in SAMPLES.iterdir() if path.name != "README.md")
ARRIVED = datetime(2026, 6, 1, tzinfo=UTC)


def sample(number: str) -> Draft:
    (path,) = (path for path in FILES if path.name.startswith(number))
    content = orjson.dumps(raw_from_file(path.name, path.read_bytes()))
    return prepare(decode({b"data": content}, max_bytes=1_048_576), ARRIVED)


def rules(draft: Draft) -> set[str]:
    return {span.rule for span in draft.first.removed}


def test_there_are_enough_in_the_order_of_their_names() -> None:
    assert len(FILES) >= 14
    assert [path.name[:2] for path in FILES] == [f"{number:02}" for number in range(1, len(FILES) + 1)]


def test_the_readme_lists_each() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in FILES if f"| {path.name} |" not in readme] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_is_a_good_story(path: Path) -> None:
    draft = sample(path.name[:2])
    assert draft.first.headline
    assert len(draft.first.body_text) > 100
    assert draft.first.language != "und"


def test_01_scraped_page() -> None:
    draft = sample("01")
    assert rules(draft) == {"breadcrumb", "repeated_title", "glued_caption", "author_bio"}
    assert draft.first.section == ("World", "Middle East")
    assert draft.first.captions == ("Soldiers at a checkpoint near Tripoli",)
    assert draft.first.body_text.startswith("Negotiators returned")
    assert draft.first.body_text.endswith("outcome of the negotiations.")


def test_02_wire_copy() -> None:
    draft = sample("02")
    assert draft.first.dateline == "FRANKFURT, March 3"
    assert draft.first.headline.startswith("The European Central Bank left")
    assert rules(draft) == {"dateline", "agency_tag"}


def test_03_page() -> None:
    first = sample("03").first
    assert (first.byline, first.provider) == ("Ines Okafor", "observer.example.com")
    assert first.source_url == "https://observer.example.com/science/water-vapour-rocky-planet"
    assert first.body_text.startswith("Astronomers")
    assert "Milky Way" not in first.body_text
    assert "rights reserved" not in first.body_text


def test_06_corrects_05() -> None:
    story, correction = sample("05"), sample("06")
    assert story.uri == correction.uri
    assert story.digest != correction.digest
    assert (story.sender_version, correction.sender_version) == (1, 2)


def test_08_is_07_again() -> None:
    assert (sample("07").uri, sample("07").digest) == (sample("08").uri, sample("08").digest)


def test_11_is_near_10_and_another_story() -> None:
    one, other = sample("10"), sample("11")
    assert one.uri != other.uri
    shared = set(one.first.body_text.split("\n\n")) & set(other.first.body_text.split("\n\n"))
    assert len(shared) == 2


def test_14_withdraws_10() -> None:
    assert sample("14").uri == sample("10").uri
    assert sample("14").pub_status == "canceled"


def test_languages() -> None:
    assert [sample(number).first.language for number in ("09", "12", "13")] == ["de", "fr", "es"]


def test_15_has_an_embargo_that_has_passed() -> None:
    embargo = sample("15").first.embargoed_until
    assert embargo is not None
    assert embargo < ARRIVED


def test_16_has_every_kind_of_chrome() -> None:
    draft = sample("16")
    assert rules(draft) == {
        "breadcrumb",
        "byline",
        "published_line",
        "share_prompt",
        "dateline",
        "related_list",
        "credit",
        "copyright",
    }
    assert draft.first.byline == "Joost van Dalen"
    assert draft.first.body_text.endswith("handed over.")


def test_17_is_repaired() -> None:
    first = sample("17").first
    assert {entry.rule for entry in first.repaired} == {"mojibake"}
    assert first.headline == "Volunteers replant 30,000 mangroves on São Luís coast"
    assert "“The roots hold the mud, and the mud holds the fish,” said" in first.body_text
    assert "Maranhão" in first.body_text


def test_only_the_repeat_repeats() -> None:
    digests = [sample(path.name[:2]).digest for path in FILES]
    assert len(set(digests)) == len(FILES) - 1
