"""Stops everything, services first, and makes sure that nothing is left."""

import contextlib
import time
from pathlib import Path

import psutil

from deploy.embedded import environment, processes, supervisor_config
from deploy.embedded.control import NotRunningError, Supervisor

# Services have 15 s for the batch in hand, servers 10 s, one after the other; and some room.
PATIENCE_SECONDS = 40.0
LEFTOVER_SECONDS = 8.0


class StillAliveError(RuntimeError):
    """Raised when processes survive even SIGKILL; the message has their pids."""


def down(home: Path) -> bool:
    """Returns whether anything ran. Raises StillAliveError."""
    supervised = _stop_supervisor(home)
    leftovers = processes.of_deployment(home)
    alive = processes.end(leftovers, LEFTOVER_SECONDS)
    if alive:
        pids = ", ".join(str(process.pid) for process in alive)
        raise StillAliveError(f"These processes do not end, even with SIGKILL: {pids}")
    _forget(home)
    return supervised or bool(leftovers)


def _stop_supervisor(home: Path) -> bool:
    supervisor = Supervisor(supervisor_config.socket_file(home))
    pid = _pid(home)
    try:
        supervisor.shut_down()
    except NotRunningError:
        return False
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and _runs(pid):
        time.sleep(0.1)
    return True


def _pid(home: Path) -> int | None:
    try:
        return int(supervisor_config.pid_file(home).read_text())
    except (OSError, ValueError):
        return None


def _runs(pid: int | None) -> bool:
    try:
        return pid is not None and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _forget(home: Path) -> None:
    for path in (
        home / "env",
        environment.remembered_file(home),
        supervisor_config.pid_file(home),
        supervisor_config.socket_file(home),
    ):
        with contextlib.suppress(OSError):
            path.unlink()
