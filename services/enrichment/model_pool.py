"""The models, in a process that can be killed and replaced (Pebble). The event loop never waits for them.

A batch that hangs or crashes the process is handed over again, each story alone: only the culprit pays.
"""

import asyncio
import logging
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from services.enrichment import model_process
from services.enrichment.errors import ModelDied, ModelError, ModelRefused, ModelTimedOut
from services.enrichment.model_process import Limits
from shared.schemas import Story, Tags
from shared.streaming import Unavailable

log = logging.getLogger(__name__)

T = TypeVar("T")

START_SECONDS = 60.0
"""How long the process may take to load the models: 2 s as a rule, more on a machine that is busy."""
CHARS_PER_SECOND = 5_000
"""An eighth of what one slow core reads: the limit grows with the text, and never hits a good story."""
MOST_CHARS = 100_000
"""Code points that go to the models at once."""


class ModelPool:
    """One model process, kept alive. A resource of the service; also the handler's tagger.

    `time_limit` is in seconds, for one hand-over, beside the time for the length of its text.
    """

    name = "models"

    def __init__(self, limits: Limits, *, time_limit: float, batch: int) -> None:
        self._limits = limits
        self._time_limit = time_limit
        self._batch = batch
        self._turn = asyncio.Lock()
        self._pool = self._new_pool()
        self._closed = False

    async def start(self) -> None:
        """Load the models. Raises `Unavailable` when that fails; the process' own log says why."""
        async with self._turn:
            process = await self._run(model_process.ready, (), START_SECONDS)
        log.info("the models are loaded in process %d", process)

    async def check(self) -> None:
        """Raises `Unavailable` when the pool is closed. A dead process is replaced when it is needed."""
        if self._closed:
            raise Unavailable(self.name, "the model process was stopped")

    async def close(self) -> None:
        """Stop the process; what it was doing is lost."""
        self._closed = True
        await asyncio.to_thread(_stop, self._pool)

    async def tag(self, stories: Sequence[Story]) -> list[Tags | ModelError]:
        """The tags of each story, or what went wrong with it. Raises `Unavailable` when no model loads."""
        answers: list[Tags | ModelError] = []
        for part in parts(stories, self._batch, min(MOST_CHARS, self._limits.max_chars * self._batch)):
            answers += await self._tag_part(part)
        return answers

    async def _tag_part(self, part: Sequence[Story]) -> Sequence[Tags | ModelError]:
        try:
            return await self._hand_over(part)
        except ModelError as error:
            if len(part) == 1:
                log.warning("no tags for %s: %s", part[0].uri, error)
                return [error]
            log.warning("%d stories go to the models one by one: %s", len(part), error)
        return [answer for story in part for answer in await self._tag_part([story])]

    async def _hand_over(self, part: Sequence[Story]) -> list[Tags]:
        chars = sum(min(len(story.body_text), self._limits.max_chars) for story in part)
        limit = self._time_limit + chars / CHARS_PER_SECOND
        documents = [story.model_dump_json() for story in part]
        async with self._turn:
            answer = await self._run(model_process.tag, (documents,), limit)
        if answer.error is not None:
            raise ModelRefused(answer.error)
        return [Tags.model_validate_json(tags) for tags in answer.tags]

    async def _run(self, function: Callable[..., T], args: tuple[object, ...], limit: float) -> T:
        """Call a function in the process. A pool that broke down between two calls is made anew, once."""
        for last in (False, True):
            if not self._pool.active:
                await self._renew()
            try:
                return await self._call(function, args, limit)
            except RuntimeError as error:  # Pebble's word for a broken pool
                log.warning("the model process is started again: %s", error)
                await self._renew()
                if last:
                    raise Unavailable(self.name, "its process does not start; its log says why") from error
        raise AssertionError("unreachable")

    async def _call(self, function: Callable[..., T], args: tuple[object, ...], limit: float) -> T:
        future = self._pool.schedule(function, args=args, timeout=limit)
        answer = asyncio.wrap_future(future)
        try:
            if not (await asyncio.wait([answer], timeout=limit + START_SECONDS))[0]:
                raise RuntimeError("it neither answers nor ends")
            return await answer
        except TimeoutError as error:
            raise ModelTimedOut(f"the models did not answer within {limit:.0f} s and were killed") from error
        except ProcessExpired as error:
            raise ModelDied(f"the model process ended with code {error.exitcode}") from error
        finally:
            answer.cancel()  # an answer that nobody waits for any more: the process is killed

    async def _renew(self) -> None:
        old, self._pool = self._pool, self._new_pool()
        await asyncio.to_thread(_stop, old)

    def _new_pool(self) -> ProcessPool:
        """Spawned, not forked: a fork of a process with threads and an event loop may hang."""
        context = multiprocessing.get_context("spawn")
        return ProcessPool(
            max_workers=1, initializer=model_process.prepare, initargs=(self._limits,), context=context
        )


def limits_here(memory_mb: int, max_chars: int, *, faults: bool = False) -> Limits:
    """Limits for a child of this process."""
    return Limits(parent=os.getpid(), memory_mb=memory_mb, max_chars=max_chars, faults=faults)


def parts(stories: Sequence[Story], most: int, most_chars: int) -> Iterator[list[Story]]:
    """The stories in their order, in parts of at most so many stories and code points, none empty.

    A story that is longer than that is a part by itself.
    """
    part: list[Story] = []
    chars = 0
    for story in stories:
        if part and (len(part) == most or chars + len(story.body_text) > most_chars):
            yield part
            part, chars = [], 0
        part.append(story)
        chars += len(story.body_text)
    if part:
        yield part


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()
