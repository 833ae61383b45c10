"""How a delivery is cut into what goes to the models at once."""

from hypothesis import given
from hypothesis import strategies as st

from services.enrichment.model_pool import parts
from tests.stories import story


def sizes(lengths: list[int], most: int, most_chars: int) -> list[list[int]]:
    stories = [story(body="x" * length) for length in lengths]
    return [[len(one.body_text) for one in part] for part in parts(stories, most, most_chars)]


def test_a_part_ends_at_the_number_of_stories() -> None:
    assert sizes([1, 2, 3], most=2, most_chars=100) == [[1, 2], [3]]


def test_a_part_ends_at_the_number_of_characters() -> None:
    assert sizes([60, 40, 1], most=9, most_chars=100) == [[60, 40], [1]]


def test_a_story_longer_than_that_is_a_part_by_itself() -> None:
    assert sizes([1, 500, 1], most=9, most_chars=100) == [[1], [500], [1]]


def test_no_stories_make_no_parts() -> None:
    assert sizes([], most=9, most_chars=100) == []


@given(st.lists(st.integers(1, 50), max_size=20), st.integers(1, 5), st.integers(1, 80))
def test_order_and_number_are_kept(lengths: list[int], most: int, most_chars: int) -> None:
    found = sizes(lengths, most, most_chars)
    assert [length for part in found for length in part] == lengths
    assert all(0 < len(part) <= most for part in found)
