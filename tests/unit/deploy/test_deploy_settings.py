from pathlib import Path

import pytest

from deploy.embedded.settings import DEFAULT_PORTS, Settings, SettingsError, home_folder

ROOT = Path("/somewhere/wiredesk")


def test_nothing_set_gives_the_documented_defaults() -> None:
    settings = Settings.from_env({}, ROOT)
    assert settings.home == ROOT / ".wiredesk"
    assert settings.ports == DEFAULT_PORTS
    assert settings.redis == "redis://127.0.0.1:6379/0"
    assert settings.mongo == "mongodb://127.0.0.1:27017"
    assert settings.appendfsync == "everysec"


@pytest.mark.parametrize("name", sorted(DEFAULT_PORTS))
def test_each_port_has_its_variable(name: str) -> None:
    assert Settings.from_env({f"{name.upper()}_PORT": "12345"}, ROOT).ports[name] == 12345


@pytest.mark.parametrize("text", ["0", "65536", "-1", "six", "6379.0", "٣"])
def test_a_wrong_port_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match=f"REDIS_PORT={text} .*1 to 65535"):
        Settings.from_env({"REDIS_PORT": text}, ROOT)


def test_two_parts_cannot_share_a_port() -> None:
    with pytest.raises(SettingsError, match="INGEST_PORT and ARCHIVE_PORT are both 9000"):
        Settings.from_env({"INGEST_PORT": "9000", "ARCHIVE_PORT": "9000"}, ROOT)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("APPENDFSYNC", "no"), ("REDIS_MAXMEMORY", "lots"), ("MONGO_CACHE", "0M"), ("READY_TIMEOUT", "soon")],
)
def test_other_wrong_values_are_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable}={value}"):
        Settings.from_env({variable: value}, ROOT)


def test_an_empty_variable_counts_as_unset() -> None:
    settings = Settings.from_env({"REDIS_PORT": "", "REDIS_URL": "", "READY_TIMEOUT": ""}, ROOT)
    assert settings == Settings.from_env({}, ROOT)


def test_a_server_of_the_users_own_is_not_managed() -> None:
    settings = Settings.from_env({"MONGO_URL": "mongodb://db.example:27017"}, ROOT)
    assert settings.mongo == "mongodb://db.example:27017"
    assert "mongo" not in settings.managed_ports()
    assert "redis" in settings.managed_ports()


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:7000/0", "redis://localhost:7000", "redis://127.0.0.1:7000/"]
)
def test_our_own_address_in_a_shell_does_not_count_as_another_server(url: str) -> None:
    settings = Settings.from_env({"REDIS_PORT": "7000", "REDIS_URL": url}, ROOT)
    assert settings.redis_url is None


def test_another_database_of_the_same_server_is_the_users_own_choice() -> None:
    settings = Settings.from_env({"REDIS_URL": "redis://127.0.0.1:6379/5"}, ROOT)
    assert settings.redis_url == "redis://127.0.0.1:6379/5"


def test_the_variables_make_the_same_settings_again() -> None:
    env = {"REDIS_PORT": "7000", "MONGO_URL": "mongodb://db.example", "APPENDFSYNC": "always"}
    settings = Settings.from_env(env, ROOT)
    assert Settings.from_env(settings.variables(), ROOT) == settings


@pytest.mark.parametrize(
    ("given", "home"), [("elsewhere", ROOT / "elsewhere"), ("/data/wire", Path("/data/wire"))]
)
def test_home_is_relative_to_the_project(given: str, home: Path) -> None:
    assert home_folder({"WIREDESK_HOME": given}, ROOT) == home
