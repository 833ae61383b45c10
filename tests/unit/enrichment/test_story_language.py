"""Which stories the English models may read."""

import pytest

from services.enrichment.language import english, no_model, reads_as_english
from tests.stories import story

ENGLISH = "The minister said that the bridge to the island was closed by a storm."


@pytest.mark.parametrize("tag", ["en", "en-GB", "EN-us"])
def test_english_by_its_tag(tag: str) -> None:
    assert english(story(body="Kaum Englisch.", language=tag))


@pytest.mark.parametrize("tag", ["fr", "ar", "zh-Hans", "eng"])
def test_another_tag_is_believed(tag: str) -> None:
    assert not english(story(body=ENGLISH, language=tag))


@pytest.mark.parametrize(
    ("body", "reads"),
    [
        (ENGLISH, True),
        ("Le ministre a dit que le pont vers l'île était fermé par une tempête.", False),
        ("Der Minister sagte, die Brücke zur Insel war wegen eines Sturms zu.", False),
        ("大臣は嵐のため島への橋が閉鎖されたと述べた。", False),
        ("Storm closes bridge", False),
        ("", False),
    ],
)
def test_a_story_of_unknown_language_is_looked_at(body: str, reads: bool) -> None:
    assert reads_as_english(body) is reads
    assert english(story(body=body or "-", headline="", language="und")) is reads


def test_the_reason_names_enricher_and_language() -> None:
    assert no_model("topics", story(language="fr")) == "topics: no model for language fr"
