"""Measures the tags on annotated texts, with the very code that the service runs.

Usage: `python -m services.enrichment.training.evaluate --data FOLDER [--most ROWS]`

Reads `topics-*.jsonl` (`text`, `topics`, `source`; files named `topics-train-*` are left out) and
`entities-*.jsonl` (`text`, `entities`, `source`) in the folder. `--most` takes that many rows per source.
"""

import argparse
import json
import logging
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.enrichment.enrich import default_enrichers, enrich
from services.enrichment.enricher import Enricher
from services.enrichment.training.scores import (
    SpanCounts,
    annotated_spans,
    by_type,
    confidence_table,
    found_spans,
    topic_scores,
)
from shared.schemas import Story, Tags

log = logging.getLogger(__name__)

BATCH = 16
Row = dict[str, Any]


def rows(folder: Path, kind: str, most: int) -> dict[str, list[Row]]:
    """The annotated rows of each source, in the order of the files."""
    found: dict[str, list[Row]] = defaultdict(list)
    for file in sorted(folder.glob(f"{kind}-*.jsonl")):
        if "train" not in file.name:
            for line in file.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                found[row["source"]].append(row)
    return {source: known[:most] for source, known in found.items()}


def story(row: Row) -> Story:
    """A row as the service would meet it: English, without a headline of its own."""
    return Story(
        uri="urn:evaluation",
        version=1,
        headline="",
        body_text=row["text"],
        language="en",
        provider="evaluation",
        version_created=datetime(2020, 1, 1, tzinfo=UTC),
        digest="0" * 64,
    )


def tagged(known: Sequence[Row], enrichers: Sequence[Enricher]) -> tuple[list[Tags], float]:
    """The tags of all rows, and the seconds it took."""
    stories = [story(row) for row in known]
    began = time.perf_counter()
    tags = [
        one for at in range(0, len(stories), BATCH) for one in enrich(stories[at : at + BATCH], enrichers)
    ]
    return tags, time.perf_counter() - began


def topic_lines(sources: Mapping[str, list[Row]], enrichers: Sequence[Enricher]) -> Iterator[str]:
    """A line per source."""
    yield "topics            stories  first    two  answered right  ≥.8 share right  stories/s"
    for source, known in sources.items():
        tags, seconds = tagged(known, enrichers)
        s = topic_scores(tags, [{f"{topic}000000" for topic in row["topics"]} for row in known])
        yield (
            f"{source:18}{s.stories:6}  {s.first:.3f}  {s.two:.3f}     {s.answered:.3f}"
            f" {s.answered_right:.3f}      {s.confident:.3f} {s.confident_right:.3f}"
            f"  {s.stories / seconds:9.0f}"
        )


def entity_lines(sources: Mapping[str, list[Row]], enrichers: Sequence[Enricher]) -> Iterator[str]:
    """A line per source: precision, recall and F1 of all, F1 of each type, words per second; then how often
    entities of each confidence were right."""
    yield "entities          texts      P      R     F1    PER    ORG    LOC  words/s  stories/s"
    sure: list[tuple[int, bool]] = []
    for source, known in sources.items():
        tags, seconds = tagged(known, enrichers)
        counts = {label: SpanCounts() for label in ("all", "PER", "ORG", "LOC")}
        for row, one in zip(known, tags, strict=True):
            truth = annotated_spans(row["text"], row["entities"])
            by_type(found_spans(row["text"], one), truth, counts)
            sure += right_by_confidence(row["text"], one, truth)
        every = counts["all"]
        words = sum(len(row["text"].split()) for row in known)
        yield (
            f"{source:18}{len(known):5}  {every.precision:.3f}  {every.recall:.3f}  {every.f1:.3f}  "
            + "  ".join(f"{counts[label].f1:.3f}" for label in ("PER", "ORG", "LOC"))
            + f"  {words / seconds:7.0f}  {len(known) / seconds:9.1f}"
        )
    for confidence, (count, share) in confidence_table(sure).items():
        yield f"entities told with confidence {confidence}: {count}, right {share:.2f}"


def right_by_confidence(text: str, tags: Tags, truth: set[tuple[int, int, str]]) -> list[tuple[int, bool]]:
    """For each entity of a scored kind, whether its first mention is annotated so."""
    return [
        (entity.confidence or 0, bool(spans & truth))
        for entity in tags.entities
        for spans in (found_spans(text, Tags(entities=(entity,))),)
        if spans
    ]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--most", type=int, default=sys.maxsize)
    given = parser.parse_args()
    began = time.perf_counter()
    topics, entities = default_enrichers()
    lines = [f"models loaded in {time.perf_counter() - began:.2f} s"]
    lines += topic_lines(rows(given.data, "topics", given.most), [topics])
    lines += entity_lines(rows(given.data, "entities", given.most), [entities])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write("\n".join([*lines, f"peak memory {peak:.0f} MB", ""]))


if __name__ == "__main__":
    main()
