"""How an event looks on a terminal: one line, and a second one with its topics and places. Pure."""

from datetime import datetime

from rich.text import Text

from services.cli.plain_text import plain, safe
from services.cli.wire_event import WireEvent
from shared.schemas import Entity, Tags

STYLES = {"published": "green", "corrected": "yellow", "withdrawn": "bold red", "retagged": "cyan"}
MAX_PLACES = 5
MAX_NAMES = 4


def event_lines(event: WireEvent) -> Text:
    """`12:04:31  published  Headline` and, below, what it is about. Raises `NotAnEvent`."""
    content = event.event
    story = content.data.story
    kind = plain(event.kind or content.type.split(".")[2], 12)
    first = Text.assemble(
        (clock(content.time), "dim"),
        "  ",
        (f"{kind:<9}", STYLES.get(kind, "magenta")),
        "  ",
        safe(story.headline or "(no headline)", "bold" if kind != "withdrawn" else "strike"),
        (f"  v{story.version}" if story.version > 1 else "", "dim"),
    )
    origin = Text(f"{plain(story.provider, 40)} {plain(story.language, 10)}", "dim")
    return Text.assemble(first, "\n", " " * 21, about(content.data.tags), (" · ", "dim"), origin)


def about(tags: Tags) -> Text:
    """Topics, places, people and organisations, as far as they are known."""
    topics = [plain(subject.name, 60) for subject in tags.subjects]
    places = _leading(tags.entities, ("place",), MAX_PLACES)
    names = _leading(tags.entities, ("person", "organisation"), MAX_NAMES)
    parts = [
        Text(", ".join(topics), "cyan") if topics else Text("topic undecided", "dim"),
        Text(", ".join(places), "blue"),
        Text(", ".join(names), "magenta"),
    ]
    return Text(" · ").join([part for part in parts if part])


def clock(moment: datetime) -> str:
    """A time of today as `12:04:31`, of another day with its date; in the user's own zone."""
    local = moment.astimezone()
    today = datetime.now(local.tzinfo).date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%m-%d %H:%M:%S")


def _leading(entities: tuple[Entity, ...], kinds: tuple[str, ...], most: int) -> list[str]:
    """The names that weigh most: by relevance, then by how often they are named, then as they come."""
    chosen = [entity for entity in entities if entity.kind in kinds]
    chosen.sort(key=lambda entity: (-(entity.relevance or 0), -len(entity.mentions)))
    names = list(dict.fromkeys(plain(entity.name, 40) for entity in chosen))
    return [*names[:most], f"+{len(names) - most}"] if len(names) > most else names
