"""Runs the benchmarks, prints them, and writes `.wiredesk/bench.json`."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from services.cli.bench import cleaning, engine, pipeline
from services.cli.bench.report import Report, show


def main(
    repetitions: Annotated[int, typer.Option(min=1, help="Interleaved repetitions; medians are told.")] = 5,
    messages: Annotated[int, typer.Option(min=100, help="Messages of 3 KB per engine run.")] = 20_000,
    stories: Annotated[int, typer.Option(min=20, help="Stories of 500 words per pipeline run.")] = 96,
    only: Annotated[str, typer.Option(help="`engine`, `cleaning` or `pipeline`; all by default.")] = "",
) -> None:
    """Measure the stage engine against a raw redis-py loop, and the pipeline against the bare models."""
    report: Report = {"repetitions": repetitions}
    if only in ("", "engine"):
        report |= engine.measure(repetitions, messages)
    if only in ("", "cleaning"):
        report |= cleaning.measure(repetitions)
    if only in ("", "pipeline"):
        report |= pipeline.measure(repetitions, stories)
    path = Path(os.environ.get("WIREDESK_HOME", ".wiredesk")) / "bench.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")
    show(report, path)


if __name__ == "__main__":
    typer.run(main)
