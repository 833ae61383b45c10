"""Entry ids, and what a reader has missed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.cursor import EMPTY, START, EntryId, Extent, Place, advance, gap, is_ahead


def ids(*milliseconds: int) -> list[EntryId]:
    return [EntryId(one, 0) for one in milliseconds]


def extent(first: int, last: int, added: int, length: int) -> Extent:
    return Extent(EntryId(first, 0), EntryId(last, 0), added, length)


@pytest.mark.parametrize("text", ["", "x", "1-", "-1", "1-2-3", "1 ", "99999999999999999999999", "$", "1.5"])
def test_what_is_no_entry_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no entry id"):
        EntryId.parse(text)


def test_ids_are_ordered_by_number() -> None:
    assert EntryId.parse("10-2") < EntryId.parse("10-10") < EntryId.parse("100")
    assert str(EntryId.parse("5")) == "5-0"


def test_a_reader_who_keeps_up_has_no_gap() -> None:
    place = Place(EntryId(10, 0), ordinal=10)
    assert gap(place, extent(1, 10, 10, 10)) is None
    assert gap(place, extent(5, 12, 12, 8)) is None


def test_trimming_what_was_read_is_no_gap_even_if_the_cursor_itself_is_gone() -> None:
    place = Place(EntryId(10, 0), ordinal=10)
    assert gap(place, extent(11, 12, 12, 2)) is None


def test_what_was_trimmed_before_it_was_read_is_counted() -> None:
    found = gap(Place(EntryId(10, 0), ordinal=10), extent(14, 20, 20, 7))
    assert found is not None
    assert found.missed == 3
    assert str(found) == "3 events were trimmed away after 10-0 before they were read: going on at 14-0"


def test_a_stream_trimmed_to_nothing_is_a_gap_too() -> None:
    found = gap(Place(EntryId(10, 0), ordinal=10), Extent(None, EntryId(11, 0), 11, 0))
    assert found is not None
    assert str(found) == "1 event was trimmed away after 10-0 before they were read: waiting for the next"


def test_a_cursor_below_the_first_entry_may_hide_a_gap_and_says_may() -> None:
    found = gap(Place(EntryId(3, 0)), extent(5, 9, 9, 5))
    assert found is not None
    assert found.missed is None
    assert "may have been trimmed" in str(found)


def test_a_given_cursor_that_is_still_there_or_in_an_untrimmed_stream_has_no_gap() -> None:
    assert gap(Place(EntryId(6, 0)), extent(5, 9, 9, 5)) is None
    assert gap(Place(EntryId(3, 0)), extent(5, 9, 5, 5)) is None


def test_from_the_oldest_tells_how_much_is_gone() -> None:
    found = gap(Place(START, 0), extent(5, 9, 9, 5))
    assert found is not None
    assert found.missed == 4


def test_reading_to_the_end_makes_the_ordinal_known() -> None:
    assert advance(Place(EntryId(6, 0)), extent(5, 9, 9, 5), ids(7, 8, 9)) == Place(EntryId(9, 0), 9)
    assert advance(Place(EntryId(6, 0)), extent(5, 9, 9, 5), ids(7, 8)) == Place(EntryId(8, 0), None)


def test_a_gap_is_told_once() -> None:
    for before in (Place(EntryId(3, 0)), Place(EntryId(3, 0), 3)):
        now = extent(6, 20, 20, 15)
        assert gap(before, now)
        after = advance(before, now, ids(6, 7))
        assert after == Place(EntryId(7, 0), 7)
        assert gap(after, now) is None


def test_a_gap_in_a_stream_without_entries_is_told_once() -> None:
    now = Extent(None, EntryId(20, 0), 20, 0)
    before = Place(EntryId(3, 0), 3)
    assert gap(before, now)
    assert gap(advance(before, now, []), now) is None


def test_a_stream_that_ends_before_the_cursor_was_made_anew() -> None:
    assert is_ahead(Place(EntryId(9, 0), 9), EMPTY)
    assert is_ahead(Place(EntryId(9, 0)), extent(1, 5, 5, 5))
    assert is_ahead(Place(EntryId(3, 0), 9), extent(1, 5, 5, 5))
    assert not is_ahead(Place(EntryId(5, 0), 5), extent(1, 5, 5, 5))
    assert not is_ahead(Place(START, 0), EMPTY)


@given(st.data())
def test_over_any_adding_trimming_and_reading_missed_plus_read_is_all(data: st.DataObject) -> None:
    """A model of a stream: what the reader read and what it was told it missed add up to what was added."""
    stream: list[int] = []
    added = read = missed = 0
    place = Place(START, 0)
    for _ in range(data.draw(st.integers(1, 12))):
        for _ in range(data.draw(st.integers(0, 4))):
            added += 1
            stream.append(added)
        stream = stream[data.draw(st.integers(0, len(stream))) :]
        now = Extent(EntryId(stream[0], 0) if stream else None, EntryId(added, 0), added, len(stream))
        batch = [one for one in stream if one > place.cursor.milliseconds][: data.draw(st.integers(1, 3))]
        found = gap(place, now)
        missed += (found.missed or 0) if found else 0
        read += len(batch)
        place = advance(place, now, ids(*batch))
    rest = [one for one in stream if one > place.cursor.milliseconds]
    assert read + missed + len(rest) == added
