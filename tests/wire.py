"""What a producer and a subscriber of the whole stack do, with nothing but a Redis client."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import redis

from shared.schemas import DeadLetter, PublishedEvent

Client = Any


class Wire:
    """One end of the wire. Remembers where the streams stood, so that a shared stack can be used."""

    def __init__(self, url: str) -> None:
        self.client: Client = redis.Redis.from_url(
            url, socket_timeout=30, retry=redis.retry.Retry(redis.backoff.ExponentialBackoff(cap=1), 20)
        )
        self._published = self._end("stories.published")
        self._dead = self._end("stories.dead")

    def push(self, **fields: object) -> str:
        """XADD one story as flat fields; answers the entry id."""
        return str(self.client.xadd("stories.ingest", _bytes(fields)).decode())

    def push_data(self, data: bytes | str) -> str:
        """XADD one story as JSON in the field `data`."""
        return str(self.client.xadd("stories.ingest", {"data": data}).decode())

    def push_many(self, stories: Iterable[Mapping[str, object]]) -> list[str]:
        """XADD many, pipelined in slices, each slice until it is answered."""
        ids: list[str] = []
        pipeline = self.client.pipeline(transaction=False)
        for story in stories:
            pipeline.xadd("stories.ingest", _bytes(story))
            if len(pipeline) == 100:
                ids += [entry_id.decode() for entry_id in pipeline.execute()]
        return ids + [entry_id.decode() for entry_id in pipeline.execute()]

    def events(self) -> list[PublishedEvent]:
        """All events published since this object was made."""
        return [
            PublishedEvent.model_validate_json(fields[b"data"])
            for _, fields in self._since("stories.published", self._published)
        ]

    def plain(self) -> list[dict[str, str]]:
        """The plain fields of all events since."""
        return [
            {name.decode(): value.decode() for name, value in fields.items() if name != b"data"}
            for _, fields in self._since("stories.published", self._published)
        ]

    def letters(self) -> list[DeadLetter]:
        """All dead letters since."""
        return [
            DeadLetter.model_validate_json(fields[b"data"])
            for _, fields in self._since("stories.dead", self._dead)
        ]

    def counters(self) -> Counter[str]:
        """The commit script's counters."""
        found = self.client.hgetall("stories.counters")
        return Counter({name.decode(): int(value) for name, value in found.items()})

    def unfinished(self) -> dict[str, int]:
        """Lag and pending of the services' own groups that are not 0."""
        groups = {
            "stories.ingest": "ingest",
            "stories.accepted": "enrichment",
            "stories.enriched": "publisher",
            "stories.published": "archive",
            "stories.dead": "archive-dead",
        }
        left: dict[str, int] = {}
        for stream, group in groups.items():
            for found in self.client.xinfo_groups(stream):
                if found["name"].decode() == group:
                    left[f"{stream} lag"] = found["lag"] if found["lag"] is not None else -1
                    left[f"{stream} pending"] = found["pending"]
        return {name: count for name, count in left.items() if count}

    def wait(self, condition: Callable[[], object], seconds: float = 30.0) -> None:
        """Wait until the condition holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"not within {seconds} s; unfinished: {self.unfinished()}"
            time.sleep(0.02)

    def wait_events(self, count: int, seconds: float = 30.0) -> list[PublishedEvent]:
        """Wait for so many events since; answers them."""
        self.wait(lambda: len(self.events()) >= count, seconds)
        return self.events()

    def wait_quiet(self, seconds: float = 60.0) -> None:
        """Wait until no group has anything left to do."""
        self.wait(lambda: not self.unfinished(), seconds)

    def close(self) -> None:
        self.client.close()

    def _end(self, stream: str) -> bytes:
        last = self.client.xrevrange(stream, count=1)
        return bytes(last[0][0]) if last else b"0-0"

    def _since(self, stream: str, start: bytes) -> list[tuple[bytes, dict[bytes, bytes]]]:
        return list(self.client.xrange(stream, b"(" + start, "+"))


def _bytes(fields: Mapping[str, object]) -> dict[str, bytes | str]:
    return {name: value if isinstance(value, bytes) else str(value) for name, value in fields.items()}
