"""The model process: it may hang, crash or be killed, and only the culprit pays."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import psutil
import pytest

from services.enrichment.errors import ModelDied, ModelError, ModelRefused, ModelTimedOut
from services.enrichment.model_pool import ModelPool, limits_here
from shared.schemas import Story, Tags
from shared.streaming import Unavailable
from tests.stages import eventually
from tests.stories import story

LIMITS = limits_here(memory_mb=1_024, max_chars=50_000, faults=True)
GOOD = "Rebels in Syria killed twelve soldiers near Damascus, the army said on Monday."


def stories(*bodies: str) -> list[Story]:
    return [story(uri=f"urn:test:{number}", body=body) for number, body in enumerate(bodies)]


def marked(fault: str) -> str:
    return f"{GOOD} [[fault:{fault}]]"


def processes() -> list[psutil.Process]:
    """The model processes of this one; neither multiprocessing's tracker nor those of a service that runs."""
    return [
        child
        for child in psutil.Process().children()
        if any("spawn_main" in argument for argument in child.cmdline())
    ]


def places(answer: Tags | Exception) -> set[str]:
    assert isinstance(answer, Tags)
    return {entity.name for entity in answer.entities}


@pytest.fixture
async def pool() -> AsyncIterator[ModelPool]:
    pool = ModelPool(LIMITS, time_limit=2.0, batch=16)
    await pool.start()
    yield pool
    await pool.close()
    assert processes() == []


async def test_tags_come_back_in_order(pool: ModelPool) -> None:
    first, second = await pool.tag(stories(GOOD, "Ministers met in Cairo."))
    assert {"Syria", "Damascus"} <= places(first)
    assert places(second) == {"Cairo"}
    assert await pool.tag([]) == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("hang", ModelTimedOut),
        ("crash", ModelDied),
        ("exit", ModelDied),
        ("error", ModelRefused),
    ],
)
async def test_only_the_culprit_pays(pool: ModelPool, fault: str, error: type[ModelError]) -> None:
    before, culprit, after = await pool.tag(stories(GOOD, marked(fault), GOOD))
    assert isinstance(culprit, error)
    assert places(before) == places(after) == {"Syria", "Damascus"}


async def test_a_story_that_wants_all_memory_costs_itself() -> None:
    pool = ModelPool(replace(LIMITS, memory_mb=768), time_limit=20.0, batch=16)
    try:
        culprit, good = await pool.tag(stories(marked("memory"), GOOD))
    finally:
        await pool.close()
    assert isinstance(culprit, ModelDied)
    assert places(good) == {"Syria", "Damascus"}


async def test_the_event_loop_goes_on_while_a_story_hangs(pool: ModelPool) -> None:
    late = 0.0

    async def watch() -> None:
        nonlocal late
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            late = max(late, time.monotonic() - began - 0.01)

    watching = asyncio.create_task(watch())
    (answer,) = await pool.tag(stories(marked("hang")))
    watching.cancel()
    assert isinstance(answer, ModelTimedOut)
    assert late < 1.9, "a blocked loop would be late by the two seconds of the limit"


@pytest.mark.parametrize("noticed", [False, True])
async def test_a_process_killed_while_idle_is_replaced(pool: ModelPool, noticed: bool) -> None:
    (process,) = processes()
    process.kill()

    async def gone() -> bool:
        return not psutil.pid_exists(process.pid)

    if noticed:
        await eventually(gone)
    (answer,) = await pool.tag(stories(GOOD))
    assert places(answer) == {"Syria", "Damascus"}
    (replaced,) = processes()
    assert replaced.pid != process.pid
    await pool.check()


async def test_a_process_killed_at_work_costs_no_story(pool: ModelPool) -> None:
    """The batch in hand is handed over again, story by story."""
    (process,) = processes()
    running = asyncio.create_task(pool.tag(stories(*[GOOD * 200] * 8)))

    async def busy() -> bool:
        return process.cpu_percent(interval=None) > 10

    await eventually(busy)
    process.kill()
    assert all(places(answer) == {"Syria", "Damascus"} for answer in await running)


async def test_giving_up_on_a_batch_ends_its_work(pool: ModelPool) -> None:
    """The engine's own time limit cancels the handler: the hung process must not outlive it."""
    (hung,) = processes()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await pool.tag(stories(marked("hang")))
    (answer,) = await pool.tag(stories(GOOD))
    assert places(answer) == {"Syria", "Damascus"}
    assert not hung.is_running()


async def test_batches_that_come_at_once_are_all_answered(pool: ModelPool) -> None:
    answers = await asyncio.gather(
        *(pool.tag(stories(GOOD)) for _ in range(4)), pool.tag(stories(marked("exit")))
    )
    assert [type(answer) for (answer,) in answers] == [Tags] * 4 + [ModelDied]


async def test_models_that_do_not_load_are_unavailable() -> None:
    pool = ModelPool(replace(LIMITS, memory_mb=64), time_limit=2.0, batch=16)
    try:
        with pytest.raises(Unavailable, match="models is unavailable: its process does not start"):
            await pool.start()
    finally:
        await pool.close()


async def test_a_closed_pool_says_so() -> None:
    pool = ModelPool(LIMITS, time_limit=2.0, batch=16)
    await pool.close()
    with pytest.raises(Unavailable, match="stopped"):
        await pool.check()


PARENT = """
import asyncio, psutil
from services.enrichment.model_pool import ModelPool, limits_here
from tests.stories import story

async def main():
    pool = ModelPool(limits_here(1024, 50_000, faults=True), time_limit=600, batch=16)
    await pool.start()
    children = psutil.Process().children(recursive=True)
    print(*(child.pid for child in children), flush=True)
    await pool.tag([story(body="[[fault:hang]]")])

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a hang in native code is not noticed")
def test_nothing_outlives_a_killed_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    children = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
    assert children
    busy = max(children, key=lambda child: child.memory_info().rss)
    while busy.cpu_percent(interval=0.05) < 50:
        assert busy.is_running()
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait(5)
    parent.stdout.close()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
