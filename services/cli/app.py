"""The `wiredesk` command: what can be typed. Each command's work is in the module of its name.

These modules are imported when their command runs, so that `wiredesk --help` answers at once.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import typer

from services.cli import options
from services.cli.problem import ExitCode, Problem
from services.cli.screen import report

app = typer.Typer(
    name="wiredesk",
    epilog="Start the wire with `make up`. Each command explains itself: `wiredesk push --help`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Work = Callable[[], Coroutine[Any, Any, ExitCode]]


@app.callback()
def _root() -> None:
    """Push stories onto the wire, follow what is published, see how the wire is doing."""


@app.command("push")
def _push(
    targets: options.Targets = None,
    jsonl: options.Jsonl = False,
    wait: options.Wait = False,
    timeout: options.Timeout = 120.0,
    patience: options.Patience = 300.0,
    json_output: options.AsJson = False,
    provider: options.Provider = None,
    guid: options.Guid = None,
    url: options.Url = None,
    headline: options.Headline = None,
    byline: options.Byline = None,
    language: options.Language = None,
    content_type: options.ContentType = None,
    published: options.Published = None,
    pub_status: options.PubStatus = None,
    embargoed_until: options.EmbargoedUntil = None,
    more: options.More = None,
    redis_url: options.RedisUrl = None,
    mongo_url: options.MongoUrl = None,
) -> None:
    """Push stories: text, HTML, JSON (a RawStory or a ninjs item), or JSON lines.

    Exit code 1 when a story was refused or dead-lettered, 2 when the command was not understood.

    Examples:

    - `wiredesk push story.txt --provider 'Example Press' --wait`
    - `wiredesk push services/cli/samples --wait`
    - `curl -s https://example.org/story | wiredesk push - --url https://example.org/story`
    - `zcat archive.jsonl.gz | wiredesk push --jsonl`
    """
    from services.cli.connection import settings
    from services.cli.payload import parse_fields
    from services.cli.push import PushOptions, push

    named = {
        "provider": provider,
        "guid": guid,
        "url": url,
        "headline": headline,
        "byline": byline,
        "language": language,
        "content_type": content_type,
        "published": published,
        "pub_status": pub_status,
        "embargoed_until": embargoed_until,
    }
    try:
        fields = parse_fields(more or []) | {
            name: value for name, value in named.items() if value is not None
        }
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--set") from None
    asked = PushOptions(tuple(targets or ()), jsonl, fields, wait, timeout, patience, json_output)
    _finish(lambda: push(settings(redis_url, mongo_url), asked))


@app.command("tail")
def _tail(
    topic: options.Topics = None,
    entity: options.Entities = None,
    language: options.Languages = None,
    provider: options.Providers = None,
    start: options.From = "$",
    from_start: options.FromStart = False,
    last: options.Last = 0,
    count: options.Count = 0,
    json_output: options.AsEvents = False,
    redis_url: options.RedisUrl = None,
) -> None:
    """Follow the events that are published, live.

    Filters may be repeated: values of one are alternatives, different ones must all fit. Ctrl-C ends it
    and tells the cursor to go on from.

    Examples:

    - `wiredesk tail --topic war --topic politics --language en`
    - `wiredesk tail --entity Damascus --json | jq -r .data.story.headline`
    - `wiredesk tail --last 10 -n 10`
    """
    from services.cli.connection import settings
    from services.cli.event_filter import EventFilter
    from services.cli.tail import TailOptions, tail

    wanted = EventFilter.of(topic or (), entity or (), language or (), provider or ())
    asked = TailOptions(wanted, "0" if from_start else start, last, count, json_output)
    _finish(lambda: tail(settings(redis_url), asked))


@app.command("status")
def _status(
    json_output: options.AsJson = False,
    watch: options.Watch = False,
    redis_url: options.RedisUrl = None,
    mongo_url: options.MongoUrl = None,
) -> None:
    """Show how the wire is: its streams, its workers, and whether every story is accounted for.

    *lag*: what a group has not been given yet. *pending*: what it was given and has not finished.
    *oldest*: how long ago its oldest pending entry was added. Exit code 1 when something is unhealthy.
    """
    from services.cli.connection import settings
    from services.cli.status import status

    _finish(lambda: status(settings(redis_url, mongo_url), json_output, watch))


@app.command("story")
def _story(
    uri: options.StoryName,
    json_output: options.AsJson = False,
    full: options.Full = False,
    mongo_url: options.MongoUrl = None,
) -> None:
    """Show one story: what it says, its versions, and its way through every stage.

    Examples:

    - `wiredesk story 3f2a9c1e`
    - `wiredesk story urn:uuid:3f2a9c1e-… --json | jq .timeline`
    """
    from services.cli.connection import settings
    from services.cli.story import story

    _finish(lambda: story(settings(None, mongo_url), uri, json_output, full))


@app.command("schema")
def _schema(name: options.SchemaName = None, folder: options.Folder = None) -> None:
    """Print the JSON Schemas of the messages: what can be pushed, and what is published.

    Examples:

    - `wiredesk schema RawStory`
    - `wiredesk schema --out schemas/`
    """
    from services.cli.schema import schema
    from shared.schemas.export import json_schemas

    async def work() -> ExitCode:
        return schema(json_schemas(), name, folder)

    _finish(work)


def _finish(work: Work) -> None:
    """Run a command and end with its code. The only place that turns errors into messages and codes."""
    raise typer.Exit(int(_run(work)))


def _run(work: Work) -> ExitCode:
    try:
        return asyncio.run(work())
    except Problem as problem:
        report(problem)
        return problem.code
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK


def main() -> None:
    """Entry point. SIGTERM ends a command as Ctrl-C does: it tells how far it came."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    app(prog_name="wiredesk")
