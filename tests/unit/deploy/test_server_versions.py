import pytest

from deploy.embedded.versions import FIXED, Version, is_fixed, parse


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", (7, 0, 15)),
        ("Server v=8.1.8 sha=0:0", (8, 1, 8)),
        ("db version v8.0.17\nBuild Info: {}", (8, 0, 17)),
        ("nothing here", None),
    ],
)
def test_the_version_is_found_in_what_servers_print(text: str, version: Version | None) -> None:
    assert parse(text) == version


@pytest.mark.parametrize("kind", sorted(FIXED))
def test_each_line_is_good_from_its_fixed_release_on(kind: str) -> None:
    for major, minor, patch in FIXED[kind]:
        assert is_fixed(kind, (major, minor, patch))
        assert is_fixed(kind, (major, minor, patch + 1))
        assert not is_fixed(kind, (major, minor, patch - 1))


@pytest.mark.parametrize(
    ("kind", "version", "good"),
    [
        ("redis", (7, 0, 15), False),
        ("redis", (6, 2, 99), False),
        ("redis", (7, 3, 99), False),
        ("redis", (8, 4, 0), True),
        ("valkey", (9, 0, 0), True),
        ("mongod", (6, 0, 27), False),
        ("mongod", (9, 0, 0), True),
    ],
)
def test_other_lines_are_good_only_when_newer_than_all(kind: str, version: Version, good: bool) -> None:
    assert is_fixed(kind, version) is good
