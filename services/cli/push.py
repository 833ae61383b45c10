"""`wiredesk push`: stories from files, folders and pipes onto `stories.ingest`."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.cli.connection import CliSettings, check_redis, open_redis, redis_problem
from services.cli.fate import Fate
from services.cli.outcomes import Outcomes
from services.cli.payload import Payload, Refused
from services.cli.prefetch import Item, Prefetch
from services.cli.problem import ExitCode, Problem
from services.cli.push_progress import PushProgress
from services.cli.push_report import as_json, exit_code, fates_table, rows_to_show, summary
from services.cli.screen import err, notice, out, report, write_line
from services.cli.sender import Sender
from services.cli.sources import Source, find, read
from services.cli.waiter import Waiter
from shared.store import Store, StoreError
from shared.streaming.names import INGEST

IDENTITY = ("guid", "url")
"""Fields that name one story: set on several, they would make them versions of each other."""


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What the user asked for. `timeout` is how long outcomes are waited for after the last story was
    pushed, `patience` how long nothing may move while pushing; both in seconds."""

    targets: Sequence[str] = ()
    jsonl: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    wait: bool = False
    timeout: float = 120.0
    patience: float = 300.0
    as_json: bool = False


@dataclass
class Tally:
    """What has been done so far: also told when the command is interrupted."""

    outcomes: Outcomes
    keep: bool
    pushed: int = 0
    refused: int = 0
    first: str = ""
    last: str = ""

    def took(self, payload: Payload, entry_id: str) -> None:
        """A story went out. Only who waits for outcomes keeps each: memory must not grow otherwise."""
        self.pushed += 1
        self.first, self.last = self.first or entry_id, entry_id
        if self.keep:
            self.outcomes.pushed(payload.label, entry_id)

    def refuse(self, item: Refused) -> None:
        """A story did not go out."""
        self.refused += 1
        if self.keep:
            self.outcomes.refused(item.label, item.reason)
        else:
            report(Problem(f"{item.label} was not sent: {item.reason}"))


async def push(found: CliSettings, options: PushOptions) -> ExitCode:
    """Push, wait for outcomes if asked to, report. Raises `Problem`."""
    sources = find(options.targets, options.jsonl)
    _check_identity(sources, options.fields)
    redis = open_redis(found)
    try:
        await check_redis(redis, found)
        return await _with_store(redis, found, sources, options)
    except RedisError as error:
        raise redis_problem(error, found) from None
    finally:
        await redis.aclose()


async def _with_store(
    redis: Redis, found: CliSettings, sources: list[Source], options: PushOptions
) -> ExitCode:
    if not options.wait:
        return await _run(redis, found, sources, options, None)
    try:
        store = Store.connect(found.mongo_url.get_secret_value(), found.mongo_database)
    except StoreError as error:
        raise Problem(str(error), "mend MONGO_URL", ExitCode.USAGE) from None
    try:
        return await _run(redis, found, sources, options, Waiter(redis, store, found.names, notice))
    finally:
        await store.close()


async def _run(
    redis: Redis, found: CliSettings, sources: list[Source], options: PushOptions, waiter: Waiter | None
) -> ExitCode:
    tally = Tally(Outcomes(), keep=options.wait or options.as_json)
    started = time.monotonic()
    with PushProgress(_total(sources)) as progress:
        if waiter:
            await waiter.begin()
        key = found.names.stream(INGEST)
        sender = Sender(redis, key, INGEST_GROUP, found.stream_bound, options.patience, progress.waiting)
        try:
            await _push_all(sender, found, sources, options, tally, progress)
        except BaseException:
            if tally.pushed:
                notice(f"stopped: {tally.pushed:,} stories were pushed, the last as {tally.last}")
            raise
        seconds = time.monotonic() - started
        if waiter:
            await waiter.wait(tally.outcomes, options.timeout, progress.outcomes)
    return _conclude(tally, options, seconds)


INGEST_GROUP = "ingest"


async def _push_all(
    sender: Sender,
    found: CliSettings,
    sources: list[Source],
    options: PushOptions,
    tally: Tally,
    progress: PushProgress,
) -> None:
    items = read(sources, options.fields, found.max_story_bytes, sys.stdin.buffer)
    async for batch in Prefetch(items, sender.batch).batches():
        await _push_batch(sender, batch, tally)
        progress.advance(sum(isinstance(item, Payload) for item in batch), sum(item.read for item in batch))


async def _push_batch(sender: Sender, batch: list[Item], tally: Tally) -> None:
    payloads = [item for item in batch if isinstance(item, Payload)]
    entry_ids = iter(await sender.send(payloads) if payloads else ())
    for item in batch:
        if isinstance(item, Payload):
            tally.took(item, next(entry_ids))
        else:
            tally.refuse(item)


def _conclude(tally: Tally, options: PushOptions, seconds: float) -> ExitCode:
    fates = tally.outcomes.fates
    if options.as_json:
        for fate in fates:
            write_line(as_json(fate))
    elif options.wait:
        _show(fates)
    else:
        _tell_pushed(tally, seconds)
    if not options.wait and tally.refused:
        return ExitCode.FAILED
    return exit_code(fates, options.wait)


def _show(fates: list[Fate]) -> None:
    rows = rows_to_show(fates)
    if rows:
        out().print(fates_table(rows))
    out().print(summary(fates))


def _tell_pushed(tally: Tally, seconds: float) -> None:
    rate = f" ({tally.pushed / seconds:,.0f}/s)" if seconds > 1 else ""
    stories = "1 story" if tally.pushed == 1 else f"{tally.pushed:,} stories"
    refused = f", {tally.refused:,} not sent" if tally.refused else ""
    entries = f": {tally.first}" + (f" to {tally.last}" if tally.pushed > 1 else "") if tally.pushed else ""
    out().print(f"pushed {stories}{rate}{refused}{entries}", markup=False)
    if tally.pushed and err().is_terminal:
        err().print("see them come out with `wiredesk tail`, or push with --wait", style="dim", markup=False)


def _total(sources: list[Source]) -> int | None:
    sizes = [source.size for source in sources]
    return None if None in sizes else sum(size or 0 for size in sizes)


def _check_identity(sources: list[Source], fields: dict[str, str]) -> None:
    named = [f"--{name}" for name in IDENTITY if name in fields]
    if named and (len(sources) > 1 or not all(source.single for source in sources)):
        raise Problem(
            f"{' and '.join(named)} would make all these stories versions of one",
            "push one file with it, or write it into each story's JSON",
            ExitCode.USAGE,
        )
