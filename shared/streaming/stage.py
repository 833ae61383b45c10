"""A stage: read a batch from a group, handle it, commit it. This module says what a stage is."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.streaming.backoff import Redelivery
from shared.streaming.delivery import Delivery
from shared.streaming.errors import Unavailable
from shared.streaming.outcomes import Outcome
from shared.streaming.wire import decode

M = TypeVar("M", bound=BaseModel)

Handler = Callable[[Sequence[Delivery[M]]], Awaitable[Sequence[Outcome | Exception]]]
"""Takes deliveries, answers an outcome (or the exception met) for each, in the same order. Idempotent:
an entry may be handled more than once, also by two workers at once; only one of them commits."""


@dataclass(frozen=True, slots=True)
class Downstream:
    """The next stream and the group that reads it: their lag + pending bounds this stage's reading."""

    stream: str
    group: str
    bound: int = 10_000


@dataclass(frozen=True, slots=True)
class Retention:
    """How long entries stay that all have read. `group` is the only group whose word counts."""

    group: str = ""
    seconds: float = 0.0
    entries: int = 0


@dataclass(frozen=True)
class Stage(Generic[M]):
    """What a service is made of: a name, a stream, a message and a handler."""

    name: str
    source: str
    message: type[M]
    handle: Handler[M]
    decode: Callable[[Mapping[bytes, bytes]], M] | None = None
    """Reads an entry's fields; raises `Reject` or pydantic's `ValidationError`. Default: JSON in `data`."""
    batch: int = 100
    read_bytes: int = 8 * 1024 * 1024
    """About this much is read at once: the batch shrinks when entries are large."""
    timeout: float = 120.0
    """Seconds a handler may take for one call. More than its calls to a silent store may take together, so
    that the store is found missing (wait) before the handler is found hanging (a delivery burned)."""
    downstream: Downstream | None = None
    retention: Retention = field(default_factory=Retention)
    redelivery: Redelivery = field(default_factory=Redelivery)
    guard_seconds: int = 30 * 86_400
    """Life of a guard: well beyond any lag of the archive, which is asked before it."""
    outside: bool = False
    """Whether anyone may write to the source: then its trace and its released mark are not believed."""
    unavailable: tuple[type[Exception], ...] = (Unavailable,)
    """Exceptions that mean: a dependency is down, wait for it."""

    @property
    def group(self) -> str:
        """The consumer group, named as the stage."""
        return self.name

    def read(self, fields: Mapping[bytes, bytes]) -> M:
        """Decode one entry's fields. Raises `Reject` or `ValidationError`."""
        return self.decode(fields) if self.decode else decode(self.message, fields)
