"""What `wiredesk push` says in the end. Pure, but for the table's rich objects."""

import json
from collections import Counter
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from services.cli.fate import Fate, Outcome
from services.cli.plain_text import safe
from services.cli.problem import ExitCode

STYLES = {
    Outcome.PUBLISHED: "green",
    Outcome.DUPLICATE: "dim",
    Outcome.SUPERSEDED: "dim",
    Outcome.WITHHELD: "yellow",
    Outcome.DEAD_LETTERED: "bold red",
    Outcome.REFUSED: "bold red",
    Outcome.ACCEPTED: "yellow",
    Outcome.QUEUED: "yellow",
}
MAX_ROWS = 60
"""More rows than this help nobody: then only those with something to mend are shown."""

UUID_CHARS = 8
LABEL_CHARS = 34


def fates_table(fates: Sequence[Fate]) -> Table:
    """file → outcome → story → headline → topics or reason."""
    table = Table(box=None, pad_edge=False, header_style="dim", expand=False)
    table.add_column("file", no_wrap=True)
    table.add_column("outcome", no_wrap=True)
    table.add_column("story", no_wrap=True)
    table.add_column("headline, and topics or reason", overflow="fold")
    for fate in fates:
        table.add_row(
            safe(short_label(fate.label)),
            Text(_outcome(fate), STYLES[fate.outcome]),
            Text(short_uri(fate.uri, fate.version), "dim"),
            _content(fate),
        )
    return table


def rows_to_show(fates: Sequence[Fate]) -> list[Fate]:
    """All when they fit, else those that did not end well."""
    return (
        list(fates)
        if len(fates) <= MAX_ROWS
        else [fate for fate in fates if not fate.outcome.good][:MAX_ROWS]
    )


def summary(fates: Sequence[Fate]) -> Text:
    """`14 stories: 11 published, 1 duplicate, …` with the counted outcomes in their colours."""
    counts = Counter(fate.outcome for fate in fates)
    parts = [Text(f"{counts[one]:,} {one}", STYLES[one]) for one in Outcome if counts[one]]
    stories = "1 story" if len(fates) == 1 else f"{len(fates):,} stories"
    return Text.assemble((f"{stories}: ", "bold"), Text(", ").join(parts))


def exit_code(fates: Sequence[Fate], waited: bool) -> ExitCode:
    """Failed when a story was refused or dead-lettered, or when its end did not show in time."""
    bad = {Outcome.REFUSED, Outcome.DEAD_LETTERED}
    unfinished = waited and any(not fate.outcome.final for fate in fates)
    return ExitCode.FAILED if unfinished or any(fate.outcome in bad for fate in fates) else ExitCode.OK


def as_json(fate: Fate) -> str:
    """One line for programs."""
    return json.dumps(
        {
            "source": fate.label,
            "entry_id": fate.entry_id,
            "outcome": fate.outcome.value,
            "uri": fate.uri,
            "version": fate.version,
            "headline": fate.headline or None,
            "topics": list(fate.topics),
            "detail": fate.detail or None,
        },
        ensure_ascii=True,
    )


def short_label(label: str) -> str:
    """The end of a long path: there stands the file's name."""
    return label if len(label) <= LABEL_CHARS else f"…{label[1 - LABEL_CHARS :]}"


def short_uri(uri: str | None, version: int | None) -> str:
    """`3f2a9c1e v2`: enough for `wiredesk story`, which takes the beginning of an id."""
    if not uri:
        return ""
    shown = (
        uri.removeprefix("urn:uuid:")[:UUID_CHARS]
        if uri.startswith("urn:uuid:")
        else safe(uri, limit=24).plain
    )
    return f"{shown} v{version}" if version else shown


def _outcome(fate: Fate) -> str:
    return fate.detail if fate.outcome is Outcome.PUBLISHED and fate.detail else fate.outcome.value


def _content(fate: Fate) -> Text:
    if fate.outcome is Outcome.PUBLISHED:
        topics = ", ".join(fate.topics) or "topic undecided"
        return Text.assemble(safe(fate.headline, "bold", limit=120), "  ", safe(topics, "cyan"))
    if fate.outcome is Outcome.ACCEPTED:
        return safe("taken in, its end did not show in time: see `wiredesk status`")
    if fate.outcome is Outcome.QUEUED:
        return safe("not taken in yet: see `wiredesk status`")
    return safe(fate.detail, limit=400)
