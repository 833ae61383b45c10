"""`wiredesk status`: is the wire well, and where are the stories?"""

import asyncio
import json

from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.console import RenderableType
from rich.live import Live
from rich.text import Text

from services.cli.connection import (
    START,
    CliSettings,
    check_redis,
    open_redis,
    redis_problem,
    without_password,
)
from services.cli.problem import ExitCode, Problem
from services.cli.screen import err, out, write_line
from services.cli.status_view import as_json, status_view
from services.cli.wire_reader import mongo_problem, read_wire
from services.cli.wire_state import WireState

WATCH_SECONDS = 1.0


async def status(found: CliSettings, json_output: bool, watch: bool) -> ExitCode:
    """Print the state once, or again and again until interrupted. Raises `Problem`."""
    redis = open_redis(found)
    try:
        if watch:
            return await _watch(redis, found, json_output)
        return await _once(redis, found, json_output)
    finally:
        await redis.aclose()


async def _once(redis: Redis, found: CliSettings, json_output: bool) -> ExitCode:
    try:
        state = await _read(redis, found)
    except Problem as problem:
        if json_output:
            _write_unreachable(problem, await mongo_problem(found))
        else:
            await _tell_mongo(found)
        raise
    if json_output:
        write_line(json.dumps(as_json(state), ensure_ascii=True))
    else:
        out().print(_view(state, found))
        if state.problems and (state.mongo or not state.workers):
            err().print(Text(f"→ {START}"))
    return ExitCode.FAILED if state.problems else ExitCode.OK


async def _watch(redis: Redis, found: CliSettings, json_output: bool) -> ExitCode:
    if json_output:
        while True:
            try:
                write_line(json.dumps(as_json(await _read(redis, found)), ensure_ascii=True))
            except Problem as problem:
                _write_unreachable(problem, None)
            await asyncio.sleep(WATCH_SECONDS)
    with Live(console=out(), screen=out().is_terminal, auto_refresh=False) as live:
        while True:
            try:
                live.update(_view(await _read(redis, found), found), refresh=True)
            except Problem as problem:
                live.update(Text(f"{problem.sentence}\n→ {problem.fix}", "bold red"), refresh=True)
            await asyncio.sleep(WATCH_SECONDS)


async def _read(redis: Redis, found: CliSettings) -> WireState:
    await check_redis(redis, found)
    try:
        return await read_wire(redis, found)
    except RedisError as error:
        raise redis_problem(error, found) from None


def _view(state: WireState, found: CliSettings) -> RenderableType:
    return status_view(state, without_password(found.redis_url), without_password(found.mongo_url))


async def _tell_mongo(found: CliSettings) -> None:
    problem = await mongo_problem(found)
    where = without_password(found.mongo_url)
    err().print(Text(f"MongoDB at {where} {'cannot be reached either' if problem else 'answers'}", "dim"))


def _write_unreachable(problem: Problem, mongo: str | None) -> None:
    problems = [problem.sentence, *([f"MongoDB cannot be reached: {mongo}"] if mongo else [])]
    answer = {"healthy": False, "problems": problems, "redis": problem.sentence, "mongo": mongo or "ok"}
    write_line(json.dumps(answer, ensure_ascii=True))
