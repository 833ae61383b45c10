"""Settings come from the environment; wrong ones are named, secrets are never shown."""

import pytest
from pydantic import SecretStr, ValidationError

from shared.runtime import ServiceSettings, load
from shared.runtime.settings import worker_name

SECRET_URL = "redis://someone:s3cr3t-word@db.example:6379/1"


def test_the_documented_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ServiceSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    settings = ServiceSettings()
    assert settings.redis_url.get_secret_value() == "redis://127.0.0.1:6379/0"
    assert settings.mongo_url.get_secret_value() == "mongodb://127.0.0.1:27017"
    assert settings.health_host == "127.0.0.1", "only this machine may look unless told otherwise"
    assert (settings.mongo_database, settings.stream_prefix) == ("wiredesk", "")
    assert (settings.max_deliveries, settings.stream_bound, settings.batch_size) == (6, 10_000, 100)
    assert (settings.log_level, settings.log_format) == ("INFO", "json")
    assert (settings.startup_seconds, settings.give_up_seconds) == (60, 60)


@pytest.mark.parametrize(
    ("variable", "value", "field", "expected"),
    [
        ("MONGO_DATABASE", "wire", "mongo_database", "wire"),
        ("STREAM_PREFIX", "{wire}:", "stream_prefix", "{wire}:"),
        ("HEALTH_HOST", "::1", "health_host", "::1"),
        ("HEALTH_PORT", "9001", "health_port", 9001),
        ("WORKER", "w1", "worker", "w1"),
        ("LOG_LEVEL", "DEBUG", "log_level", "DEBUG"),
        ("LOG_FORMAT", "console", "log_format", "console"),
        ("BATCH_SIZE", "7", "batch_size", 7),
        ("MIN_IDLE_SECONDS", "2.5", "min_idle_seconds", 2.5),
        ("MAX_DELIVERIES", "3", "max_deliveries", 3),
        ("STREAM_BOUND", "50", "stream_bound", 50),
        ("STARTUP_SECONDS", "5", "startup_seconds", 5.0),
        ("GIVE_UP_SECONDS", "30", "give_up_seconds", 30.0),
        ("REDIS_URL", SECRET_URL, "redis_url", SecretStr(SECRET_URL)),
        ("MONGO_URL", "mongodb://u:p@h/", "mongo_url", SecretStr("mongodb://u:p@h/")),
    ],
)
def test_each_setting_has_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, field: str, expected: object
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(ServiceSettings(), field) == expected


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HEALTH_PORT", "abc"),
        ("HEALTH_PORT", "65536"),
        ("HEALTH_PORT", "-1"),
        ("BATCH_SIZE", "0"),
        ("BATCH_SIZE", "1001"),
        ("MIN_IDLE_SECONDS", "0"),
        ("MIN_IDLE_SECONDS", "nan"),
        ("MAX_DELIVERIES", "0"),
        ("STREAM_BOUND", "0"),
        ("STARTUP_SECONDS", "-1"),
        ("GIVE_UP_SECONDS", "0"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("MONGO_DATABASE", "x" * 64),
        ("STREAM_PREFIX", "wire *"),
        ("STREAM_PREFIX", "x" * 65),
        ("WORKER", "x" * 101),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("REDIS_URL", "redis://:pa/ss@host:6379/0"),
        ("REDIS_URL", "http://host"),
    ],
)
def test_a_wrong_setting_is_refused_and_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError) as refused:
        ServiceSettings()
    (problem,) = refused.value.errors()
    assert problem["loc"] == (variable.lower(),)
    assert variable.lower() in str(refused.value)


@pytest.mark.parametrize("url", ["redis://:s3cr3t/word@host:6379/0", "http://:s3cr3t@host", "s3cr3t"])
def test_a_wrong_url_is_not_repeated_and_says_how_to_write_it(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(ValidationError) as refused:
        ServiceSettings()
    assert "s3cr3t" not in str(refused.value)
    assert "redis://user:password@host:6379/0" in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["redis://h", "rediss://:p%40%2F%23@h:6380/2", "unix:///run/redis.sock?db=1", "redis://u:p@[::1]:6379/0"],
)
def test_every_kind_of_redis_url_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    assert ServiceSettings().redis_url.get_secret_value() == url


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", SECRET_URL)
    monkeypatch.setenv("MONGO_URL", "mongodb://someone:s3cr3t-word@db.example/")
    settings = ServiceSettings()
    for shown in (repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump())):
        assert "s3cr3t-word" not in shown


def test_what_belongs_to_others_is_ignored_and_nothing_changes_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOMETHING_ELSE", "x")
    settings = ServiceSettings()
    with pytest.raises(ValidationError):
        settings.batch_size = 5  # type: ignore[misc]


def test_the_policy_of_redelivery_follows_the_settings() -> None:
    policy = ServiceSettings(min_idle_seconds=2, max_deliveries=4).redelivery
    assert (policy.min_idle, policy.max_deliveries, policy.rest(1)) == (2, 4, 2)
    assert ServiceSettings(min_idle_seconds=3_600).redelivery.rest(1) == 3_600


def test_no_two_workers_share_a_name() -> None:
    names = {worker_name() for _ in range(50)}
    assert len(names) == 50
    assert all(0 < len(name) <= 100 for name in names)


def test_loading_ends_with_a_line_for_each_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BATCH_SIZE", "many")
    monkeypatch.setenv("REDIS_URL", "http://user:secret@host")
    with pytest.raises(SystemExit) as ended:
        load(ServiceSettings)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert [line.split(":")[0] for line in said.splitlines()] == ["REDIS_URL", "BATCH_SIZE"]
    assert "secret" not in said


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "")
    assert load(ServiceSettings).redis_url.get_secret_value() == "redis://127.0.0.1:6379/0"
