"""The bare enrichment functions in a loop: `python -m services.cli.bench.bare_run STORIES SEED`."""

import json
import sys
import time
from datetime import UTC, datetime

from services.cli.bench.stories import stories
from services.enrichment.enrich import enrich
from services.enrichment.settings import EnrichmentSettings
from services.ingest.prepare import prepare
from shared.schemas import RawStory


def run(count: int, seed: int) -> float:
    """Stories/s, models loaded and warm, stories cleaned before the clock starts."""
    batch = EnrichmentSettings().enrichment_batch
    now = datetime.now(UTC)
    ready = [prepare(RawStory.model_validate(each), now).at(1) for each in stories(count, seed)]
    enrich(ready[:batch])
    began = time.perf_counter()
    for start in range(0, count, batch):
        enrich(ready[start : start + batch])
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"rate": run(int(sys.argv[1]), int(sys.argv[2]))}) + "\n")
