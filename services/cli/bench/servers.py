"""Private servers for a benchmark: own ports, own folder, gone afterwards."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pymongo
import redis
from pymongo.errors import PyMongoError

from deploy.embedded.binaries import mongo_binary, redis_binary

START_SECONDS = 30.0


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis-compatible server with the default durability; yields its URL."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        binary = redis_binary(os.environ, Path(folder)).path
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        command += ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--loglevel", "warning"]
        with _running(command):
            url = f"redis://127.0.0.1:{port}/0"
            _wait(lambda: _redis_answers(url))
            yield url


@contextmanager
def mongo_server() -> Iterator[str]:
    """A MongoDB-compatible server as the embedded default starts it; yields its URL."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        binary = mongo_binary(os.environ, Path(folder))
        data = Path(folder) / "data"
        data.mkdir()
        if binary.kind == "mongod":
            command = [binary.path, "--dbpath", str(data), "--port", str(port), "--bind_ip", "127.0.0.1"]
        else:
            config = Path(folder) / "secantusd.toml"
            config.touch()
            command = [binary.path, "--config", str(config), "--host", "127.0.0.1", "--port", str(port)]
            command += ["--storage-path", str(data), "--sync-on-commit", "--log-level", "WARNING"]
        with _running(command):
            url = f"mongodb://127.0.0.1:{port}"
            _wait(lambda: _mongo_answers(url))
            yield url


@contextmanager
def _running(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own servers
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _wait(answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if time.monotonic() > deadline:
            raise TimeoutError(f"a server did not answer within {START_SECONDS:.0f} s")
        time.sleep(0.05)


def _redis_answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _mongo_answers(url: str) -> bool:
    try:
        with pymongo.MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=500) as client:
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True
