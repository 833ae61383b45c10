import shlex
from pathlib import Path

import pytest

from deploy.embedded.environment import of_services, of_shell, remember, remembered, remembered_file
from deploy.embedded.processes import MARK
from deploy.embedded.settings import Settings

ROOT = Path("/wire")


def test_services_are_told_where_the_servers_are() -> None:
    env = of_services(Settings.from_env({"REDIS_PORT": "7000"}, ROOT), {"REDIS_URL": "redis://stale"})
    assert env["REDIS_URL"] == "redis://127.0.0.1:7000/0"
    assert env["HEALTH_HOST"] == "127.0.0.1"
    assert env[MARK] == "/wire/.wiredesk"


def test_the_users_own_service_settings_pass_through() -> None:
    env = of_services(Settings.from_env({}, ROOT), {"BATCH_SIZE": "7", "LOG_FORMAT": "console"})
    assert env["BATCH_SIZE"] == "7"
    assert env["LOG_FORMAT"] == "console"


@pytest.mark.parametrize("variable", ["MAKEFLAGS", "MAKELEVEL", "HEALTH_PORT", "PYTHONSAFEPATH"])
def test_what_would_confuse_a_service_does_not(variable: str) -> None:
    assert variable not in of_services(Settings.from_env({}, ROOT), {variable: "1"})


def test_a_shell_can_read_the_addresses_back() -> None:
    url = "mongodb://me:it's;$(secret)@db.example/?a=1&b=2"
    lines = of_shell(Settings.from_env({"MONGO_URL": url}, ROOT)).splitlines()
    values = dict(shlex.split(line)[0].split("=", 1) for line in lines)
    assert values["MONGO_URL"] == url
    assert values["REDIS_URL"] == "redis://127.0.0.1:6379/0"
    assert values["WIREDESK_MODE"] == "embedded"


def test_what_runs_is_remembered_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings.from_env({"REDIS_PORT": "7000", "WIREDESK_HOME": str(tmp_path)}, ROOT)
    (tmp_path / "run").mkdir()
    remember(settings)
    assert remembered(tmp_path) == settings.variables()
    for path in (settings.env_file, remembered_file(tmp_path)):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{", "[]"])
def test_nothing_sensible_remembered_counts_as_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "run").mkdir()
    remembered_file(tmp_path).write_text(text)
    assert remembered(tmp_path) == {}
