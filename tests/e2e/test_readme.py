"""Every code block of the documentation does what its text says, typed as it stands there."""

import json
import os
import re
import shlex
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desk import Desk, Running, redis_client
from tests.servers.free_port import free_port
from tests.servers.stack import Stack
from tests.unit.docs.documents import ROOT, Block, blocks, documents, name
from tests.wire import Wire

ALL = [block for path in documents() for block in blocks(path)]
KINDS = {"text", "sh", "python", "js", "json"}
SECONDS = 60.0
IN_CI = bool(os.environ.get("CI"))

OWN_TESTS = {
    "make": "tests/e2e/test_make_up.py and tests/unit/docs; `make check` and `make test` run this",
    "docker": "the container run of .ci/run",
    "python": "the contract tests of the schema export",
}
"""Commands of the documents that are not typed here, by their first word, and who tests them."""


def of_kind(*languages: str) -> list[Block]:
    return [block for block in ALL if block.language in languages]


def commands(block: Block) -> list[str]:
    """The commands of a shell block; a line that ends with a backslash goes on."""
    joined = block.text.replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def first_word(command: str) -> str:
    return Path(shlex.split(command, comments=True)[0]).name


def until(condition: Callable[[], object], what: Callable[[], str]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {SECONDS} s: {what()}"
        time.sleep(0.05)


def must_say(running: Running, text: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Wait until a program that goes on has said this; it must not end with an error before."""

    def said() -> bool:
        meanwhile()
        assert text in running.said or not running.ended or running.wait() == 0, running.said
        return text in running.said

    until(said, lambda: f"{text!r} in {running.said!r}")


def missing(what: str) -> None:
    """Skip for want of a tool; a CI must have it."""
    if IN_CI:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture
def desk(stack: Stack) -> Iterator[Desk]:
    with Desk(stack.environment) as desk:
        yield desk


@pytest.fixture(scope="module")
def ioredis(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ioredis is installed."""
    if not shutil.which("node") or not shutil.which("npm"):
        missing("node and npm are not on the PATH")
    folder = tmp_path_factory.mktemp("node")
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--no-save", "ioredis"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    if done.returncode:
        missing(f"npm cannot install ioredis: {done.stderr[-300:]}")
    return folder


def push_economy(wire: Wire) -> str:
    """A story of its own about the economy; answers its headline."""
    headline = f"Central bank raises interest rates, says {uuid.uuid4().hex[:8]}"
    body = (
        "The European Central Bank raised interest rates on Thursday. Its president told reporters in "
        "Frankfurt that inflation in Germany was rising, and that the bank expected borrowing costs to grow."
    )
    wire.push(provider="readme", guid=uuid.uuid4().hex, headline=headline, body=body, language="en")
    return headline


def published(wire: Wire, headline: str) -> dict[str, Any] | None:
    """The first event ever published under this headline."""
    for _, fields in wire.client.xrange("stories.published"):
        event: dict[str, Any] = json.loads(fields[b"data"])
        if event["data"]["story"]["headline"] == headline:
            return event
    return None


def blocked_readers(wire: Wire) -> int:
    """How many clients of the server wait in an XREAD, which the services do not use."""
    return sum(found["cmd"] == "xread" and "b" in found["flags"] for found in wire.client.client_list())


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    assert ALL
    assert [str(block) for block in ALL if block.language not in KINDS] == []


def test_the_readme_shows_each_way() -> None:
    kinds = [block.language for block in blocks(ROOT / "README.md")]
    assert set(kinds) == KINDS


@pytest.mark.parametrize("block", of_kind("sh"), ids=str)
def test_shell(block: Block, desk: Desk, wire: Wire) -> None:
    settings = ""
    for command in commands(block):
        word = first_word(command)
        if command.startswith(". .wiredesk/env"):
            settings = command
        elif word == "redis-cli":
            _check_redis(desk, wire, settings, command)
        elif word == "wiredesk":
            _check_wiredesk(desk, wire, command)
        else:
            assert word in OWN_TESTS, f"{block}: nobody tests `{command}`"


def _check_redis(desk: Desk, wire: Wire, settings: str, command: str) -> None:
    if not redis_client():
        missing("no redis-cli or valkey-cli, neither on the PATH nor in a wheel")
    words = shlex.split(command)
    with desk.shell(f"{settings}\n{command}") as running:
        if "XADD" in words:
            assert running.wait() == 0
            # redis-cli warns of a password in a URL before it says the entry's id
            assert re.fullmatch(r"\d+-\d+", running.said.splitlines()[-1]), running.said
            headline = words[words.index("headline") + 1]
            until(lambda: published(wire, headline), lambda: f"{headline} is not published")
        elif "BLOCK" in words:
            until(lambda: blocked_readers(wire) or running.ended, lambda: running.said)
            headline = push_economy(wire)
            must_say(running, headline)
        else:
            assert running.wait() == 0
            assert "wiredesk.story.published.v1" in running.said


def _check_wiredesk(desk: Desk, wire: Wire, command: str) -> None:
    if first_word(command.replace(".venv/bin/wiredesk", "", 1)) == "tail":
        with desk.shell(f"exec {command}") as running:
            must_say(running, "waiting for events")
            must_say(running, push_economy(wire))
            assert running.stop() == 0
        return
    tries: list[Running] = []

    def succeeds() -> bool:  # `status` and `story` tell what has happened by now
        tries.append(desk.shell(command))
        return tries[-1].wait() == 0

    until(succeeds, lambda: f"{command}: {tries[-1].said}")
    assert tries[-1].said.strip()


@pytest.mark.parametrize("block", of_kind("python"), ids=str)
def test_python(block: Block, desk: Desk, wire: Wire) -> None:
    if "Service(" in block.text:
        _check_service(block, desk, wire)
        return
    own = re.search(r'"headline": "(.+)"', block.text)
    with desk.python(block.text) as running:
        if own:
            must_say(running, own[1])
        else:
            must_say(running, "wiredesk.story.published.v1", lambda: wire.events() or push_economy(wire))
            subject = wire.wait_events(1)[-1].subject
            must_say(running, subject)


def _check_service(block: Block, desk: Desk, wire: Wire) -> None:
    """The example of a service does its work beside the others, and ends in order."""
    headline = f"Earthquake {uuid.uuid4().hex[:8]} shakes northern Chile"
    with desk.python(block.text, HEALTH_PORT=str(free_port()), LOG_FORMAT="console") as running:
        must_say(running, "is ready")
        wire.push(
            provider="readme",
            guid=uuid.uuid4().hex,
            headline=headline,
            body="An earthquake of magnitude 6.4 shook northern Chile on Friday. Rescue teams searched "
            "collapsed houses for survivors; the disaster destroyed homes and left thousands without power.",
        )
        push_economy(wire)

        def alerts() -> list[str]:
            entries = wire.client.xrange("stories.alerts")
            return [json.loads(fields[b"data"])["headline"] for _, fields in entries]

        until(lambda: headline in alerts(), lambda: f"{alerts()} {running.said}")
        until(lambda: wire.counters()["alerts.ignored"], lambda: f"{wire.counters()}")
        assert wire.counters()["alerts.alerted"] == len(alerts())
        assert running.stop() == 0, running.said
    wire.client.xgroup_destroy("stories.published", "alerts")
    wire.client.delete("stories.alerts")


@pytest.mark.parametrize("block", of_kind("js"), ids=str)
def test_node(block: Block, desk: Desk, ioredis: Path) -> None:
    own = re.search(r'headline: "(.+)"', block.text)
    assert own, f"{block} pushes no story"
    with desk.node(block.text, ioredis) as running:
        must_say(running, own[1])


@pytest.mark.parametrize("block", of_kind("json"), ids=str)
def test_json(block: Block, stack: Stack, wire: Wire) -> None:
    """The event that is shown is the one of the story that the README pushes; only its time differs."""
    shown = json.loads(block.text)
    push = next(command for found in of_kind("sh") for command in commands(found) if " XADD " in command)
    words = shlex.split(push)
    start = words.index("*") + 1
    wire.push(**dict(zip(words[start::2], words[start + 1 :: 2], strict=True)))
    headline = shown["data"]["story"]["headline"]
    until(lambda: published(wire, headline), lambda: f"{headline} is not published")
    assert _like(published(wire, headline), shown) == shown


def _like(real: Any, shown: Any) -> Any:
    """What is real, cut to the parts that are shown. Times and confidences are taken as shown."""
    if isinstance(shown, dict):
        assert isinstance(real, dict)
        taken = {"time", "confidence"} & shown.keys() & real.keys()
        cut = {key: _like(real[key], value) for key, value in shown.items() if key in real}
        return {key: shown[key] if key in taken else value for key, value in cut.items()}
    if isinstance(shown, list):
        assert isinstance(real, list)
        return [_like(*pair) for pair in zip(real, shown, strict=False)]
    return real


def test_all_documents_are_looked_at() -> None:
    assert {name(path) for path in documents()} >= {block.document for block in ALL}
    assert "README.md" in {block.document for block in ALL}
