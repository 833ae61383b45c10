"""Which servers the command talks to, and what it says about them."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
)
from redis.exceptions import (
    ConnectionError as ConnectionLost,
)
from redis.exceptions import (
    TimeoutError as TimedOut,
)

from services.cli.connection import redis_problem, settings, without_password
from services.cli.follow import passes_by_itself
from services.cli.problem import ExitCode, Problem
from services.cli.sender import can_wait, why


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "REDIS_URL",
        "MONGO_URL",
        "STREAM_PREFIX",
        "MONGO_DATABASE",
        "STREAM_BOUND",
        "WIREDESK_HOME",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_defaults_are_those_of_make_up() -> None:
    found = settings()
    assert found.redis_url.get_secret_value() == "redis://127.0.0.1:6379/0"
    assert found.mongo_url.get_secret_value() == "mongodb://127.0.0.1:27017"
    assert found.names.stream("stories.ingest") == "stories.ingest"


def test_an_option_beats_the_environment_which_beats_what_make_up_wrote(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".wiredesk").mkdir()
    (tmp_path / ".wiredesk" / "env").write_text(
        "REDIS_URL=redis://file:1/0\nMONGO_URL=mongodb://file\nOTHER=1\n"
    )
    assert settings().redis_url.get_secret_value() == "redis://file:1/0"
    monkeypatch.setenv("REDIS_URL", "redis://environment:1/0")
    assert settings().redis_url.get_secret_value() == "redis://environment:1/0"
    assert settings("redis://option:1/0").redis_url.get_secret_value() == "redis://option:1/0"
    assert settings().mongo_url.get_secret_value() == "mongodb://file"


def test_wiredesk_home_says_where_make_up_wrote(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "env").write_text("STREAM_PREFIX={wire}:\n")
    monkeypatch.setenv("WIREDESK_HOME", str(tmp_path))
    assert settings().names.stream("stories.dead") == "{wire}:stories.dead"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "nonsense", "redis:/127.0.0.1", "mongodb://x", "redis://u:secret@h:port/"]
)
def test_a_wrong_url_is_a_usage_error_that_does_not_repeat_it(url: str) -> None:
    with pytest.raises(Problem) as caught:
        settings(url)
    assert caught.value.code is ExitCode.USAGE
    assert "--redis-url" in caught.value.sentence
    assert "secret" not in caught.value.sentence + caught.value.fix


def test_a_replica_set_and_a_socket_are_urls_too() -> None:
    found = settings("unix:///run/redis.sock", "mongodb://a:1,b:2/?replicaSet=rs")
    assert found.mongo_url.get_secret_value().startswith("mongodb://a:1,b:2")


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAM_BOUND", "many")
    with pytest.raises(Problem, match="STREAM_BOUND"):
        settings()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://user:secret@host:6379/0", "redis://host:6379/0"),
        ("redis://:p@ss@host/1", "redis://host/1"),
        ("mongodb://u:secret@a:1,b:2/db?authSource=admin", "mongodb://a:1,b:2/db"),
        ("redis://host", "redis://host"),
    ],
)
def test_passwords_are_never_shown(url: str, shown: str) -> None:
    assert without_password(SecretStr(url)) == shown


def test_an_unreachable_redis_says_how_to_start_one() -> None:
    problem = redis_problem(ConnectionLost("refused"), settings("redis://u:secret@127.0.0.1:1/0"))
    assert problem.sentence == "Redis at redis://127.0.0.1:1/0 cannot be reached: refused"
    assert "make up" in problem.fix


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (AuthenticationError("WRONGPASS"), "refused the user or password"),
        (ResponseError("WRONGPASS invalid"), "refused the user or password"),
        (NoPermissionError("no XADD"), "may not do this: no XADD"),
    ],
)
def test_rights_and_passwords_have_their_own_words(error: Exception, words: str) -> None:
    assert words in redis_problem(error, settings()).sentence


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (ConnectionLost("gone"), True),
        (TimedOut("slow"), True),
        (BusyLoadingError("LOADING"), True),
        (OSError("network"), True),
        (ResponseError("MASTERDOWN"), True),
        (ResponseError("WRONGTYPE"), False),
        (AuthenticationError("no"), False),
        (NoPermissionError("no"), False),
        (ValueError("bug"), False),
    ],
)
def test_what_passes_by_itself(error: Exception, waits: bool) -> None:
    assert passes_by_itself(error) is waits
    assert can_wait(error) is waits


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OutOfMemoryError("command not allowed"), "maxmemory"),
        (ReadOnlyError("READONLY"), "read-only"),
        (ResponseError("MISCONF disk"), "disk"),
        (BusyLoadingError("Redis is loading the dataset in memory"), "loading"),
        (ConnectionLost("refused"), "does not answer (refused)"),
    ],
)
def test_a_push_waits_for_memory_disk_and_failover_and_says_so(error: Exception, words: str) -> None:
    assert can_wait(error)
    assert words in why(error)
