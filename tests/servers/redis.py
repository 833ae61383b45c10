"""A private Redis-compatible server for tests: its own port, its own folder, gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import redis

from deploy.embedded.binaries import redis_binary
from tests.servers.free_port import free_port


class RedisServer:
    """Start, kill, restart, stop. Data survives a restart: appendfsync is `always` unless told otherwise."""

    def __init__(self, *options: str) -> None:
        self._folder = Path()
        self._options = options
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> Self:
        if self._folder == Path():
            self._folder = Path(tempfile.mkdtemp(prefix="wiredesk-redis-"))
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        arguments += ["--appendonly", "yes", "--appendfsync", "always", "--save", "", *self._options]
        binary = redis_binary(os.environ, self._folder).path
        with (self._folder / "log").open("ab") as log:
            self.process = subprocess.Popen([binary, *arguments], stdout=log, stderr=log)
        self._wait()
        return self

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        self.signal(signal.SIGKILL)
        assert self.process
        self.process.wait()

    def signal(self, number: int) -> None:
        assert self.process
        os.kill(self.process.pid, number)

    def restart(self) -> None:
        self.kill()
        self.start()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._folder != Path():
            shutil.rmtree(self._folder, ignore_errors=True)

    def client(self, **options: Any) -> "redis.Redis":
        return redis.Redis.from_url(self.url, **options)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                    return
                except (redis.ConnectionError, redis.exceptions.BusyLoadingError):
                    assert self.process
                    if self.process.poll() is not None or time.monotonic() > deadline:
                        raise RuntimeError((self._folder / "log").read_text()[-2000:]) from None
                    time.sleep(0.02)
