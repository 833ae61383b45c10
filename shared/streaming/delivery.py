"""A typed message as it reaches a handler."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.schemas import Hop
from shared.streaming.wire import TRACE, read_trace

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream entry as Redis gave it: its id and its fields, byte for byte."""

    entry_id: str
    fields: Mapping[bytes, bytes]
    deliveries: int = 1

    @property
    def size(self) -> int:
        """Bytes of all names and values."""
        return sum(len(name) + len(value) for name, value in self.fields.items())


@dataclass(frozen=True, slots=True)
class Delivery(Generic[M]):
    """One delivery of one entry.

    `fields` are the entry's own, as bytes. `deliveries` is Redis' count, 1 for the first. `received` is
    Unix time in seconds.
    """

    message: M
    stream: str
    incarnation: str
    entry_id: str
    deliveries: int
    received: float
    fields: Mapping[bytes, bytes]

    @property
    def source_key(self) -> str:
        """Names this entry for ever: what writes to the store are idempotent on."""
        return f"{self.stream}/{self.incarnation}/{self.entry_id}"

    @property
    def trace(self) -> tuple[Hop, ...]:
        """The hops of the stages before this one."""
        return read_trace(self.fields.get(TRACE))
