"""Finds and ends processes of this deployment that nobody supervises any more.

Every process of a deployment inherits an environment variable with the deployment's home folder: also the
children of a service, and also after the supervisor was killed. So none can hide, and no other is touched.
"""

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

MARK = "WIREDESK_INSTANCE"


def of_deployment(home: Path) -> list[psutil.Process]:
    """All live processes that carry the mark of `home`, but ourselves."""
    return [p for p in psutil.process_iter() if p.pid != os.getpid() and _mark(p) == str(home)]


def end(processes: Sequence[psutil.Process], patience: float) -> list[psutil.Process]:
    """SIGTERM, and after `patience` seconds SIGKILL. Returns those that are alive even then."""
    for process in processes:
        _signal(process.terminate)
    _, stubborn = psutil.wait_procs(processes, timeout=patience)
    for process in stubborn:
        _signal(process.kill)
    _, alive = psutil.wait_procs(stubborn, timeout=5)
    return list(alive)


def _mark(process: psutil.Process) -> str | None:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process.environ().get(MARK)
    except (psutil.Error, OSError):  # gone meanwhile, or another user's
        return None


def _signal(send: Callable[[], None]) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        send()
