"""How commits are cut into calls of the script, and what a call holds."""

from hypothesis import given
from hypothesis import strategies as st

from shared.streaming import Commit, VersionGuard, WireOutput
from shared.streaming.commit import MAX_CALL_BYTES, MAX_CALL_VALUES, load_script, split
from tests.stages import TARGET


def commit(number: int, size: int = 10, outputs: int = 1, plain: int = 0) -> Commit:
    fields: list[bytes | str] = [b"data", b"x" * size, *(["n", "v"] * plain), b"trace", b"[]"]
    return Commit(f"{number}-0", "accepted", [WireOutput(TARGET, fields, None)] * outputs)


def values_of(part: list[Commit]) -> int:
    return sum(4 + sum(4 + len(output.fields) for output in one.outputs) for one in part)


def bytes_of(part: list[Commit]) -> int:
    return sum(len(output.fields[1]) for one in part for output in one.outputs)


shapes = st.builds(
    commit,
    number=st.integers(0, 9),
    size=st.sampled_from([0, 10, 100_000, MAX_CALL_BYTES // 2, MAX_CALL_BYTES + 1]),
    outputs=st.integers(0, 3),
    plain=st.sampled_from([0, 5, MAX_CALL_VALUES // 4]),
)


@given(st.lists(shapes, max_size=40))
def test_nothing_is_lost_or_reordered_and_every_call_fits(commits: list[Commit]) -> None:
    parts = list(split(commits))
    assert [one for part in parts for one in part] == commits
    for part in parts:
        assert part
        if len(part) > 1:
            assert bytes_of(part) <= MAX_CALL_BYTES
            assert values_of(part) <= MAX_CALL_VALUES


def test_no_commits_are_no_call() -> None:
    assert list(split([])) == []


def test_a_usual_batch_is_one_call() -> None:
    guarded = Commit("1-0", "published", [WireOutput(TARGET, [b"data", b"x" * 3_000], VersionGuard("a", 1))])
    assert len(list(split([commit(n, 3_000) for n in range(100)]))) == 1
    assert len(list(split([guarded] * 100))) == 1


def test_a_commit_beyond_the_limit_goes_alone() -> None:
    parts = list(split([commit(0), commit(1, MAX_CALL_BYTES + 1), commit(2), commit(3)]))
    assert [[one.entry_id for one in part] for part in parts] == [["0-0"], ["1-0"], ["2-0", "3-0"]]


def test_the_script_has_no_shebang() -> None:
    """With one, Redis would refuse to commit when its memory is full."""
    assert not load_script("commit").startswith("#!")
