"""Topics by their words: a few different ones in a short space, never one alone."""

import pytest

from services.enrichment.topics.cues import Cues
from services.enrichment.topics.terms import terms, words
from services.enrichment.topics.vocabulary import media_topics

CUES = Cues({"17000000": {"snow": 1.0, "forecast": 2.0, "met office": 2.0}, "05000000": {"school": 2.0}})
FILLER = " ".join(["nothing"] * 200)


def look(text: str) -> dict[str, float]:
    return {cued.code: cued.confidence for cued in CUES.look(words(text))}


def test_several_words_make_a_topic() -> None:
    assert look("Snow today, more snow in the forecast, the Met Office says")["17000000"] > 0.5


@pytest.mark.parametrize("text", ["school school school school", "snow and forecast", ""])
def test_fewer_than_three_different_words_are_silent(text: str) -> None:
    assert look(text) == {}


def test_the_same_words_in_a_long_text_mean_less() -> None:
    text = "Snow today, forecast by the Met Office"
    assert look(f"{text} {FILLER}")["17000000"] < look(text)["17000000"]


def test_a_repeated_word_counts_three_times_at_most() -> None:
    base = "forecast met office"
    assert look(f"{base} snow snow snow") == look(f"{base} snow snow snow snow")


def test_the_strongest_words_come_first() -> None:
    (cued,) = CUES.look(words("snow forecast met office forecast"))
    assert cued.terms == ("forecast", "met office", "snow")


def test_the_shipped_list_speaks_of_known_topics_and_knows_plurals() -> None:
    found = Cues.read().look(words("Pupils, teachers and schools: the curriculum of universities"))
    assert {cued.code for cued in found} <= set(media_topics())
    assert found[0].code == "05000000"


def test_terms_are_words_and_pairs() -> None:
    assert words("The U.S. army's 3rd-quarter re-entry!") == ["the", "army's", "rd-quarter", "re-entry"]
    assert list(terms(["a", "b", "c"])) == ["a", "b", "c", "a b", "b c"]
