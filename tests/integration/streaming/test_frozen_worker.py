"""A worker is stopped in the middle of a batch, another finishes its work, the first wakes up."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.redis import RedisServer
from tests.stages import SOURCE, TARGET, Client, Note, eventually, pending, push

ENTRIES = 500


@contextmanager
def worker(how: str, url: str, name: str, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.worker_process", how, url, name, str(seconds)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()


async def copies(redis: Client) -> Counter[str]:
    """How often each note stands on the next stream."""
    entries = await redis.xrange(TARGET)
    return Counter(Note.model_validate_json(fields[b"data"]).text for _, fields in entries)


@pytest.mark.parametrize("how", ["engine", "plain"])
async def test_a_frozen_worker(redis: Client, redis_server: RedisServer, how: str) -> None:
    await push(redis, *(str(n) for n in range(ENTRIES)))
    await redis.xgroup_create(SOURCE, "ingest", "0")
    with worker(how, redis_server.url, "first", 2.0) as first:

        async def first_has_a_batch() -> bool:
            return await pending(redis) > 0 and bool(await redis.sismember("begun", "first"))

        await eventually(first_has_a_batch)
        first.send_signal(signal.SIGSTOP)
        held = await pending(redis)
        with worker(how, redis_server.url, "second", 0.01):

            async def all_are_out() -> bool:
                return len(await copies(redis)) == ENTRIES and await pending(redis) == 0

            await eventually(all_are_out, seconds=40)
        assert max((await copies(redis)).values()) == 1
        first.send_signal(signal.SIGCONT)
        # only the first is left to handle this one, after it has committed what it held
        await push(redis, "after")

        async def first_went_on() -> bool:
            return (await copies(redis))["after"] == 1

        await eventually(first_went_on, seconds=30)
    doubled = sum(1 for count in (await copies(redis)).values() if count > 1)
    if how == "plain":
        assert doubled == held > 0, "the loop that everyone writes first sends them again"
    else:
        assert (doubled, held > 0) == (0, True)
    assert len(await copies(redis)) == ENTRIES + 1, "nothing is lost"
