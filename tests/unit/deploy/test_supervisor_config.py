import configparser
from pathlib import Path

import pytest

from deploy.embedded.binaries import Binary
from deploy.embedded.programs import programs
from deploy.embedded.settings import SERVICES, Settings
from deploy.embedded.supervisor_config import LONGEST_SOCKET_PATH, render, socket_file

VALKEY = Binary("valkey", "/wheel/valkey-server", "8.1.8")
SECANTUS = Binary("secantus", "/venv/bin/secantusd-py", "")


def rendered(
    root: Path = Path("/wire"), redis: Binary | None = VALKEY, **env: str
) -> configparser.RawConfigParser:
    settings = Settings.from_env(env, root)
    parser = configparser.RawConfigParser()
    parser.read_string(render(settings, programs(settings, redis, SECANTUS)))
    return parser


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_started_again_and_logs_to_its_own_file(name: str) -> None:
    section = rendered(ENRICHMENT_PORT="7002")[f"program:{name}"]
    assert section["autorestart"] == "true"
    assert section["command"].endswith(f"-m services.{name}")
    assert section["stdout_logfile"] == f"/wire/.wiredesk/logs/{name}.log"
    assert section["stdout_logfile_backups"] == "3"
    assert int(section["startsecs"]) >= 10


def test_each_service_gets_its_own_health_port() -> None:
    config = rendered(ENRICHMENT_PORT="7002")
    assert config["program:enrichment"]["environment"] == 'HEALTH_PORT="7002"'
    assert config["program:ingest"]["environment"] == 'HEALTH_PORT="8001"'


def test_servers_start_first_and_stop_last() -> None:
    config = rendered()
    assert config["group:servers"]["programs"] == "redis,mongo"
    assert config["group:stages"]["programs"] == ",".join(SERVICES)
    servers, stages, watcher = (
        int(config[name]["priority"]) for name in ("group:servers", "group:stages", "eventlistener:watcher")
    )
    assert servers < stages < watcher


def test_a_server_of_the_users_own_is_not_started() -> None:
    config = rendered(redis=None)
    assert "program:redis" not in config
    assert config["group:servers"]["programs"] == "mongo"


def test_the_control_socket_is_for_its_owner_only() -> None:
    assert rendered()["unix_http_server"]["chmod"] == "0700"


def test_percent_signs_and_blanks_in_the_folder_survive() -> None:
    config = rendered(Path("/wire 100%"))
    assert config["supervisord"]["directory"] == "/wire 100%%"
    assert "'/wire 100%%/.wiredesk/run/redis.conf'" in config["program:redis"]["command"]


def test_a_socket_path_that_is_too_long_moves_to_a_short_folder() -> None:
    deep = Path("/" + "/".join(["a-rather-long-folder-name"] * 6))
    assert len(str(socket_file(deep))) <= LONGEST_SOCKET_PATH
    assert socket_file(deep) != socket_file(deep / "other")
    assert socket_file(Path("/wire")) == Path("/wire/run/supervisor.sock")
