"""Reads ahead in a thread, so that a slow pipe holds up nothing and is sent on as it comes."""

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass

from services.cli.payload import Payload, Refused

Item = Payload | Refused

MAX_AHEAD = 100
"""Stories read ahead. With stories of the largest size this is what bounds the command's memory."""

MAX_BATCH_BYTES = 1_048_576
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


class Prefetch:
    """Hands out the items in order, as many as are there, up to `size` and about 1 MB at a time."""

    def __init__(self, items: Iterator[Item], size: int) -> None:
        self._items = items
        self._size = max(size, 1)
        self._queue: queue.Queue[Item | _Failed | None] = queue.Queue(MAX_AHEAD)
        self._closed = threading.Event()
        self._ended = False

    async def batches(self) -> AsyncGenerator[list[Item], None]:
        """Never empty ones. Raises what reading raised."""
        threading.Thread(target=self._read, name="read-stories", daemon=True).start()
        try:
            while not self._ended:
                if batch := await asyncio.to_thread(self._take):
                    yield batch
        finally:
            self._closed.set()

    def _read(self) -> None:
        try:
            for item in self._items:
                self._put(item)
                if self._closed.is_set():
                    return
            self._put(None)
        except Exception as error:
            self._put(_Failed(error))

    def _put(self, item: Item | _Failed | None) -> None:
        while not self._closed.is_set():
            try:
                self._queue.put(item, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return

    def _take(self) -> list[Item]:
        batch: list[Item] = []
        size = 0
        while len(batch) < self._size and size < MAX_BATCH_BYTES:
            try:
                item = self._queue.get_nowait() if batch else self._queue.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                break
            if item is None:
                self._ended = True
                break
            if isinstance(item, _Failed):
                raise item.error
            batch.append(item)
            size += len(item.data) if isinstance(item, Payload) else 0
        return batch
