"""The options of the commands, with what `--help` says about them."""

from pathlib import Path
from typing import Annotated, Any

import typer

CONNECTION = "Connection"
FIELDS = "Fields set on every story"


def _text(name: str, metavar: str, text: str, panel: str | None = None, short: str | None = None) -> Any:
    names = [name, short] if short else [name]
    return typer.Option(*names, metavar=metavar, help=text, rich_help_panel=panel, show_default=False)


RedisUrl = Annotated[
    str | None,
    _text("--redis-url", "URL", "Default: REDIS_URL, else what `make up` has started.", CONNECTION),
]
MongoUrl = Annotated[
    str | None,
    _text("--mongo-url", "URL", "Default: MONGO_URL, else what `make up` has started.", CONNECTION),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for programs, nothing else on stdout.")]
AsEvents = Annotated[
    bool, typer.Option("--json", help="One CloudEvent as JSON per line, nothing else on stdout.")
]

# push
Targets = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILE|DIR|-]…", help="Files, folders, or `-` for standard input.", show_default=False
    ),
]
Jsonl = Annotated[
    bool, typer.Option("--jsonl", help="One story as JSON per line; standard input without a FILE.")
]
Wait = Annotated[
    bool, typer.Option("--wait", "-w", help="Wait until the end of every story is known, and show it.")
]
Timeout = Annotated[
    float,
    typer.Option("--timeout", min=0, metavar="SECONDS", help="With --wait: how long after the last push."),
]
Patience = Annotated[
    float,
    typer.Option(
        "--patience",
        min=0,
        metavar="SECONDS",
        help="Give up when nothing moves for so long: the wire is full, or Redis is away.",
    ),
]
Provider = Annotated[str | None, _text("--provider", "NAME", "Who sends it.", FIELDS)]
Guid = Annotated[str | None, _text("--guid", "ID", "The sender's own id; for one story only.", FIELDS)]
Url = Annotated[str | None, _text("--url", "URL", "Where it stands on the web; for one story only.", FIELDS)]
Headline = Annotated[str | None, _text("--headline", "TEXT", "Its headline.", FIELDS)]
Byline = Annotated[str | None, _text("--byline", "TEXT", "Who wrote it.", FIELDS)]
Language = Annotated[str | None, _text("--language", "TAG", "A language tag: `en`, `pt-BR`.", FIELDS)]
ContentType = Annotated[
    str | None,
    _text("--content-type", "TYPE", "`text/plain`, `text/html` or `application/ninjs+json`.", FIELDS),
]
Published = Annotated[str | None, _text("--published", "TIME", "When it was published, ISO 8601.", FIELDS)]
PubStatus = Annotated[
    str | None, _text("--pub-status", "STATUS", "`usable`, `withheld` or `canceled`.", FIELDS)
]
EmbargoedUntil = Annotated[
    str | None, _text("--embargoed-until", "TIME", "Not published before, ISO 8601.", FIELDS)
]
More = Annotated[list[str] | None, _text("--set", "NAME=VALUE", "Any other field; may be repeated.", FIELDS)]

# tail
Topics = Annotated[
    list[str] | None,
    _text("--topic", "TOPIC", "A Media Topic: its code, or the beginning of a word of its name.", None, "-t"),
]
Entities = Annotated[
    list[str] | None,
    _text("--entity", "NAME", "A person, organisation or place: whole words of its name.", None, "-e"),
]
Languages = Annotated[list[str] | None, _text("--language", "TAG", "`en` takes `en-GB` too.", None, "-l")]
Providers = Annotated[list[str] | None, _text("--provider", "NAME", "Who sent it.", None, "-p")]
From = Annotated[
    str,
    typer.Option(
        "--from", metavar="CURSOR", help="Go on after this entry id; `0`: from the oldest; `$`: from now."
    ),
]
FromStart = Annotated[bool, typer.Option("--from-start", help="The same as `--from 0`.")]
Last = Annotated[int, typer.Option("--last", min=0, metavar="N", help="Begin with the N newest events.")]
Count = Annotated[
    int, typer.Option("--count", "-n", min=0, metavar="N", help="End after N events; 0: when stopped.")
]

# status, story, schema
Watch = Annotated[bool, typer.Option("--watch", "-w", help="Look again every second, until Ctrl-C.")]
StoryName = Annotated[
    str, typer.Argument(metavar="URI", help="Its uri, its uuid, or an unambiguous beginning of either.")
]
Full = Annotated[bool, typer.Option("--full", help="The whole text.")]
SchemaName = Annotated[
    str | None,
    typer.Argument(
        metavar="[NAME]",
        help="`RawStory`, `raw` or `wiredesk.story.raw.v1`; all of them without.",
        show_default=False,
    ),
]
Folder = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write a file per message there.", show_default=False),
]
