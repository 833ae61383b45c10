"""Reads a stage's stream with a FastStream batch subscriber, and keeps that subscriber alive."""

import asyncio
import copy
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from faststream import AckPolicy
from faststream.redis import RedisBroker, RedisStreamMessage, StreamSub
from faststream.redis.message import FAKE_CONSUMER, RedisBatchStreamMessage

from shared.streaming.delivery import Entry
from shared.streaming.stage import M, Stage

logger = logging.getLogger(__name__)

POLL_MS = 1_000
"""BLOCK of a read. Must stay under the client's socket timeout; an entry that arrives ends it at once."""

Consume = Callable[[list[Entry]], Awaitable[None]]


class _Options(StreamSub[Any]):
    """FastStream deep-copies its options several times for each read; a flat copy does as well."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Options":
        return copy.copy(self)


class Reader:
    """The subscriber of one stage: reads as much as fits, one batch at a time."""

    def __init__(
        self, broker: RedisBroker, stage: Stage[M], stream: str, consumer: str, consume: Consume
    ) -> None:
        self._stage = stage
        self._options = _Options(
            stream,
            group=stage.group,
            consumer=consumer,
            batch=True,
            max_records=stage.batch,
            polling_interval=POLL_MS,
        )
        self._subscriber = broker.subscriber(
            stream=self._options,
            ack_policy=AckPolicy.MANUAL,
            parser=self._parse,
            decoder=self._decode,
            title=f"{stage.source}:{stage.name}",
            description=f"{stage.name} reads {stage.message.__name__} from {stage.source}.",
        )
        self._consume = consume
        self._resizing: asyncio.Task[None] | None = None
        self._subscriber(self._described(stage))

    @property
    def alive(self) -> bool:
        """Whether the subscriber reads. FastStream stops for good on a lost group, on READONLY, on NOPERM."""
        if self._resizing and not self._resizing.done():
            return True
        running = bool(self._subscriber.running)
        return running and any(not task.done() for task in self._subscriber.tasks)

    def why_dead(self) -> str:
        """What ended the subscriber's task, as far as it said."""
        for task in self._subscriber.tasks:
            if task.done() and not task.cancelled() and task.exception():
                return str(task.exception())
        return "its consumer group or stream was removed"

    async def restart(self) -> None:
        """Start a subscriber that has died. Raises what the start raises."""
        await self._subscriber.stop()
        await self._subscriber.start()

    async def stop(self) -> None:
        """Read no more; waits for the batch in hand."""
        if self._resizing:
            await asyncio.wait([self._resizing])
        await self._subscriber.stop()

    def _described(self, stage: Stage[M]) -> Callable[[list[Any]], Awaitable[None]]:
        """The handler as AsyncAPI shows it: a batch of the stage's messages."""

        async def handle(entries: list[Any]) -> None:
            await self._on_batch(entries)

        handle.__annotations__["entries"] = list[stage.message]  # type: ignore[name-defined]
        return handle

    async def _parse(self, message: Any, original: Any) -> RedisBatchStreamMessage:
        """Keep the entries as they are. FastStream neither acknowledges nor reports what its own parser
        refuses, so this one never raises: each entry is validated inside the stage."""
        ids = message["message_ids"]
        return RedisBatchStreamMessage(
            raw_message=message,
            body=[Entry(each.decode(), fields) for each, fields in zip(ids, message["data"], strict=True)],
            content_type=None,
            headers={},
            message_id=ids[0].decode(),
            correlation_id=ids[0].decode(),
            group=self._options.group,
            consumer=FAKE_CONSUMER,
        )

    async def _decode(self, message: RedisStreamMessage, original: Any) -> Any:
        return message.body

    async def _on_batch(self, entries: list[Any]) -> None:
        await self._consume(entries)
        count = fitting(self._stage.batch, self._stage.read_bytes, entries)
        if self._subscriber.running and not count / 2 <= (self._options.max_records or 1) <= count:
            await self._resize(count)

    async def _resize(self, count: int) -> None:
        """Read with another COUNT from now on.

        The subscriber fixes its COUNT when it starts. It is restarted from a task that gets its turn before
        this handler returns, so no read is under way and no reply can be lost.
        """
        logger.info("%s reads %d entries at a time", self._stage.name, count)
        self._options.max_records = count
        self._resizing = asyncio.create_task(self.restart())
        await asyncio.sleep(0)


def fitting(batch: int, read_bytes: int, entries: list[Entry]) -> int:
    """How many entries of this size fit into one read: at least 1, at most `batch`. Looks at ten of them."""
    looked_at = entries[:: max(len(entries) // 10, 1)]
    usual = max(sum(entry.size for entry in looked_at) // len(looked_at), 1)
    return max(1, min(batch, read_bytes // usual))
