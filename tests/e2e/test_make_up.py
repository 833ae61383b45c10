"""The two commands as a person types them, in the embedded default: on free ports, a home of their own."""

import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from deploy.embedded.down import down
from deploy.embedded.processes import of_deployment
from deploy.embedded.settings import DEFAULT_PORTS, port_variable
from tests.servers.free_port import free_port

ROOT = Path(__file__).resolve().parents[2]
STORY = "Parliament passed the budget in Paris on Tuesday, President Emmanuel Macron said."
SECONDS = 20.0

pytestmark = [
    pytest.mark.embedded,
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".venv" / "bin" / "python").exists(), reason="make venv has not run here"),
]


class Stack:
    """One deployment, driven through make."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ports = {name: free_port() for name in DEFAULT_PORTS}
        # What the outer make, and a stack that runs beside this test, have set is none of ours.
        foreign = ("MAKE", "MFLAGS", "REDIS_", "MONGO_", "DOCKER_", "STREAM_PREFIX")
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith(foreign)},
            **{port_variable(name): str(port) for name, port in self.ports.items()},
            "WIREDESK_HOME": str(home),
            "MODE": "embedded",
        }

    def make(self, *words: str, **env: str) -> "subprocess.CompletedProcess[str]":
        """Output (both streams) and exit code of `make WORDS`."""
        return self.run("make", "--no-print-directory", *words, **env)

    def run(self, *command: str, **env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            cwd=ROOT,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            check=False,
        )

    def redis(self) -> redis.Redis:
        return redis.Redis(port=self.ports["redis"], decode_responses=True, retry=Retry(NoBackoff(), 0))

    def services(self) -> set[int]:
        """Pids of the main processes of the services."""
        found = of_deployment(self.home)
        return {
            p.pid for p in found if "services." in " ".join(p.cmdline()) and p.ppid() == self.supervisor().pid
        }

    def supervisor(self) -> psutil.Process:
        return psutil.Process(int((self.home / "run" / "supervisor.pid").read_text()))


@contextmanager
def somebody_listening() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("wiredesk") / "home")
    yield stack
    down(stack.home)


@pytest.fixture
def up(stack: Stack) -> Stack:
    answer = stack.make("up")
    assert answer.returncode == 0, answer.stdout
    return stack


def published(stack: Stack, count: int) -> list[tuple[str, dict[str, str]]]:
    """The published events, as soon as there are `count`."""
    deadline = time.monotonic() + SECONDS
    with stack.redis() as client:
        while len(found := client.xrange("stories.published")) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} published in {SECONDS:.0f} s"
            time.sleep(0.05)
    return list(found)


def test_up_says_what_to_type_next_and_a_pushed_story_is_published(up: Stack) -> None:
    answer = up.make("up")
    for word in (
        "make demo",
        "wiredesk push",
        "wiredesk tail",
        "XADD stories.ingest",
        "make status",
        "make down",
    ):
        assert word in answer.stdout
    with up.redis() as client:
        client.xadd("stories.ingest", {"headline": "Budget passed", "body": STORY, "guid": "budget-1"})
    ((_, event),) = published(up, 1)
    assert event["type"] == "wiredesk.story.published.v1"
    assert "FR" in event["places"]


def test_up_twice_starts_nothing_twice(up: Stack) -> None:
    before = up.services()
    answer = up.make("up")
    assert answer.returncode == 0
    assert "Already up" in answer.stdout
    assert up.services() == before
    assert len(before) == 4


def test_the_command_finds_the_stack_from_any_folder(up: Stack, tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()  # a folder named like one of ours is not mistaken for it
    (tmp_path / "services" / "__init__.py").write_text("raise SystemExit('the wrong services')")
    env = {key: value for key, value in up.env.items() if key not in map(port_variable, DEFAULT_PORTS)}
    answer = subprocess.run(
        [ROOT / "deploy" / "wiredesk", "status"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f":{up.ports['redis']}" in answer.stdout + answer.stderr


def test_status_shows_every_process_and_is_content(up: Stack) -> None:
    answer = up.make("status")
    for name in DEFAULT_PORTS:
        assert f"127.0.0.1:{up.ports[name]}" in answer.stdout, name
    assert answer.returncode == 0, answer.stdout


def test_a_killed_service_comes_back(up: Stack) -> None:
    before = up.services()
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + SECONDS
    while len(now := up.services()) < 4 or victim in now:
        assert time.monotonic() < deadline, "it was not started again"
        time.sleep(0.1)
    assert up.make("up").returncode == 0


def test_up_works_after_the_supervisor_was_killed_and_nothing_is_lost(up: Stack) -> None:
    with up.redis() as client:
        client.xadd("stories.ingest", {"headline": "Kept", "body": STORY + " It was kept.", "guid": "kept-1"})
    before = published(up, 2)
    up.supervisor().kill()
    answer = up.make("up")
    assert answer.returncode == 0, answer.stdout
    assert published(up, 2) == before


def test_down_leaves_no_process_and_up_finds_everything_again(up: Stack) -> None:
    before = published(up, 2)
    assert up.make("down").returncode == 0
    assert of_deployment(up.home) == []
    assert up.make("down").returncode == 0  # again: nothing to do
    assert up.make("up").returncode == 0
    assert published(up, 2) == before


def test_a_changed_port_restarts_and_a_taken_one_is_named(up: Stack) -> None:
    taken = str(up.ports["mongo"])
    answer = up.make("up", ENRICHMENT_PORT=taken, MONGO_PORT=str(free_port()))
    # Our own server holds it until the restart, so it is free then.
    assert answer.returncode == 0, answer.stdout
    assert "Settings have changed" in answer.stdout
    assert up.make("up").returncode == 0


def test_a_port_that_somebody_else_holds_costs_nothing(up: Stack) -> None:
    before = up.services()
    with somebody_listening() as port:
        answer = up.make("up", PUBLISHER_PORT=str(port))
    assert answer.returncode != 0
    assert f"Port {port}, for publisher, is taken by process" in answer.stdout
    assert "PUBLISHER_PORT=" in answer.stdout
    assert up.services() == before


@pytest.mark.parametrize(
    ("variable", "value"), [("REDIS_PORT", "none"), ("APPENDFSYNC", "never"), ("MODE", "kubernetes")]
)
def test_a_wrong_setting_is_named(stack: Stack, variable: str, value: str) -> None:
    answer = stack.make("up", **{variable: value})
    assert answer.returncode != 0
    assert f"{variable}={value}" in answer.stdout
    assert "Traceback" not in answer.stdout


def test_logs_show_each_process(up: Stack) -> None:
    shown = up.run(
        *shlex.split(f"{ROOT}/.venv/bin/python -m deploy.embedded logs --no-follow --lines 3 --service redis")
    )
    assert "redis │" in shown.stdout
