"""Entities, by the model that is shipped."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.enrichment.entities import EntityTagger
from shared.schemas import Entity, Tags
from tests.stories import story

PAGE = Path(__file__).parents[4] / "shared" / "data" / "scraped-page.txt"

BODY = (
    "President Maria Santos met NATO officials in Warsaw on Monday. Santos, 54, said Poland’s army would "
    "train with U.S. troops. “We are ready,” she told the Department of Defense in Washington.\n\n"
    "Santos flies to Damascus, the capital of Syria, where Russian and Syrian diplomats wait. "
    "The Russians left."
)


@pytest.fixture(scope="module")
def tagger() -> EntityTagger:
    return EntityTagger()


def tag(tagger: EntityTagger, body: str, language: str = "en", headline: str = "") -> Tags:
    return tagger.tag([story(body=body, language=language, headline=headline)])[0]


def by_name(tags: Tags, kind: str) -> dict[str, Entity]:
    return {entity.name: entity for entity in tags.entities if entity.kind == kind}


def mentions(entity: Entity, body: str) -> list[str]:
    return [body[mention.start : mention.end] for mention in entity.mentions]


def test_people_organisations_and_places_are_told_apart(tagger: EntityTagger) -> None:
    tags = tag(tagger, BODY)
    assert set(by_name(tags, "person")) == {"Maria Santos"}
    assert {"NATO", "Department of Defense"} <= set(by_name(tags, "organisation"))
    assert {"Warsaw", "Poland", "U.S.", "Damascus", "Syria"} <= set(by_name(tags, "place"))


def test_a_person_has_all_mentions_without_titles(tagger: EntityTagger) -> None:
    person = by_name(tag(tagger, BODY), "person")["Maria Santos"]
    assert mentions(person, BODY) == ["Maria Santos", "Santos", "Santos"]


def test_nationalities_are_no_places(tagger: EntityTagger) -> None:
    named = {text for entity in tag(tagger, BODY).entities for text in mentions(entity, BODY)}
    assert named.isdisjoint({"Russian", "Syrian", "Russians"})


def test_a_known_place_is_resolved_and_an_unknown_one_is_not(tagger: EntityTagger) -> None:
    places = by_name(tag(tagger, f"{BODY} They met in Zabadani."), "place")
    assert (places["Syria"].uri, places["Syria"].country) == ("https://sws.geonames.org/163843/", "SY")
    damascus = places["Damascus"]
    assert (damascus.latitude, damascus.longitude) == pytest.approx((33.5, 36.3), abs=0.1)
    assert places["U.S."].country == "US"
    assert all(place.country is None for place in places.values() if place.uri is None)


def test_what_the_headline_names_is_what_it_is_about(tagger: EntityTagger) -> None:
    tags = tag(tagger, BODY, headline="Santos meets NATO")
    people, organisations = by_name(tags, "person"), by_name(tags, "organisation")
    assert people["Maria Santos"].rel == organisations["NATO"].rel == "about"
    assert organisations["Department of Defense"].rel == "mentions"


def test_every_tag_tells_who_made_it_and_how_sure(tagger: EntityTagger) -> None:
    for entity in tag(tagger, BODY).entities:
        assert entity.creator.startswith("en_core_web_sm/3.8")
        assert entity.confidence is not None
        assert entity.relevance is not None


def test_another_language_gets_known_places_only(tagger: EntityTagger) -> None:
    body = "Le président Jean Dupont a quitté Damascus pour Iran. Les États-Unis et Paris protestent."
    tags = tag(tagger, body, language="fr")
    assert [entity.name for entity in tags.entities] == ["Damascus", "Iran", "Paris"]
    assert tags.skipped == ("entities: no model for language fr",)
    assert all(mentions(entity, body) == [entity.name] for entity in tags.entities)


def test_languages_may_be_mixed_in_a_batch(tagger: EntityTagger) -> None:
    stories = [
        story(body="Rien.", language="fr"),
        story(body=BODY),
        story(body="", language="en", headline="x"),
    ]
    french, english, short = tagger.tag(stories)
    assert french.skipped
    assert by_name(english, "person")
    assert not short.skipped


@pytest.mark.skipif(not PAGE.exists(), reason=f"{PAGE.name} is not there: the page is not ours to ship")
def test_the_scraped_page(tagger: EntityTagger) -> None:
    body = PAGE.read_text(encoding="utf-8")
    tags = tag(tagger, body)
    places = by_name(tags, "place")
    assert {"Russia", "Syria", "US", "Damascus", "Aleppo", "Hama", "Raqqa", "Idlib"} <= set(places)
    assert {"ISIS", "NATO", "Department of Defense"} <= set(by_name(tags, "organisation"))
    for name in ("Syria", "Russia", "Damascus"):
        assert set(mentions(places[name], body)) == {name}


@pytest.mark.parametrize(
    "body",
    [
        "'" * 20_000,
        "A" * 20_000,
        "(" * 20_000,
        "🕊" * 20_000,
        "Mr Smith, " * 2_000,
        "U.S." * 5_000,
        "\n" * 20_000,
    ],
    ids=lambda body: str(body)[:4],
)
def test_no_text_takes_time_by_the_square_of_its_length(tagger: EntityTagger, body: str) -> None:
    began = time.process_time()
    tag(tagger, body)
    assert time.process_time() - began < 8


def test_names_beside_a_long_unbroken_text_are_found_where_they_are(tagger: EntityTagger) -> None:
    body = f"Ministers met in Cairo. {'x' * 500} They left for Damascus."
    places = by_name(tag(tagger, body), "place")
    assert mentions(places["Damascus"], body) == ["Damascus"]


pieces = st.one_of(
    st.sampled_from(
        [
            "Maria Santos",
            "Santos",
            "the U.S.",
            "Syria’s",
            "NATO",
            "in Aden",
            ", ",
            " and ",
            ".\n",
            "Mr. ",
            "“",
            "é",
        ]
    ),
    st.text(max_size=8),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(pieces, max_size=25), st.sampled_from(["en", "fr", "und"]))
def test_mentions_lie_in_the_body_and_do_not_overlap(
    tagger: EntityTagger, parts: list[str], language: str
) -> None:
    body = " ".join(parts)
    spans = sorted(
        (m.start, m.end) for entity in tag(tagger, body, language).entities for m in entity.mentions
    )
    assert all(0 <= start < end <= len(body) for start, end in spans)
    assert all(one[1] <= next_one[0] for one, next_one in pairwise(spans))
    assert all(body[start:end] == body[start:end].strip() for start, end in spans)
