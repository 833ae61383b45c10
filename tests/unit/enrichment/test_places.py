"""Countries and capitals by name."""

import pytest

from services.enrichment.places import Places
from services.enrichment.places.countries import ALIASES, CAPITALS, DOUBTFUL

PLACES = Places.read()


@pytest.mark.parametrize(
    ("name", "country", "geonames"),
    [
        ("Syria", "SY", 163843),
        ("US", "US", 6252001),
        ("U.S.", "US", 6252001),
        ("United States", "US", 6252001),
        ("Britain", "GB", 2635167),
        ("Netherlands", "NL", 2750405),
        ("Damascus", "SY", 170654),
        ("Kyiv", "UA", 703448),
        ("Kiev", "UA", 703448),
        ("Singapore", "SG", 1880251),
    ],
)
def test_a_name_finds_its_place(name: str, country: str, geonames: int) -> None:
    place = PLACES.find(name)
    assert place is not None
    assert (place.country, place.geonames) == (country, geonames)
    assert place.uri == f"https://sws.geonames.org/{geonames}/"


@pytest.mark.parametrize(
    "name", ["Georgia", "Jordan", "Washington", "Chad", "Victoria", "syria", "Atlantis", ""]
)
def test_a_doubtful_or_unknown_name_finds_nothing(name: str) -> None:
    assert PLACES.find(name) is None


def test_every_name_is_found_and_lies_on_the_globe() -> None:
    for name in PLACES.names():
        place = PLACES.find(name)
        assert place is not None
        assert len(place.country) == 2
        assert place.latitude is None or -90 <= place.latitude <= 90
        assert place.longitude is None or -180 <= place.longitude <= 180


def test_our_own_lists_stand_in_the_table() -> None:
    known = set(PLACES.names())
    assert (set(ALIASES) | set(CAPITALS)) <= known
    assert known.isdisjoint(DOUBTFUL)
    assert len(known) > 400


def test_a_country_across_the_date_line_has_its_centre_there() -> None:
    fiji = PLACES.find("Fiji")
    assert fiji is not None
    assert fiji.longitude == pytest.approx(178, abs=1)
