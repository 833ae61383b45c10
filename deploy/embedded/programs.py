"""What the supervisor keeps running: the two servers, the services, and the watcher of crash loops."""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from deploy.embedded import servers
from deploy.embedded.binaries import Binary
from deploy.embedded.settings import SERVICES, Settings

WATCHER = "watcher"
# Group → priority: the lowest starts first and stops last.
SERVERS, STAGES = "servers", "stages"
PRIORITIES = {SERVERS: 10, STAGES: 20}


@dataclass(frozen=True, slots=True)
class Program:
    """One supervised process; those of one group stop together. Times are in seconds.

    A process that ends before `settle` counts as crashed at the start; the supervisor waits 1, 2, 3 … s
    between `tries`, then the watcher takes over.
    """

    name: str
    group: str
    command: tuple[str, ...]
    settle: int
    tries: int
    stop_wait: int
    stop_group: bool = False
    env: Mapping[str, str] = field(default_factory=dict)


def programs(settings: Settings, redis: Binary | None, mongo: Binary | None) -> list[Program]:
    """All processes of this deployment, servers first. None = the user gave the URL of an own server."""
    found = []
    if redis:
        found.append(_server("redis", servers.redis_command(redis, settings)))
    if mongo:
        found.append(_server("mongo", servers.mongo_command(mongo, settings)))
    found.extend(_service(name, settings.ports[name]) for name in SERVICES)
    return found


def with_parent(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command, run so that it gets a SIGTERM when the supervisor is killed (Linux; elsewhere unchanged).

    A killed supervisor would else leave servers running that hold the ports and the data.
    """
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM", "--", *command) if setpriv else command


def _server(name: str, command: tuple[str, ...]) -> Program:
    # SecantusDB can hang on SIGTERM; killed after 10 s it loses nothing (it syncs each commit).
    return Program(name, SERVERS, with_parent(command), settle=3, tries=8, stop_wait=10, stop_group=True)


def _service(name: str, port: int) -> Program:
    command = (sys.executable, "-m", f"services.{name}")
    return Program(
        name,
        STAGES,
        with_parent(command),
        settle=10,
        tries=8,
        stop_wait=15,
        env={"HEALTH_PORT": str(port)},
    )
