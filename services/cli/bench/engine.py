"""The stage engine against the loop that everyone writes first, on messages of 3 KB, one worker each.

The raw loop reads 100 entries with XREADGROUP, decodes them with pydantic, sends XADDs and the XACK in one
pipeline. It comes in two kinds: on asyncio, as a service of this project would have it, which is what the
ratios compare with; and blocking, the fastest that redis-py can do when a process does nothing else.
Each run is a process of its own; its CPU time is its own.
"""

import asyncio
import json
import statistics
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import redis

from services.cli.bench.report import Report
from services.cli.bench.servers import redis_server
from shared.schemas import Story, StoryAccepted

KINDS = ("engine", "raw", "raw_sync")
STREAM = "stories.accepted"


def measure(repetitions: int, messages: int) -> Report:
    """Rates (messages/s) and CPU (µs per message), medians over interleaved runs."""
    runs: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    with redis_server() as url:
        for _ in range(repetitions):
            for kind in KINDS:
                _fill(url, messages)
                runs[kind].append(_run(kind, url, messages))
    report: Report = {kind: _median(found) for kind, found in runs.items()}
    engine = runs["engine"]
    for raw, suffix in (("raw", ""), ("raw_sync", "_sync")):
        pairs = list(zip(engine, runs[raw], strict=True))
        report[f"engine_vs_raw{suffix}"] = statistics.median(a["rate"] / b["rate"] for a, b in pairs)
        report[f"engine_vs_raw{suffix}_cpu"] = statistics.median(a["cpu_us"] / b["cpu_us"] for a, b in pairs)
    return report


def _median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in ("rate", "cpu_us")}


def _run(kind: str, url: str, messages: int) -> dict[str, float]:
    command = [sys.executable, "-m", "services.cli.bench.engine_run", kind, url, str(messages)]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own module
    found: Any = json.loads(answer.stdout.splitlines()[-1])
    return {"rate": float(found["rate"]), "cpu_us": float(found["cpu_us"])}


def _fill(url: str, messages: int) -> None:
    with redis.Redis.from_url(url) as client:
        client.flushall()
        data = message()
        pipeline = client.pipeline(transaction=False)
        for number in range(1, messages + 1):
            pipeline.xadd(STREAM, {"data": data})
            if number % 1_000 == 0 or number == messages:
                pipeline.execute()


def message() -> str:
    """A message of about 3 KB."""
    story = Story(
        uri="urn:uuid:0f0e0d0c-0b0a-5908-8706-050403020100",
        version=1,
        headline="A headline of an ordinary length for a story",
        body_text="Some words of a story, one after the other. " * 55,
        provider="bench",
        language="en",
        version_created=datetime(2026, 1, 1, tzinfo=UTC),
        digest="0" * 64,
    )
    return StoryAccepted(story=story).model_dump_json()


def new_loop() -> asyncio.AbstractEventLoop:
    """The event loop that the services run on."""
    import uvloop

    return uvloop.new_event_loop()
