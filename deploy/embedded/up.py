"""Starts everything and waits until it is ready; does nothing twice."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from deploy.embedded import (
    crashes,
    environment,
    logs,
    ports,
    readiness,
    screen,
    servers,
    supervisor_config,
)
from deploy.embedded.binaries import Binary, mongo_binary, redis_binary
from deploy.embedded.control import FATAL, Supervisor
from deploy.embedded.down import down
from deploy.embedded.programs import programs
from deploy.embedded.settings import Settings

ENDS_WITHOUT_HOPE = 3  # as many crashes while starting mean that waiting longer will not help
TAIL_LINES = 15
SUPERVISOR_SECONDS = 15.0


class StartError(RuntimeError):
    """Raised when the stack cannot be started; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Up:
    """One `make up`, in the environment `env` of the user."""

    root: Path
    home: Path
    env: Mapping[str, str]
    console: Console
    began: float = field(default_factory=time.time)

    def run(self) -> int:
        """Exit code: 0 when all is ready. Raises the errors that `__main__` shows: each says what to do."""
        supervisor = Supervisor(supervisor_config.socket_file(self.home))
        running = environment.remembered(self.home) if supervisor.is_up() else {}
        settings = Settings.from_env({**running, **self.env}, self.root)
        if running and settings.variables() == running:
            self.console.print("Already up; looking whether all is well (`make restart` loads changed code)")
            _start_given_up(supervisor)
        else:
            self._start(settings, running)
        return self._wait(settings)

    def _start(self, settings: Settings, running: Mapping[str, str]) -> None:
        if running:
            # Looked at while the old ones still run: a refusal then costs nothing.
            _refuse_taken_ports(_new_ports(settings, running))
            self.console.print("Settings have changed: stopping what runs")
        if down(self.home) and not running:
            self.console.print("Ended processes that an earlier run had left")
        _refuse_taken_ports(settings.managed_ports())
        _refuse_silent_servers(settings)
        _make_folders(settings)
        redis = None if settings.redis_url else redis_binary(self.env, settings.data)
        mongo = None if settings.mongo_url else mongo_binary(self.env, settings.data)
        _write_files(settings, redis, mongo)
        self.console.print(
            f"Starting, data in {_shown(settings.home)}: {_words(redis, mongo)}", highlight=False
        )
        _launch(settings, self.env)

    def _wait(self, settings: Settings) -> int:
        asked = readiness.probes(settings)
        with screen.StartUp(self.console) as view:
            missing = readiness.wait(
                asked, settings.ready_timeout, tell=view.tell, hopeless=lambda: self._hopeless(settings)
            )
        if not missing:
            return 0
        tails = {name: logs.last_lines(settings.logs / f"{name}.log", TAIL_LINES) for name in missing}
        screen.failures(self.console, missing, tails)
        self.console.print("Not all of it is ready. More: make status, make logs. To stop it all: make down")
        return 1

    def _hopeless(self, settings: Settings) -> str | None:
        held = crashes.load(crashes.crashes_file(settings.home))
        return next((name for name in held.ends if held.since(name, self.began) >= ENDS_WITHOUT_HOPE), None)


def _start_given_up(supervisor: Supervisor) -> None:
    for process in supervisor.processes():
        if process.state in (FATAL, "STOPPED", "EXITED"):
            supervisor.start(process)


def _new_ports(settings: Settings, running: Mapping[str, str]) -> dict[str, int]:
    held = set(running.values())
    return {name: port for name, port in settings.managed_ports().items() if str(port) not in held}


def _refuse_taken_ports(wanted: Mapping[str, int]) -> None:
    busy = ports.taken(wanted)
    if busy:
        raise StartError("\n".join(map(str, busy)))


def _refuse_silent_servers(settings: Settings) -> None:
    """A user's own server must answer before anything is started."""
    for variable, url, ask in (
        ("REDIS_URL", settings.redis_url, readiness.ask_redis),
        ("MONGO_URL", settings.mongo_url, readiness.ask_mongo),
    ):
        why = ask(url) if url else None
        if why:
            raise StartError(
                f"The server of {variable} does not answer: {why}\nStart it, or unset {variable}."
            )


def _make_folders(settings: Settings) -> None:
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.home.chmod(0o700)
    for folder in (settings.logs, settings.run, settings.data):
        folder.mkdir(exist_ok=True)
    folder = supervisor_config.socket_file(settings.home).parent
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise StartError(f"{folder} belongs to another user; remove it, or choose a shorter WIREDESK_HOME.")


def _write_files(settings: Settings, redis: Binary | None, mongo: Binary | None) -> None:
    if redis:
        (settings.data / redis.kind).mkdir(exist_ok=True)
        servers.redis_config_file(settings).write_text(servers.redis_config(redis, settings))
    if mongo:
        (settings.data / mongo.kind).mkdir(exist_ok=True)
        servers.secantus_config_file(settings).write_text("")
    crashes.save(crashes.crashes_file(settings.home), crashes.Crashes({}))
    config = supervisor_config.render(settings, programs(settings, redis, mongo))
    supervisor_config.config_file(settings.home).write_text(config)
    environment.remember(settings)


def _launch(settings: Settings, env: Mapping[str, str]) -> None:
    """Starts the supervisor as a daemon and waits until it answers."""
    command = (sys.executable, "-m", "supervisor.supervisord", "-c")
    done = subprocess.run(
        [*command, str(supervisor_config.config_file(settings.home))],
        env=environment.of_services(settings, env),
        cwd=settings.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    supervisor = Supervisor(supervisor_config.socket_file(settings.home))
    deadline = time.monotonic() + SUPERVISOR_SECONDS
    while done.returncode == 0 and not supervisor.is_up() and time.monotonic() < deadline:
        time.sleep(0.05)
    if not supervisor.is_up():
        tail = logs.last_lines(settings.logs / "supervisor.log", TAIL_LINES)
        raise StartError("\n".join(("The supervisor does not start:", done.stdout + done.stderr, *tail)))


def _words(redis: Binary | None, mongo: Binary | None) -> str:
    return ", ".join(
        (
            f"{redis.kind} {redis.version}" if redis else "Redis of REDIS_URL",
            _mongo_words(mongo),
        )
    )


def _mongo_words(mongo: Binary | None) -> str:
    if mongo is None:
        return "MongoDB of MONGO_URL"
    return "SecantusDB (a stand-in for MongoDB)" if mongo.kind == "secantus" else f"MongoDB {mongo.version}"


def _shown(path: Path) -> str:
    """Relative to where the user is, when it is below."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
