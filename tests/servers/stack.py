"""The whole stack as plain processes: private servers, the services, a supervisor that restarts what dies.

With `WIREDESK_STACK` set, REDIS_URL and MONGO_URL name a stack that runs already, and nothing is started.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.free_port import free_port
from tests.servers.mongo import MongoServer
from tests.servers.redis import RedisServer

SERVICES = ("ingest", "enrichment", "publisher", "archive")
ROOT = Path(__file__).resolve().parents[2]


class ServiceProcess:
    """One service, restarted whenever it dies, as a supervisor would."""

    def __init__(self, name: str, environment: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self.port = free_port()
        self.log = folder / f"{name}-{self.port}.log"
        self.starts = 0
        self._environment = {
            **os.environ,
            **environment,
            "HEALTH_PORT": str(self.port),
            "LOG_FORMAT": "console",
        }
        self.process = self._launch()

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        self.process.kill()

    def tend(self) -> None:
        """Start it again if it has died."""
        if self.process.poll() is not None:
            self.process = self._launch()

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> int:
        """SIGTERM; answers the exit code. A process that does not end within 20 s is killed."""
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def _launch(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"services.{self.name}"],
                env=self._environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )


class Stack:
    """Servers and services. `scale` says how many processes of a service run (one by default)."""

    def __init__(self, scale: Mapping[str, int] | None = None, **settings: str) -> None:
        self.outside = bool(os.environ.get("WIREDESK_STACK"))
        self._scale = scale or {}
        self._settings = settings
        self._folder = tempfile.TemporaryDirectory(prefix="wiredesk-stack-")
        self._stopping = threading.Event()
        self.redis = RedisServer()
        self.mongo = MongoServer()
        self.services: list[ServiceProcess] = []
        self._database = self.mongo.new_database()

    @property
    def redis_url(self) -> str:
        return os.environ["REDIS_URL"] if self.outside else self.redis.url

    @property
    def mongo_url(self) -> str:
        return os.environ["MONGO_URL"] if self.outside else self.mongo.url

    @property
    def database(self) -> str:
        return os.environ.get("MONGO_DATABASE", "wiredesk") if self.outside else self._database

    @property
    def environment(self) -> dict[str, str]:
        """What a service or the command needs to reach this stack."""
        return {"REDIS_URL": self.redis_url, "MONGO_URL": self.mongo_url, "MONGO_DATABASE": self.database}

    def start(self) -> Self:
        if self.outside:
            return self
        self.redis.start()
        self.mongo.start()
        folder = Path(self._folder.name)
        for name in SERVICES:
            for _ in range(self._scale.get(name, 1)):
                self.services.append(ServiceProcess(name, {**self.environment, **self._settings}, folder))
        threading.Thread(target=self._supervise, daemon=True).start()
        self.wait_ready()
        return self

    def named(self, name: str) -> ServiceProcess:
        return next(service for service in self.services if service.name == name)

    def wait_ready(self, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        for service in self.services:
            while not service.ready():
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{service.name} is not ready:\n{service.log.read_text()[-3000:]}")
                time.sleep(0.05)

    def stop(self) -> list[int]:
        """Stop all; answers the services' exit codes."""
        self._stopping.set()
        codes = [service.stop() for service in self.services]
        if not self.outside:
            self.mongo.stop()
            self.redis.stop()
        self._folder.cleanup()
        return codes

    def logs(self) -> str:
        """The last words of every service, for a failing test."""
        return "\n".join(f"== {one.name}\n{one.log.read_text()[-4000:]}" for one in self.services)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind and not self.outside:
            print(self.logs())
        self.stop()

    def _supervise(self) -> None:
        while not self._stopping.wait(0.3):
            for service in self.services:
                if not self._stopping.is_set():
                    service.tend()
