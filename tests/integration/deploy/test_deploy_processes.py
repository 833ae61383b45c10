import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.embedded.processes import MARK, end, of_deployment
from deploy.embedded.programs import with_parent

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
print(child.pid, flush=True)
time.sleep(60)
"""


def start(home: Path, *command: str) -> subprocess.Popen[str]:
    env = {**os.environ, MARK: str(home)}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_only_the_processes_of_this_deployment_are_found(
    tmp_path: Path, started: list[subprocess.Popen[str]]
) -> None:
    ours, other = start(tmp_path / "a", "sleep", "60"), start(tmp_path / "b", "sleep", "60")
    started += [ours, other]
    assert [process.pid for process in of_deployment(tmp_path / "a")] == [ours.pid]


def test_a_grandchild_whose_parent_was_killed_is_found(
    tmp_path: Path, started: list[subprocess.Popen[str]]
) -> None:
    parent = start(tmp_path, sys.executable, "-c", PARENT, "sleep", "60")
    started.append(parent)
    assert parent.stdout
    grandchild = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    found = of_deployment(tmp_path)
    assert [process.pid for process in found] == [grandchild]
    assert end(found, patience=5) == []


def test_one_that_ignores_sigterm_is_killed(tmp_path: Path, started: list[subprocess.Popen[str]]) -> None:
    process = start(tmp_path, sys.executable, "-c", STUBBORN)
    started.append(process)
    assert process.stdout
    process.stdout.readline()
    assert end([psutil.Process(process.pid)], patience=0.2) == []
    assert of_deployment(tmp_path) == []


@pytest.mark.skipif(with_parent(("x",)) == ("x",), reason="setpriv is not installed")
def test_a_server_follows_a_supervisor_that_was_killed(
    tmp_path: Path, started: list[subprocess.Popen[str]]
) -> None:
    parent = start(tmp_path, sys.executable, "-c", PARENT, *with_parent(("sleep", "60")))
    started.append(parent)
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))
    while child.name() != "sleep":  # setpriv has done its work when the command takes its place
        time.sleep(0.01)
    parent.kill()
    parent.wait()
    assert psutil.wait_procs([child], timeout=10)[1] == []
