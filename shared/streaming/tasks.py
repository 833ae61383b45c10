"""Ends background tasks for certain."""

import asyncio
from collections.abc import Iterable

PATIENCE_SECONDS = 0.5


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel these tasks and wait for their end; their errors are of no interest any more.

    A cancellation can get lost inside a client library (redis-py answers some with a retry), so it is
    repeated until each task has ended.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=PATIENCE_SECONDS)
