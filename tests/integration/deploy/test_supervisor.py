"""A real supervisor with small programs: what it does, and what the watcher adds."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.embedded.control import ProcessState, Supervisor
from deploy.embedded.crashes import crashes_file, load
from deploy.embedded.down import down
from deploy.embedded.processes import MARK, of_deployment
from deploy.embedded.programs import SERVERS, STAGES, Program
from deploy.embedded.settings import Settings
from deploy.embedded.supervisor_config import config_file, pid_file, render, socket_file

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 20.0


def program(name: str, group: str, *command: str) -> Program:
    return Program(name, group, command, settle=1, tries=0, stop_wait=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    for folder in ("run", "logs"):
        (home / folder).mkdir(parents=True)
    yield home
    down(home)


def start(home: Path, *programs: Program) -> Supervisor:
    settings = Settings.from_env({"WIREDESK_HOME": str(home)}, ROOT)
    socket_file(home).parent.mkdir(mode=0o700, exist_ok=True)
    config_file(home).write_text(render(settings, programs))
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(config_file(home))]
    subprocess.run(command, check=True, env={**os.environ, MARK: str(home)}, cwd=ROOT, capture_output=True)
    supervisor = Supervisor(socket_file(home))
    until(supervisor.is_up)
    return supervisor


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)


def state(supervisor: Supervisor, name: str) -> ProcessState:
    return next(process for process in supervisor.processes() if process.name == name)


def test_a_killed_process_is_started_again_and_its_end_noted(home: Path) -> None:
    supervisor = start(home, program("ingest", STAGES, "sleep", "60"))
    until(lambda: state(supervisor, "ingest").state == "RUNNING")
    first = state(supervisor, "ingest").pid
    psutil.Process(first).kill()
    until(lambda: state(supervisor, "ingest").pid not in (0, first))
    until(lambda: load(crashes_file(home)).since("ingest", 0) == 1)


def test_one_that_was_given_up_can_be_started_again(home: Path, tmp_path: Path) -> None:
    mended = tmp_path / "mended"
    command = ("sh", "-c", f"test -e '{mended}' && exec sleep 60")
    supervisor = start(home, program("ingest", STAGES, *command))
    until(lambda: state(supervisor, "ingest").state == "FATAL")
    mended.touch()
    supervisor.start(state(supervisor, "ingest"))
    until(lambda: state(supervisor, "ingest").state == "RUNNING")
    supervisor.start(state(supervisor, "ingest"))  # runs already: nothing happens
    assert state(supervisor, "ingest").state == "RUNNING"


def test_down_leaves_nothing_not_even_what_ignores_it(home: Path) -> None:
    ignore = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    supervisor = start(
        home,
        program("mongo", SERVERS, sys.executable, "-c", ignore),
        program("ingest", STAGES, "sleep", "60"),
    )
    until(lambda: all(process.state == "RUNNING" for process in supervisor.processes()))
    assert [process.name for process in supervisor.processes()] == ["mongo", "ingest"]
    assert down(home) is True
    assert of_deployment(home) == []
    assert not socket_file(home).exists()
    assert down(home) is False


def test_down_ends_what_a_killed_supervisor_left(home: Path) -> None:
    supervisor = start(home, program("ingest", STAGES, "sleep", "60"))
    until(lambda: state(supervisor, "ingest").state == "RUNNING")
    psutil.Process(int(pid_file(home).read_text())).kill()
    until(lambda: not supervisor.is_up())
    assert of_deployment(home)
    assert down(home) is True
    assert of_deployment(home) == []
