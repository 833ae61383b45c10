"""How a story's file looks. Pure."""

import textwrap
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.event_line import about
from services.cli.plain_text import paragraphs, safe
from services.cli.story_file import StoryFile
from shared.schemas import PublishedEvent, Story
from shared.store import Step

EXCERPT_CHARS = 600
OUTCOME_STYLES = {
    "published": "green",
    "corrected": "yellow",
    "withdrawn": "bold red",
    "dead_lettered": "bold red",
    "duplicate": "dim",
    "superseded": "dim",
    "withheld": "yellow",
    "embargoed": "yellow",
}


def story_view(story: StoryFile, full: bool) -> RenderableType:
    """The story, its versions, its way, its dead letters. `full` shows the whole body."""
    parts: list[RenderableType] = []
    if story.versions:
        newest = story.versions[-1].story
        parts += [_head(story, newest), "", *_body(newest, full)]
    else:
        parts += [safe(story.uri, "bold"), ""]
    parts += [_versions(story), ""] if story.versions else []
    parts += [_timeline(story.steps)] if story.steps else [Text("no step of its way is recorded yet", "dim")]
    parts += ["", _dead_letters(story)] if story.dead_letters else []
    return Group(*parts)


def as_json(story: StoryFile) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "uri": story.uri,
        "published": _state_json(story),
        "versions": [
            {
                "version": record.version,
                "stored": record.stored.isoformat(),
                "source": record.source,
                "outcome": _outcome_of(story, record.version),
                "story": record.story.model_dump(mode="json"),
            }
            for record in story.versions
        ],
        "timeline": [_step_json(step) for step in story.steps],
        "events": [
            {
                "entry_id": archived.entry_id,
                "event": _event_json(archived.event),
            }
            for archived in story.events
        ],
        "entries": [
            {
                "entry_id": entry.entry_id,
                "outcome": entry.outcome,
                "version": entry.version,
                "arrived": entry.arrived.isoformat(),
            }
            for entry in story.entries
        ],
        "dead_letters": [
            {"state": record.state, **record.letter.model_dump(mode="json", exclude={"fields"})}
            for record in story.dead_letters
        ],
    }


def moment(when: datetime) -> str:
    """In the user's own zone, to the millisecond."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M:%S.") + f"{when.microsecond // 1000:03d}"


def _state_json(story: StoryFile) -> dict[str, Any] | None:
    state = story.state
    if state is None:
        return None
    return {
        "version": state.version,
        "type": state.type,
        "time": state.time.isoformat(),
        "entry_id": state.entry_id,
        "topics": list(state.topics),
        "places": list(state.places),
    }


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "stage": step.stage,
        "version": step.version,
        "time": step.time.isoformat(),
        "duration_ms": step.duration_ms,
        "outcome": step.outcome,
        "deliveries": step.deliveries,
        "stream": step.stream,
        "entry_id": step.entry_id,
    }


def _event_json(event: PublishedEvent) -> dict[str, Any]:
    """Without the story: that one stands with its version."""
    return event.model_dump(mode="json", exclude={"data": {"story"}})


def _head(story: StoryFile, newest: Story) -> RenderableType:
    facts = Table.grid(padding=(0, 2, 0, 0))
    rows = [
        ("uri", newest.uri),
        ("provider", newest.provider),
        ("byline", newest.byline),
        ("dateline", newest.dateline),
        ("language", newest.language),
        ("dated", newest.content_created and moment(newest.content_created)),
        ("source", newest.source_url),
        ("status", newest.pub_status if newest.pub_status != "usable" else None),
        ("published", _published(story)),
    ]
    for name, value in rows:
        if value:
            facts.add_row(Text(name, "dim"), safe(value))
    if story.events:
        facts.add_row(Text("about", "dim"), about(story.events[-1].event.data.tags))
    return Group(safe(newest.headline or "(no headline)", "bold"), facts)


def _published(story: StoryFile) -> str:
    state = story.state
    if state is None:
        return "not yet"
    return (
        f"version {state.version} ({state.type.split('.')[2]}) at {moment(state.time)}, as {state.entry_id}"
    )


def _body(newest: Story, full: bool) -> list[RenderableType]:
    """The text, or its beginning, and a blank line; nothing of a story without text."""
    text = paragraphs(newest.body_text).strip()
    if not text:
        return []
    if full or len(text) <= EXCERPT_CHARS:
        return [Text(text), ""]
    more = f"… ({len(newest.body_text):,} characters, --full shows all)"
    excerpt = textwrap.shorten(text, EXCERPT_CHARS, placeholder=" ")
    return [Text.assemble(excerpt, (more, "dim")), ""]


def _versions(story: StoryFile) -> Table:
    table = _table("version", "stored", "outcome", "status", "headline", "taken out")
    for record in story.versions:
        outcome = _outcome_of(story, record.version) or "not decided yet"
        table.add_row(
            str(record.version),
            moment(record.stored),
            safe(outcome, OUTCOME_STYLES.get(outcome, "")),
            safe(record.story.pub_status),
            safe(record.story.headline, limit=80),
            _spans(len(record.story.removed)),
        )
    return table


def _spans(count: int) -> str:
    return "–" if not count else "1 span" if count == 1 else f"{count:,} spans"


def _outcome_of(story: StoryFile, version: int) -> str | None:
    return next((one.outcome for one in story.decisions if one.version == version), None)


def _timeline(steps: tuple[Step, ...]) -> Table:
    table = _table("stage", "time", "took", "outcome", "version", "deliveries", "entry")
    for step in steps:
        table.add_row(
            safe(step.stage),
            moment(step.time),
            f"{step.duration_ms:,.1f} ms",
            safe(step.outcome, OUTCOME_STYLES.get(step.outcome, "")),
            "–" if step.version is None else str(step.version),
            Text(str(step.deliveries), "yellow" if step.deliveries > 1 else ""),
            safe(f"{step.stream} {step.entry_id}", "dim"),
        )
    return table


def _dead_letters(story: StoryFile) -> Group:
    lines = [
        Text.assemble(
            ("dead letter ", "bold red"),
            safe(f"({record.state}) {record.letter.stage} {record.letter.entry_id}:"),
            " ",
            safe(record.letter.message, limit=600),
        )
        for record in story.dead_letters
    ]
    return Group(*lines)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name, no_wrap=name != "headline", overflow="fold")
    return table
