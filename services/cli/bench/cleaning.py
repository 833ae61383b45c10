"""What cleaning costs: the text of a story of about 10 KB, in this process."""

import statistics
import time

from services.cli.bench.report import Report
from services.cli.bench.stories import stories
from services.ingest.clean import clean

CHARACTERS = 10_000


def measure(repetitions: int) -> Report:
    """Milliseconds to clean 10 KB of text, median over stories and repetitions."""
    texts = [_long(seed) for seed in range(10)]
    return {"clean_10kb_ms": statistics.median(_clean(text) for _ in range(repetitions) for text in texts)}


def _long(seed: int) -> str:
    bodies = [story["body"] for story in stories(4, seed)]
    return "A headline of an ordinary length\n\n" + "\n\n".join(bodies)[:CHARACTERS]


def _clean(text: str) -> float:
    began = time.perf_counter()
    clean(text)
    return (time.perf_counter() - began) * 1e3
