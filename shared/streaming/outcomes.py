"""What a handler answers for an entry: exactly one outcome.

What is made for every entry is a NamedTuple: as frozen as a dataclass and made several times as fast.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from pydantic import BaseModel

NO_FIELDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class VersionGuard:
    """Lets an output into its stream only if `version` is above the last one for `identity`."""

    identity: str
    version: int


@dataclass(frozen=True, slots=True)
class OnceGuard:
    """Lets an output into its stream only once per `identity` (an event id)."""

    identity: str


Guard = VersionGuard | OnceGuard


class Output(NamedTuple):
    """A message for a stream. `fields` are small plain fields that consumers filter on."""

    stream: str
    message: BaseModel
    fields: Mapping[str, str] = NO_FIELDS
    guard: Guard | None = None


class Emit(NamedTuple):
    """Pass these outputs on. `reason` is the outcome that is counted: `accepted`, `published`, …"""

    outputs: tuple[Output, ...]
    reason: str

    @classmethod
    def one(
        cls,
        stream: str,
        message: BaseModel,
        reason: str,
        *,
        fields: Mapping[str, str] | None = None,
        guard: Guard | None = None,
    ) -> "Emit":
        """One output, the usual case."""
        return cls((Output(stream, message, fields or NO_FIELDS, guard),), reason)


class Done(NamedTuple):
    """Nothing to pass on. `reason` is the outcome that is counted: `duplicate`, `withheld`, …"""

    reason: str


Outcome = Emit | Done
"""A handler answers, for each delivery, an outcome, or the exception that it met on this one."""
