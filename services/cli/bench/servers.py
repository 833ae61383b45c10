"""Private servers for a benchmark: own ports, own folder, gone afterwards."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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
            _wait(lambda: _listens(port))
            yield f"redis://127.0.0.1:{port}/0"


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
            _wait(lambda: _listens(port))
            yield f"mongodb://127.0.0.1:{port}"


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


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
