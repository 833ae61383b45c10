"""A tiny service in a process of its own: started, asked, signalled, and gone at the end of the test."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.servers.free_port import free_port
from tests.stages import eventually

ROOT = Path(__file__).resolve().parents[3]


class TinyProcess:
    """`python -m tests.tiny_service` with these settings, given as its environment variables."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.port = free_port()
        self.worker = f"w{self.port}"
        self._log = folder / f"{self.worker}.log"
        environment = {
            **os.environ,
            "HEALTH_PORT": str(self.port),
            "WORKER": self.worker,
            "MIN_IDLE_SECONDS": "0.5",
            **{name.upper(): str(value) for name, value in settings.items()},
        }
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.tiny_service"],
                env=environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    async def ended(self, seconds: float = 30) -> int:
        """Wait for its end; answers the exit code, negative for a signal."""
        return await asyncio.to_thread(self.process.wait, seconds)

    def said(self) -> str:
        """Everything it wrote."""
        return self._log.read_text()

    def lines(self, level: str = "") -> list[str]:
        """What it logged, at one level if one is named. Every line must be a JSON object."""
        rows = [json.loads(line) for line in self.said().splitlines()]
        return [row["event"] for row in rows if level in ("", row["level"])]

    async def get(self, path: str) -> tuple[int, str]:
        """The status and body of one of its pages; status 0 when nobody answers."""
        return await asyncio.to_thread(_get, f"http://127.0.0.1:{self.port}{path}")

    async def reason(self) -> str:
        """Why it is not ready, '' when it is."""
        status, body = await self.get("/readyz")
        return "" if status == 200 else str(json.loads(body or "{}").get("reason"))

    async def until_ready(self, seconds: float = 30) -> None:
        async def ready() -> bool:
            assert self.process.poll() is None, self.said()
            return (await self.get("/readyz"))[0] == 200

        await eventually(ready, seconds)

    async def until_reason(self, *words: str, seconds: float = 15) -> str:
        """Until `/readyz` says 503 for a reason with all these words; answers the reason."""
        reason = ""

        async def told() -> bool:
            nonlocal reason
            reason = await self.reason()
            return all(word in reason for word in words) and reason != ""

        await eventually(told, seconds)
        return reason

    async def health(self) -> dict[str, Any]:
        """The report of `/healthz`."""
        return dict(json.loads((await self.get("/healthz"))[1]))

    def cpu_seconds(self) -> float:
        """User and system time that it has used, as Linux counts it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def tiny(url: str, **settings: object) -> AsyncIterator[TinyProcess]:
    """A tiny service on this Redis; killed at the end if it still runs, and then its log is shown."""
    with tempfile.TemporaryDirectory(prefix="wiredesk-tiny-") as folder:
        one = TinyProcess(Path(folder), redis_url=url, **settings)
        try:
            yield one
        except BaseException:
            print(one.said()[-5000:])
            raise
        finally:
            if one.process.poll() is None:
                one.signal(signal.SIGCONT)
                one.signal(signal.SIGKILL)
            one.process.wait()


def _get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status), answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()
    except OSError:
        return 0, ""
