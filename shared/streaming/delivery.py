"""A typed message as it reaches a handler."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Generic, NamedTuple, TypeVar

from pydantic import BaseModel

from shared.schemas import Hop
from shared.streaming.wire import TRACE, read_trace

M = TypeVar("M", bound=BaseModel)


class Entry(NamedTuple):
    """A stream entry as Redis gave it: its id and its fields, byte for byte."""

    entry_id: str
    fields: Mapping[bytes, bytes]
    deliveries: int = 1

    @property
    def size(self) -> int:
        """Bytes of all values."""
        return sum(map(len, self.fields.values()))


class Delivery(NamedTuple, Generic[M]):
    """One delivery of one entry. `received` is Unix time in seconds."""

    message: M
    entry: Entry
    stream: str
    incarnation: str
    received: float

    @property
    def entry_id(self) -> str:
        """The entry's id on its stream."""
        return self.entry.entry_id

    @property
    def deliveries(self) -> int:
        """How often the entry was delivered, as Redis counts: 1 for the first time."""
        return self.entry.deliveries

    @property
    def fields(self) -> Mapping[bytes, bytes]:
        """The entry's own fields, as bytes."""
        return self.entry.fields

    @property
    def source_key(self) -> str:
        """Names this entry for ever: what writes to the store are idempotent on."""
        return f"{self.stream}/{self.incarnation}/{self.entry_id}"

    def hop(self, stage: str, outcome: str, took: float) -> Hop:
        """The step that this stage takes with it; `took` in milliseconds."""
        return Hop(
            stage=stage,
            stream=self.stream,
            entry_id=self.entry_id,
            time=datetime.fromtimestamp(self.received, UTC),
            duration_ms=round(took, 1),
            outcome=outcome,
            deliveries=max(self.deliveries, 1),
        )

    @property
    def trace(self) -> tuple[Hop, ...]:
        """The hops of the stages before this one."""
        return read_trace(self.fields.get(TRACE))
