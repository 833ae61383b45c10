from pathlib import Path

import pytest

from deploy.embedded.binaries import Binary
from deploy.embedded.servers import mongo_command, redis_command, redis_config
from deploy.embedded.settings import Settings

SECANTUS = Binary("secantus", "/venv/bin/secantusd-py", "")
MONGOD = Binary("mongod", "/usr/bin/mongod", "8.0.17")
VALKEY = Binary("valkey", "/wheel/valkey-server", "8.1.8")


def settings(**env: str) -> Settings:
    return Settings.from_env(env, Path("/wire desk"))


@pytest.mark.parametrize(
    "line",
    [
        "port 7000",
        "bind 127.0.0.1",
        "protected-mode yes",
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        "maxmemory 1gb",
        "maxmemory-policy noeviction",
        'dir "/wire desk/.wiredesk/data/valkey"',
    ],
)
def test_redis_keeps_what_it_accepted_and_listens_here_only(line: str) -> None:
    assert line in redis_config(VALKEY, settings(REDIS_PORT="7000")).splitlines()


def test_redis_takes_the_users_choices() -> None:
    lines = redis_config(VALKEY, settings(APPENDFSYNC="always", REDIS_MAXMEMORY="256mb")).splitlines()
    assert "appendfsync always" in lines
    assert "maxmemory 256mb" in lines


def test_redis_is_started_with_its_file() -> None:
    assert redis_command(VALKEY, settings()) == (
        "/wheel/valkey-server",
        "/wire desk/.wiredesk/run/redis.conf",
    )


def test_the_stand_in_syncs_each_commit_and_reads_no_other_configuration() -> None:
    command = " ".join(mongo_command(SECANTUS, settings(MONGO_PORT="7001")))
    assert "--config /wire desk/.wiredesk/run/secantus.toml" in command
    assert "--host 127.0.0.1 --port 7001" in command
    assert "--sync-on-commit" in command
    assert "--cache-size 256M" in command


@pytest.mark.parametrize(("size", "gigabytes"), [("256M", "0.25"), ("2gb", "2.00"), ("100k", "0.25")])
def test_a_real_mongod_listens_here_only(size: str, gigabytes: str) -> None:
    command = mongo_command(MONGOD, settings(MONGO_CACHE=size))
    assert command[0] == "/usr/bin/mongod"
    assert command[5:7] == ("--bind_ip", "127.0.0.1")
    assert command[command.index("--wiredTigerCacheSizeGB") + 1] == gigabytes


def test_each_kind_of_server_has_a_folder_of_its_own() -> None:
    assert "/wire desk/.wiredesk/data/mongod" in mongo_command(MONGOD, settings())
    assert "/wire desk/.wiredesk/data/secantus" in mongo_command(SECANTUS, settings())
