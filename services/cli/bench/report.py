"""The figures of a run, as JSON and as a table."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Report = dict[str, Any]


def show(report: Mapping[str, Any], path: Path) -> None:
    """Print the figures that were measured."""
    console = Console()
    table = Table(title="Wiredesk benchmark", title_justify="left", show_header=False)
    for name, text in rows(report):
        table.add_row(name, text)
    console.print(table)
    console.print(f"[dim]written to {path}[/dim]")


def rows(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the figures mean, in a person's words."""
    found: list[tuple[str, str]] = []
    for name in ("engine", "raw", "raw_sync"):
        if name in report:
            run = report[name]
            found.append((LABELS[name], f"{run['rate']:,.0f} msg/s, {run['cpu_us']:.1f} µs CPU per message"))
    if "engine_vs_raw" in report:
        for suffix, loop in (("", "asyncio"), ("_sync", "blocking")):
            rate, cpu = report[f"engine_vs_raw{suffix}"], report[f"engine_vs_raw{suffix}_cpu"]
            found.append((f"engine / raw ({loop})", f"{rate:.2f} × the rate, {cpu:.2f} × the CPU"))
    if "clean_10kb_ms" in report:
        found.append(("cleaning 10 KB", f"{report['clean_10kb_ms']:.1f} ms"))
    if "pipeline_vs_bare" in report:
        found.append(("bare enrichment", f"{report['bare_stories_per_s']:.1f} stories/s"))
        found.append(("whole pipeline", f"{report['stories_per_s']:.1f} stories/s"))
        found.append(("pipeline / bare", f"{report['pipeline_vs_bare']:.2f} ×"))
        for load, times in report["latency_ms"].items():
            found.append((f"latency, {load}", f"p50 {times['p50']:.0f} ms, p99 {times['p99']:.0f} ms"))
        for service, megabytes in report["rss_mb"].items():
            found.append((f"memory, {service}", f"{megabytes:.0f} MB"))
    return found


LABELS = {
    "engine": "stage engine",
    "raw": "raw redis-py loop (asyncio)",
    "raw_sync": "raw redis-py loop (blocking)",
}
