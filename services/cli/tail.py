"""`wiredesk tail`: what is published, as it is published."""

import asyncio
import signal
from dataclasses import dataclass

from redis.exceptions import RedisError

from services.cli.connection import CliSettings, check_redis, open_redis, redis_problem
from services.cli.event_filter import EventFilter
from services.cli.event_line import event_lines
from services.cli.follow import Follower, locate, until_stopped
from services.cli.plain_text import json_line
from services.cli.problem import ExitCode, Problem
from services.cli.screen import notice, out, reader_is_gone, write_line
from services.cli.wire_event import NotAnEvent, WireEvent
from shared.streaming.names import PUBLISHED

READER_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class TailOptions:
    """What the user asked for. `count` 0 means: until stopped. `last` replays that many first."""

    wanted: EventFilter
    start: str = "$"
    last: int = 0
    count: int = 0
    as_json: bool = False


async def tail(found: CliSettings, options: TailOptions) -> ExitCode:
    """Print events until `count` is reached or the user stops it. Raises `Problem`."""
    redis = open_redis(found)
    try:
        await check_redis(redis, found)
        key = found.names.stream(PUBLISHED)
        place = await locate(redis, key, options.start, options.last)
        follower = Follower(redis, key, place, notice)
        return await _until_signal(follower, options)
    except ValueError as error:
        raise Problem(f"--from: {error}", "give a cursor, `0` or `$`", ExitCode.USAGE) from None
    except RedisError as error:
        raise redis_problem(error, found) from None
    finally:
        await redis.aclose()


async def _until_signal(follower: Follower, options: TailOptions) -> ExitCode:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    printer = _Printer(options)
    if not options.as_json and options.start == "$" and not options.last:
        notice("waiting for events, Ctrl-C ends")
    watching = asyncio.create_task(_watch_reader(stop))
    try:
        await until_stopped(stop, asyncio.create_task(printer.run(follower)))
    finally:
        watching.cancel()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    if stop.is_set() and printer.cursor and not reader_is_gone():
        notice(f"stopped; go on later with --from {printer.cursor}")
    return ExitCode.OK


async def _watch_reader(stop: asyncio.Event) -> None:
    """Stop when whoever read our output has gone (`| head`): a quiet wire would never let us notice."""
    while not stop.is_set():
        await asyncio.sleep(READER_SECONDS)
        if reader_is_gone():
            stop.set()


class _Printer:
    """Prints what the filter wants, and remembers how far it came."""

    def __init__(self, options: TailOptions) -> None:
        self._options = options
        self._printed = 0
        self.cursor = ""

    async def run(self, follower: Follower) -> None:
        async for event in follower.events():
            try:
                self._print(event)
            except NotAnEvent as error:
                notice(f"passed over: {error}")
            self.cursor = event.entry_id
            if self._options.count and self._printed >= self._options.count:
                return

    def _print(self, event: WireEvent) -> None:
        if not self._options.wanted.wants(event):
            return
        if self._options.as_json:
            write_line(json_line(_document(event)))
        else:
            _show(event)
        self._printed += 1


def _show(event: WireEvent) -> None:
    """On a terminal what the event is about is cut at its width; a pipe gets all of it."""
    headline, *rest = event_lines(event).split("\n")
    out().print(headline, soft_wrap=True)
    for line in rest:
        if out().is_terminal:
            out().print(line, no_wrap=True, overflow="ellipsis")
        else:
            out().print(line, soft_wrap=True)


def _document(event: WireEvent) -> str:
    """The event's JSON, byte for byte as it was published where that is one line of UTF-8."""
    data = event.fields.get(b"data", b"")
    if not data.startswith(b"{"):
        raise NotAnEvent(f"entry {event.entry_id} has no JSON in its field `data`")
    return data.decode("utf-8", "replace")
