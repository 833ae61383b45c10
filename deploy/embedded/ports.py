"""Are the ports free, and if not, who holds them?"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from deploy.embedded.settings import port_variable

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Taken:
    """A port that we need and somebody else listens on. `holder` is None when that cannot be seen."""

    name: str
    port: int
    holder: str | None

    def __str__(self) -> str:
        holder = self.holder or "another program (its owner alone can see which)"
        variable = port_variable(self.name)
        return (
            f"Port {self.port}, for {self.name}, is taken by {holder}. "
            f"Stop it, or choose another port: make up {variable}={_another(self.port)}"
        )


def taken(ports: Mapping[str, int]) -> list[Taken]:
    """Those of `ports` (name → number) on 127.0.0.1 that cannot be listened on now."""
    busy = {name: port for name, port in ports.items() if not is_free(port)}
    holders = _holders() if busy else {}
    return [Taken(name, port, holders.get(port)) for name, port in busy.items()]


def is_free(port: int) -> bool:
    """Can 127.0.0.1:port be listened on, now, by this user?"""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do it: connections of an earlier run that still fade away are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _holders() -> dict[int, str]:
    """Port → 'process NAME (pid N)', as far as the operating system lets this user see it."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except (psutil.AccessDenied, PermissionError):  # macOS shows other processes' sockets to root only
        return {}
    return {
        c.laddr.port: _describe(c.pid)
        for c in connections
        if c.status == psutil.CONN_LISTEN and c.laddr and c.pid
    }


def _describe(pid: int) -> str:
    try:
        return f"process {psutil.Process(pid).name()} (pid {pid})"
    except psutil.Error:
        return f"process {pid}"


def _another(port: int) -> int:
    """A port to suggest: the same digits one ten-thousand up, or down where there is no room."""
    return port + 10000 if port + 10000 <= 65535 else port - 10000
