"""Entry ids as text that sorts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.store.cursor import after, entry_id_of, sortable

number = st.integers(0, 2**64 - 1)
entry = st.tuples(number, number)


def text(pair: tuple[int, int]) -> str:
    return f"{pair[0]}-{pair[1]}"


@given(entry, entry)
def test_the_sortable_form_orders_as_redis_does(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert (sortable(text(one)) < sortable(text(other))) == (one < other)


@given(entry)
def test_the_entry_id_comes_back(one: tuple[int, int]) -> None:
    assert entry_id_of(sortable(text(one))) == text(one)


@given(entry, entry)
def test_nothing_lies_between_an_id_and_the_one_after_it(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    if one == (2**64 - 1, 2**64 - 1):
        return
    following = sortable(after(text(one)))
    assert sortable(text(one)) < following
    assert not sortable(text(one)) < sortable(text(other)) < following


@pytest.mark.parametrize("wrong", ["", "1", "1-", "-1", "1-2-3", "a-b", "1-2 ", "$", "9" * 21 + "-0", "１-0"])
def test_anything_else_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no entry id"):
        sortable(wrong)
