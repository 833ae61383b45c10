"""Talks with a running supervisor, over its Unix socket (XML-RPC)."""

import http.client
import socket
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.embedded.programs import WATCHER
from deploy.embedded.settings import DEFAULT_PORTS

RUNNING = "RUNNING"
FATAL = "FATAL"


class NotRunningError(RuntimeError):
    """Raised when no supervisor answers on the socket."""


@dataclass(frozen=True, slots=True)
class ProcessState:
    """What the supervisor knows of a process. `since`: epoch seconds of its last start (stop, when down)."""

    name: str
    group: str
    state: str
    pid: int
    since: float
    now: float
    problem: str

    @property
    def seconds(self) -> float:
        """For how long it has been up, or down."""
        return max(0.0, self.now - self.since)


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: str, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class _Transport(xmlrpc.client.Transport):
    def __init__(self, path: str, seconds: float) -> None:
        super().__init__()
        self._path, self._seconds = path, seconds

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = _Connection(self._path, self._seconds)
        self._connection = (host, connection)  # where `close` looks for it
        return connection


class Supervisor:
    """A running supervisor. Every method raises NotRunningError when it does not answer."""

    def __init__(self, path: Path, seconds: float = 10.0) -> None:
        self._transport = _Transport(str(path), seconds)
        self._proxy = xmlrpc.client.ServerProxy("http://localhost", transport=self._transport)

    def is_up(self) -> bool:
        """Does it answer and mean to stay?"""
        try:
            answer = self._call("getState")
        except NotRunningError:
            return False
        return bool(answer["statename"] == "RUNNING")

    def processes(self) -> list[ProcessState]:
        """All processes but the watcher, in the order of the way of a story."""
        rows = [row for row in self._call("getAllProcessInfo") if row["name"] != WATCHER]
        return [_state(row) for row in sorted(rows, key=lambda row: _place(row["name"]))]

    def start(self, process: ProcessState) -> None:
        """Starts a process that is down, without waiting for it; one that runs already is left alone."""
        try:
            self._call("startProcess", f"{process.group}:{process.name}", False)
        except xmlrpc.client.Fault as fault:
            if "ALREADY_STARTED" not in fault.faultString:
                raise

    def shut_down(self) -> None:
        """Stops everything, services first. Returns at once."""
        self._call("shutdown")

    def _call(self, method: str, *arguments: Any) -> Any:
        try:
            return getattr(self._proxy.supervisor, method)(*arguments)
        except (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError) as error:
            raise NotRunningError(str(error)) from error
        except xmlrpc.client.Fault as fault:
            if "SHUTDOWN_STATE" in fault.faultString:
                raise NotRunningError("it is shutting down") from fault
            raise
        finally:
            self._transport.close()


def _place(name: str) -> int:
    return list(DEFAULT_PORTS).index(name) if name in DEFAULT_PORTS else len(DEFAULT_PORTS)


def _state(row: dict[str, Any]) -> ProcessState:
    up = row["statename"] in (RUNNING, "STARTING", "STOPPING")
    return ProcessState(
        name=row["name"],
        group=row["group"],
        state=row["statename"],
        pid=row["pid"],
        since=float(row["start"] if up else row["stop"] or row["start"] or row["now"]),
        now=float(row["now"]),
        problem=row["spawnerr"],
    )
