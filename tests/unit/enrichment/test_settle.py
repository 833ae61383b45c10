"""One name, one kind: tables and words outvote the model, mentions vote together."""

import pytest

from services.enrichment.entities.settle import kind_by_name, settle
from services.enrichment.entities.span import Span
from services.enrichment.places import Places
from shared.schemas import EntityKind

PLACES = Places.read()


def spans(text: str, *named: tuple[str, EntityKind]) -> list[Span]:
    """A span at the next mention of each name, in order."""
    found, at = [], 0
    for name, kind in named:
        start = text.index(name, at)
        at = start + len(name)
        found.append(Span(start, at, kind))
    return found


def kinds(text: str, *named: tuple[str, EntityKind]) -> list[EntityKind]:
    return [span.kind for span in settle(text, spans(text, *named), PLACES)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Syria", "place"),
        ("Damascus", "place"),
        ("US", "place"),
        ("NATO", "organisation"),
        ("ISIS", "organisation"),
        ("BHP", "organisation"),
        ("Ministry of Health", "organisation"),
        ("Barclays Bank", "organisation"),
        ("Acme Ltd.", "organisation"),
        ("Blue Nile River", "place"),
        ("Windsor", None),
        ("Bank", None),
        ("Jordan", None),
    ],
)
def test_what_a_name_tells_by_itself(name: str, kind: EntityKind | None) -> None:
    assert kind_by_name(name, PLACES) == kind


def test_the_model_does_not_outvote_the_table() -> None:
    assert kinds("Syria and Syria", ("Syria", "person"), ("Syria", "organisation")) == ["place", "place"]


def test_most_mentions_win() -> None:
    text = "Lanner. Lanner. Lanner."
    assert (
        kinds(text, ("Lanner", "person"), ("Lanner", "organisation"), ("Lanner", "person")) == ["person"] * 3
    )


def test_a_full_name_tells_what_the_surname_is() -> None:
    text = "Cesar Chavez spoke. Chavez left. Chavez won."
    found = kinds(text, ("Cesar Chavez", "person"), ("Chavez", "organisation"), ("Chavez", "organisation"))
    assert found == ["person"] * 3


@pytest.mark.parametrize("text", ["Mr Wang", "minister Wang", "Wang said", "Wang, 34,", "Wang (61)"])
def test_the_words_beside_a_person(text: str) -> None:
    assert kinds(text, ("Wang", "organisation")) == ["person"]


def test_the_word_before_a_place() -> None:
    assert kinds("a market in Curepipe.", ("Curepipe", "person")) == ["place"]


def test_a_list_of_places_holds_places() -> None:
    text = "Damascus, Aleppo, Hama and Idlib"
    found = kinds(
        text, ("Damascus", "place"), ("Aleppo", "place"), ("Hama", "organisation"), ("Idlib", "person")
    )
    assert found == ["place"] * 4


def test_nothing_is_moved_or_lost() -> None:
    text = "Wang met Lanner in Syria."
    given = spans(text, ("Wang", "person"), ("Lanner", "organisation"), ("Syria", "place"))
    settled = settle(text, given, PLACES)
    assert [(span.start, span.end) for span in settled] == [(span.start, span.end) for span in given]
    assert [span.sure for span in settled] == [False, False, True]
