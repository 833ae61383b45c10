"""The whole pipeline against the bare enrichment functions in a loop, on the same stories.

Every service runs as a process of its own, one each, on private servers. The bare run is one process that
calls `enrich` on batches of the same size as the service does.
"""

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import psutil
import redis

from services.cli.bench.report import Report
from services.cli.bench.servers import free_port, mongo_server, redis_server
from services.cli.bench.stories import stories

SERVICES = ("ingest", "enrichment", "publisher", "archive")
IDLE_STORIES = 40
HALF_LOAD_SECONDS = 15.0
START_SECONDS = 90.0


def measure(repetitions: int, count: int) -> Report:
    """Stories/s of both, their ratio (median of pairs), latencies in ms, resident memory in MB."""
    with ExitStack() as stack:
        redis_url, mongo_url = stack.enter_context(redis_server()), stack.enter_context(mongo_server())
        processes = stack.enter_context(_services({"REDIS_URL": redis_url, "MONGO_URL": mongo_url}))
        client: Any = stack.enter_context(redis.Redis.from_url(redis_url))
        _through(client, count // 4, seed=0)  # warm
        bare, whole = [], []
        for repetition in range(1, repetitions + 1):
            whole.append(_through(client, count, seed=repetition))
            bare.append(_bare(count, seed=repetition))
        rate = statistics.median(whole)
        return {
            "stories_per_s": rate,
            "bare_stories_per_s": statistics.median(bare),
            "pipeline_vs_bare": statistics.median(a / b for a, b in zip(whole, bare, strict=True)),
            "latency_ms": {
                "idle": _latency(client, IDLE_STORIES, every=None, seed=1_000),
                "half": _latency(client, int(rate / 2 * HALF_LOAD_SECONDS), every=2 / rate, seed=2_000),
            },
            "rss_mb": {name: _memory(process) for name, process in processes.items()},
        }


@contextmanager
def _services(environment: Mapping[str, str]) -> Iterator[dict[str, psutil.Process]]:
    started: dict[str, subprocess.Popen[bytes]] = {}
    ports: dict[str, int] = {}
    try:
        for name in SERVICES:
            ports[name] = free_port()
            known = {**os.environ, **environment, "HEALTH_PORT": str(ports[name]), "LOG_LEVEL": "WARNING"}
            command = [sys.executable, "-m", f"services.{name}"]
            started[name] = subprocess.Popen(command, env=known)  # noqa: S603 - our own services
        _wait_ready(ports)
        yield {name: psutil.Process(process.pid) for name, process in started.items()}
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(30)


def _wait_ready(ports: Mapping[str, int]) -> None:
    deadline = time.monotonic() + START_SECONDS
    for name, port in ports.items():
        while not _ready(port):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} was not ready within {START_SECONDS:.0f} s")
            time.sleep(0.1)


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _through(client: Any, count: int, seed: int) -> float:
    """Push all at once; stories/s from the first push to the last event."""
    seen = 0
    end = client.xrevrange("stories.published", count=1)
    last = end[0][0] if end else "0-0"
    began = time.perf_counter()
    pipeline = client.pipeline(transaction=False)
    for story in stories(count, seed):
        pipeline.xadd("stories.ingest", story)
    pipeline.execute()
    while seen < count:
        for _, entries in client.xread({"stories.published": last}, count=500, block=60_000):
            seen += len(entries)
            last = entries[-1][0]
    return count / (time.perf_counter() - began)


def _bare(count: int, seed: int) -> float:
    """Stories/s of the bare functions, in a process of its own, while the services wait for work."""
    command = [sys.executable, "-m", "services.cli.bench.bare_run", str(count), str(seed)]
    one_thread = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }  # as in the service
    answer = subprocess.run(  # noqa: S603 - our own module
        command,
        capture_output=True,
        check=True,
        text=True,
        env=one_thread,
    )
    return float(json.loads(answer.stdout.splitlines()[-1])["rate"])


def _latency(client: Any, count: int, every: float | None, seed: int) -> dict[str, float]:
    """Milliseconds from push to published, p50 and p99.

    Told by Redis' own clock: the id of the entry pushed and the id of its event. With `every` None the next
    story is pushed when the last one has come out, else one each so many seconds.
    """
    end = client.xrevrange("stories.published", count=1)
    last = end[0][0] if end else "0-0"
    pushed: dict[str, int] = {}
    times: list[float] = []
    began = time.perf_counter()
    for number, story in enumerate(stories(count, seed)):
        if every is not None:
            time.sleep(max(0.0, began + number * every - time.perf_counter()))
        pushed[story["guid"]] = _milliseconds(client.xadd("stories.ingest", story))
        while every is None and len(times) <= number:
            last = _collect(client, last, pushed, times)
    while len(times) < count:
        last = _collect(client, last, pushed, times)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": cuts[49], "p99": cuts[98]}


def _collect(client: Any, last: Any, pushed: Mapping[str, int], times: list[float]) -> Any:
    for _, entries in client.xread({"stories.published": last}, count=500, block=60_000):
        for entry_id, fields in entries:
            guid = json.loads(fields[b"data"])["data"]["story"]["guid"]
            times.append(_milliseconds(entry_id) - pushed[guid])
            last = entry_id
    return last


def _milliseconds(entry_id: bytes) -> int:
    return int(entry_id.split(b"-")[0])


def _memory(process: psutil.Process) -> float:
    """Resident memory of a service with its child processes, in MB."""
    family = [process, *process.children(recursive=True)]
    return sum(float(one.memory_info().rss) for one in family) / 1e6
