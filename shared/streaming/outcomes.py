"""What a handler answers for an entry: exactly one outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel


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


@dataclass(frozen=True, slots=True)
class Output:
    """A message for a stream. `fields` are small plain fields that consumers filter on."""

    stream: str
    message: BaseModel
    fields: Mapping[str, str] = field(default_factory=dict)
    guard: Guard | None = None


@dataclass(frozen=True, slots=True)
class Emit:
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
        return cls((Output(stream, message, fields or {}, guard),), reason)


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing to pass on. `reason` is the outcome that is counted: `duplicate`, `withheld`, …"""

    reason: str


Outcome = Emit | Done
"""A handler answers, for each delivery, an outcome, or the exception that it met on this one."""
