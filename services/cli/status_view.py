"""How the state of the wire looks: tables for people, one JSON object for programs. Pure."""

from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.plain_text import safe
from services.cli.wire_state import GROUPS, Balance, GroupState, StreamState, WireState

OLD_SECONDS = 60.0
"""An entry pending for so long deserves a look."""

STATUS_STYLES = {"ok": "green", "starting": "yellow", "degraded": "bold red", "stopping": "yellow"}


def status_view(state: WireState, redis_url: str, mongo_url: str) -> RenderableType:
    """Servers, streams, workers, the balance, and what is wrong."""
    return Group(
        _servers(state, redis_url, mongo_url),
        "",
        _streams(state.streams),
        "",
        _workers(state),
        "",
        balance_line(state.balance),
        "",
        _verdict(state),
    )


def as_json(state: WireState) -> dict[str, Any]:
    """The same for programs. Ages in seconds."""
    sums = state.balance
    return {
        "healthy": not state.problems,
        "problems": list(state.problems),
        "redis": "ok",
        "mongo": state.mongo or "ok",
        "streams": [
            {
                "name": stream.name,
                "length": stream.length,
                "added": stream.added,
                "groups": [_group_json(group) for group in stream.groups],
            }
            for stream in state.streams
        ],
        "counters": dict(sorted(state.counters.items())),
        "balance": {
            "accepted": sums.accepted,
            "published": sums.published,
            "duplicate": sums.duplicate,
            "superseded": sums.superseded,
            "withheld": sums.withheld,
            "dead_lettered": sums.dead_lettered,
            "pending": sums.pending,
            "off": sums.off,
        },
        "workers": [
            {
                "service": worker.service,
                "worker": worker.worker,
                "status": worker.status,
                "reason": worker.reason,
                "age": round(worker.age, 1),
                "started": worker.started.isoformat() if worker.started else None,
            }
            for worker in state.workers
        ],
    }


def balance_line(sums: Balance) -> Text:
    """`120 accepted = 100 published + …`, and whether it adds up."""
    parts = [
        Text(f"{count:,} {name}", style if count else "dim")
        for name, count, style in (
            ("published", sums.published, "green"),
            ("duplicate", sums.duplicate, ""),
            ("superseded", sums.superseded, ""),
            ("withheld", sums.withheld, "yellow"),
            ("dead-lettered", sums.dead_lettered, "red"),
        )
    ]
    parts.append(Text("? pending" if sums.pending is None else f"{sums.pending:,} pending", ""))
    equals = " = " if sums.off in (0, None) else " ≠ "
    line = Text.assemble((f"{sums.accepted:,} accepted", "bold"), equals, Text(" + ").join(parts))
    if sums.off:
        more = "unaccounted for" if sums.off > 0 else "counted more than once (entries were delivered anew)"
        line.append(f"\n{abs(sums.off):,} {more}", "yellow")
    return line


def ago(seconds: float | None) -> str:
    """`0.4 s`, `12 s`, `3 min`, `5 h`, `2 d`; `–` for None."""
    if seconds is None:
        return "–"
    for limit, unit, divisor in ((10, "s", 1.0), (120, "s", 1), (7_200, "min", 60), (172_800, "h", 3_600)):
        if seconds < limit:
            return (
                f"{seconds:.1f} {unit}" if isinstance(divisor, float) else f"{seconds / divisor:.0f} {unit}"
            )
    return f"{seconds / 86_400:.0f} d"


def _group_json(group: GroupState) -> dict[str, Any]:
    return {
        "name": group.name,
        "lag": group.lag,
        "pending": group.pending,
        "consumers": group.consumers,
        "oldest_pending": None if group.oldest_pending is None else round(group.oldest_pending, 3),
    }


def _table(*columns: str, right: int = 0) -> Table:
    """Headed columns; the last `right` of them hold numbers."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 3, 0, 0))
    for at, name in enumerate(columns):
        table.add_column(name, justify="right" if at >= len(columns) - right else "left")
    return table


def _servers(state: WireState, redis_url: str, mongo_url: str) -> Table:
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_row("Redis", Text("ok", "green"), safe(redis_url, "dim"))
    table.add_row(
        "MongoDB", Text("down", "bold red") if state.mongo else Text("ok", "green"), safe(mongo_url, "dim")
    )
    return table


def _streams(streams: tuple[StreamState, ...]) -> Table:
    table = _table("stream", "group", "length", "lag", "pending", "oldest", "consumers", right=5)
    for stream in streams:
        name, length = safe(stream.name), f"{stream.length:,}"
        if not stream.own_group:
            table.add_row(name, Text("no group yet", "yellow"), length, "–", "–", "–", "–")
            name, length = Text(), ""
        for group in sorted(stream.groups, key=lambda group: group.name != GROUPS.get(stream.name)):
            table.add_row(name, safe(group.name, limit=40), length, *_numbers(group))
            name, length = Text(), ""
    return table


def _numbers(group: GroupState) -> tuple[str | Text, ...]:
    old = (group.oldest_pending or 0) > OLD_SECONDS
    return (
        "?" if group.lag is None else f"{group.lag:,}",
        f"{group.pending:,}",
        Text(ago(group.oldest_pending), "bold yellow" if old else ""),
        f"{group.consumers:,}",
    )


def _workers(state: WireState) -> RenderableType:
    if not state.workers:
        return Text("no service is running", "bold red")
    table = _table("service", "worker", "status", "seen", "up")
    now = datetime.now(UTC)
    for worker in state.workers:
        up = (now - worker.started).total_seconds() if worker.started else None
        table.add_row(
            safe(worker.service),
            safe(worker.worker, "dim", limit=40),
            safe(worker.status, STATUS_STYLES.get(worker.status, "bold red")),
            f"{ago(worker.age)} ago",
            ago(up),
        )
    return table


def _verdict(state: WireState) -> Text:
    if not state.problems:
        return Text("healthy", "bold green")
    return Text("\n").join(
        [Text("not healthy", "bold red"), *(Text.assemble("  ", safe(one)) for one in state.problems)]
    )
