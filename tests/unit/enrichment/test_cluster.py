"""One entity per document."""

from services.enrichment.entities.cluster import cluster, initials
from services.enrichment.entities.span import Span
from services.enrichment.places import Places
from shared.schemas import EntityKind

PLACES = Places.read()


def clusters(*named: tuple[str, EntityKind]) -> list[tuple[str, int]]:
    """The name and number of mentions of each entity, in a text that is these names one after another."""
    text, spans = "", []
    for name, kind in named:
        spans.append(Span(len(text), len(text) + len(name), kind))
        text += f"{name}. "
    return [(found.name(text), len(found.spans)) for found in cluster(text, spans, PLACES)]


def test_a_surname_is_the_person_named_in_full() -> None:
    assert clusters(("Barack Obama", "person"), ("Obama", "person"), ("Obama", "person")) == [
        ("Barack Obama", 3)
    ]


def test_a_surname_before_the_full_name_is_the_same_person() -> None:
    assert clusters(("Obama", "person"), ("Barack Obama", "person")) == [("Barack Obama", 2)]


def test_of_two_people_of_one_name_the_last_named_is_meant() -> None:
    found = clusters(
        ("Bill Clinton", "person"),
        ("Hillary Clinton", "person"),
        ("Clinton", "person"),
        ("Bill Clinton", "person"),
    )
    assert found == [("Bill Clinton", 2), ("Hillary Clinton", 2)]


def test_an_acronym_is_its_long_form() -> None:
    found = clusters(
        ("World Health Organization", "organisation"), ("WHO", "organisation"), ("W.H.O.", "organisation")
    )
    assert found == [("World Health Organization", 3)]


def test_names_of_one_country_are_one_place_under_the_commonest() -> None:
    assert clusters(("United States", "place"), ("US", "place"), ("U.S.", "place"), ("US", "place")) == [
        ("US", 4)
    ]


def test_kinds_are_kept_apart() -> None:
    assert clusters(("Washington", "person"), ("Washington", "place")) == [
        ("Washington", 1),
        ("Washington", 1),
    ]


def test_initials() -> None:
    assert initials("The North Atlantic Treaty Organization") == "NATO"
    assert initials("Department of Defense") == "DD"
