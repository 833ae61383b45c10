"""`wiredesk tail` as a process: what is on stdout, how it ends."""

import asyncio
import json
import signal

import pytest
from redis.asyncio import Redis

from tests.integration.cli.wire import Command, Wire, lines, said
from tests.servers.redis import RedisServer
from tests.unit.cli.builders import SPORT, entity, event, story


@pytest.fixture
def command(redis_server: RedisServer) -> Command:
    return Command(REDIS_URL=redis_server.url)


async def test_json_is_one_event_per_line_and_nothing_else(redis: Redis, command: Command) -> None:
    wire = Wire(redis)
    first, second = event(story("One \x1b[2J\u202e\x9b two")), event(story("Two", version=2), "corrected")
    await wire.publish(first)
    await wire.publish(second)
    code, out, err = await command.run("tail", "--from-start", "--json", "--count", "2")
    assert code == 0
    assert err == ""
    assert [json.loads(line) for line in out.splitlines()] == [
        first.model_dump(mode="json"),
        second.model_dump(mode="json"),
    ]
    assert not set(out) & set("\x1b\x9b\u202e")


async def test_it_shows_what_is_published_while_it_runs(redis: Redis, command: Command) -> None:
    wire = Wire(redis)
    process = await command.start("tail")
    await said(process, "waiting for events")
    await wire.publish(event(entities=(entity("Damascus"),)))
    headline, about = await lines(process, 2)
    assert "published  Fighting near Damascus" in headline
    assert "conflict, war and peace · Damascus" in about
    process.send_signal(signal.SIGINT)
    assert "go on later with --from" in await said(process, "stopped")
    assert await process.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_cleanly_also_when_nothing_happens(
    redis: Redis, command: Command, number: signal.Signals
) -> None:
    process = await command.start("tail")
    await said(process, "waiting")
    process.send_signal(number)
    async with asyncio.timeout(5):
        _, err = await process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in err.decode()


async def test_filters_choose_and_count_counts_what_was_shown(redis: Redis, command: Command) -> None:
    wire = Wire(redis)
    await wire.publish(event(story("War in English")))
    await wire.publish(event(story("Guerre", version=2, language="fr")))
    await wire.publish(event(story("Sport", version=3), subjects=(SPORT,)))
    await wire.publish(event(story("More war", version=4), entities=(entity("Kyiv"),)))
    code, out, _ = await command.run("tail", "--from", "0", "-t", "war", "-l", "en", "-n", "2")
    assert code == 0
    assert "War in English" in out
    assert "More war" in out
    assert "Guerre" not in out
    assert "Sport" not in out
    _, out, _ = await command.run("tail", "--from", "0", "--entity", "KYIV", "-n", "1")
    assert "More war" in out


async def test_an_entry_that_is_no_event_is_passed_over_with_a_word(redis: Redis, command: Command) -> None:
    await redis.xadd("stories.published", {"data": "{}"})
    await redis.xadd("stories.published", {"x": "y"})
    await Wire(redis).publish(event())
    code, out, err = await command.run("tail", "--from", "0", "-n", "1")
    assert code == 0
    assert "Fighting near Damascus" in out
    assert err.count("passed over") == 2


async def test_a_reader_that_goes_away_ends_it(redis: Redis, redis_server: RedisServer) -> None:
    await Wire(redis).publish(event())
    shell = "'{python}' -m services.cli tail --from 0 --json | head -n 1"
    import os
    import sys

    process = await asyncio.create_subprocess_shell(
        shell.format(python=sys.executable),
        env=os.environ | {"REDIS_URL": redis_server.url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(10):
        out, err = await process.communicate()
    assert json.loads(out)["type"] == "wiredesk.story.published.v1"
    assert "Traceback" not in err.decode()


async def test_no_colours_go_into_a_pipe(redis: Redis, command: Command) -> None:
    await Wire(redis).publish(event(kind="withdrawn"))
    _, out, _ = await command.run("tail", "--last", "1", "-n", "1")
    assert "\x1b" not in out


async def test_a_prefix_names_another_wire(redis: Redis, redis_server: RedisServer) -> None:
    await Wire(redis, prefix="{other}:").publish(event())
    other = Command(REDIS_URL=redis_server.url, STREAM_PREFIX="{other}:")
    code, out, _ = await other.run("tail", "--from", "0", "-n", "1")
    assert code == 0
    assert "Fighting near Damascus" in out
