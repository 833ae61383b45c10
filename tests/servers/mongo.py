"""A private MongoDB-compatible server for tests: its own port, its own folder, gone afterwards.

With MONGO_URL set, tests run against that server instead, in databases of their own that are dropped.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pymongo
from pymongo.errors import PyMongoError

from tests.servers.free_port import free_port


class MongoServer:
    """Start, kill, restart, stop. What was acknowledged survives a kill."""

    def __init__(self, *options: str) -> None:
        self._outside = os.environ.get("MONGO_URL", "")
        self._options = options
        self._databases: list[str] = []
        self._folder: Path | None = None
        self.port = 0 if self._outside else free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def outside(self) -> bool:
        """Whether the server is one that MONGO_URL names: it cannot be killed or restarted."""
        return bool(self._outside)

    @property
    def url(self) -> str:
        return self._outside or f"mongodb://127.0.0.1:{self.port}"

    def new_database(self) -> str:
        """A name that nobody has. The database is dropped when the server stops."""
        name = f"wiredesk_test_{secrets.token_hex(6)}"
        self._databases.append(name)
        return name

    def start(self) -> Self:
        if not self._outside:
            self._folder = self._folder or Path(tempfile.mkdtemp(prefix="wiredesk-mongo-"))
            self._launch(self._folder)
        self._wait()
        return self

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        assert self.process, "only a server of our own can be killed"
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """Kill it and start it again on the same port with the same data."""
        self.kill()
        self.start()

    def stop(self) -> None:
        if self._outside:
            with pymongo.MongoClient[dict[str, object]](self.url) as client:
                for name in self._databases:
                    client.drop_database(name)
        elif self.process and self.process.poll() is None:
            # SIGTERM just after a start can hang, and there is nothing here that anyone will miss.
            self.kill()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self, folder: Path) -> None:
        program = shutil.which("secantusd-py", path=str(Path(sys.executable).parent))
        if not program:
            raise RuntimeError(
                "no secantusd-py beside this Python: pip install -e '.[embedded]', or set MONGO_URL"
            )
        config = folder / "secantusd.toml"
        config.touch()  # an explicit file, or it would look for one of the user's
        command = [program, "--config", str(config), "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--storage-path", str(folder / "data"), "--sync-on-commit", "--cache-size", "128M"]
        with (folder / "log").open("ab") as log:
            self.process = subprocess.Popen([*command, *self._options], stdout=log, stderr=log)

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                with pymongo.MongoClient[dict[str, object]](self.url, serverSelectionTimeoutMS=500) as client:
                    client.admin.command("ping")
                    return
            except PyMongoError as error:
                if time.monotonic() > deadline or (self.process and self.process.poll() is not None):
                    raise RuntimeError(f"no MongoDB-compatible server came up: {self._said()}") from error
                time.sleep(0.02)

    def _said(self) -> str:
        return (self._folder / "log").read_text()[-2000:] if self._folder else "MONGO_URL does not answer"
