"""Several enrichers, one answer per story: what fails costs its own tags and nothing else."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrichment.enrich import default_enrichers, enrich
from services.enrichment.enricher import Enricher
from services.enrichment.merge import merge
from shared.schemas import Entity, Story, Subject, Tags
from tests.stories import story

SUBJECT = Subject(code="16000000", name="conflict", confidence=80, creator="test/1")


def subjects(stories: Sequence[Story]) -> list[Tags]:
    return [Tags(subjects=(SUBJECT,)) for _ in stories]


def bodies(stories: Sequence[Story]) -> list[Tags]:
    """Tells each story from its neighbours: an entity named as its body."""
    return [
        Tags(entities=(Entity(kind="event", name=known.body_text, creator="test/1"),)) for known in stories
    ]


def one_answer(_: Sequence[Story]) -> list[Tags]:
    return [Tags(subjects=(SUBJECT,))]


def no_answer(_: Sequence[Story]) -> list[Tags]:
    return []


def fails_on(word: str, error: type[BaseException] = ValueError) -> Callable[[Sequence[Story]], list[Tags]]:
    def tag(stories: Sequence[Story]) -> list[Tags]:
        if any(word in known.body_text for known in stories):
            raise error(f"cannot read {word}")
        return subjects(stories)

    return tag


def named(name: str, tag: Callable[[Sequence[Story]], Sequence[Tags]]) -> Enricher:
    return Enricher(name, "1", tag)


GOOD, BAD = story(body="good"), story(body="bad")
BODIES = named("bodies", bodies)


def test_tags_of_all_enrichers_come_together_in_their_order() -> None:
    one, other = enrich([GOOD, BAD], [named("subjects", subjects), BODIES])
    assert (one.subjects, one.entities[0].name) == ((SUBJECT,), "good")
    assert (other.subjects, other.entities[0].name) == ((SUBJECT,), "bad")


def test_a_failing_enricher_costs_its_own_tags_of_that_story_only() -> None:
    first, second, third = enrich([GOOD, BAD, GOOD], [named("topics", fails_on("bad")), BODIES])
    assert first.subjects == third.subjects == (SUBJECT,)
    assert second.subjects == ()
    assert second.skipped == ("topics: error ValueError: cannot read bad",)
    assert [tags.entities[0].name for tags in (first, second, third)] == ["good", "bad", "good"]


def test_an_enricher_that_answers_too_few_is_run_story_by_story() -> None:
    answers = enrich([GOOD, BAD], [named("short", one_answer)])
    assert [tags.subjects for tags in answers] == [(SUBJECT,), (SUBJECT,)]


def test_an_enricher_that_never_answers_is_skipped() -> None:
    (tags,) = enrich([GOOD], [named("mute", no_answer)])
    assert tags.skipped == ("mute: error ValueError: answered 0 tags for 1 stories",)


def test_out_of_memory_is_not_hidden() -> None:
    with pytest.raises(MemoryError):
        enrich([GOOD, BAD], [named("greedy", fails_on("bad", MemoryError))])


def test_a_long_reason_fits_the_schema() -> None:
    (tags,) = enrich([story(body="x" * 500)], [named("topics", fails_on("x" * 500))])
    assert len(tags.skipped[0]) == 200


def test_only_the_beginning_of_a_long_body_is_read_and_that_is_said() -> None:
    (tags,) = enrich([story(body="one two three four")], [BODIES], max_chars=9)
    assert tags.entities[0].name == "one two"
    assert tags.skipped == ("all: only the first 9 characters were read (ENRICHMENT_MAX_CHARS)",)


def test_a_body_without_blanks_is_cut_all_the_same() -> None:
    (tags,) = enrich([story(body="x" * 20)], [BODIES], max_chars=9)
    assert tags.entities[0].name == "x" * 9


@given(st.text(min_size=1, max_size=40), st.integers(2, 40))
def test_what_is_read_is_the_beginning_of_the_body(body: str, most: int) -> None:
    seen: list[str] = []

    def read(stories: Sequence[Story]) -> list[Tags]:
        seen.extend(known.body_text for known in stories)
        return [Tags() for _ in stories]

    (tags,) = enrich([story(body=body)], [named("reader", read)], max_chars=most)
    assert body.startswith(seen[0])
    assert 0 < len(seen[0]) <= most
    assert bool(tags.skipped) == (len(body) > most)


def test_nothing_in_nothing_out() -> None:
    assert enrich([], [BODIES]) == []
    assert enrich([GOOD], []) == [Tags()]


def test_merging_keeps_every_remark() -> None:
    merged = merge(
        [Tags(undecided=("topics",)), Tags(skipped=("entities: error",), subjects=(SUBJECT,)), Tags()]
    )
    assert merged == Tags(subjects=(SUBJECT,), undecided=("topics",), skipped=("entities: error",))


def test_merging_keeps_to_the_bounds_of_the_schema() -> None:
    assert len(merge([Tags(subjects=(SUBJECT,) * 40)] * 2).subjects) == 50


def test_the_default_enrichers_tag_a_story_and_leave_the_empty_one() -> None:
    body = "Rebels in Syria killed twelve soldiers in an airstrike near Damascus, the army said."
    tagged, empty = enrich([story(body=body), story(body="…", headline="")])
    assert [one.name for one in default_enrichers()] == ["topics", "entities"]
    assert tagged.subjects[0].code == "16000000"
    assert {"Syria", "Damascus"} <= {entity.name for entity in tagged.entities}
    assert (empty.subjects, empty.entities, empty.undecided) == ((), (), ("topics",))
