"""How an entry is settled: what the commit script is told of it. Pure."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from pydantic import ValidationError

from shared.schemas import DeadLetter, RawField, Reason
from shared.schemas.explain import explain
from shared.streaming.delivery import Entry
from shared.streaming.errors import Reject
from shared.streaming.names import DEAD
from shared.streaming.outcomes import Output

DEAD_LETTERED = "dead_lettered"
MAX_KEPT_BYTES = 16 * 1024 * 1024
"""A dead letter keeps the whole entry up to this size, above what any stage accepts."""


class Settlement(NamedTuple):
    """One entry's end at this stage: the outcome that is counted, and what goes on."""

    entry: Entry
    outcome: str
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dead letter comes from."""

    stage: str
    stream: str


def dead_letter(entry: Entry, place: Place, error: BaseException, reason: Reason, now: float) -> Settlement:
    """Settle an entry as a dead letter. `now` is Unix time in seconds."""
    fields, cut = _kept(entry.fields)
    letter = DeadLetter(
        reason=reason,
        error=type(error).__name__[:200],
        message=describe(error)[:10_000],
        traceback=_traceback(error) if reason == "failed" else None,
        stage=place.stage,
        stream=place.stream,
        entry_id=entry.entry_id,
        deliveries=max(entry.deliveries, 1),
        time=datetime.fromtimestamp(now, UTC),
        uri=error.uri if isinstance(error, Reject) else None,
        fields=fields,
        cut=cut,
    )
    plain = {"stage": place.stage, "reason": reason, "source": entry.entry_id}
    return Settlement(entry, DEAD_LETTERED, (Output(DEAD, letter, plain),))


def describe(error: BaseException) -> str:
    """What went wrong, for the person who will mend it."""
    if isinstance(error, ValidationError):
        return explain(error)
    if isinstance(error, TimeoutError) and not str(error):
        return "handling it took longer than the stage allows"
    return str(error) or type(error).__name__


def reason_of(error: BaseException) -> Reason | None:
    """The reason for a dead letter now, or None when the entry deserves another try."""
    if isinstance(error, ValidationError):
        return "invalid"
    if isinstance(error, Reject):
        return "rejected"
    return None


def _kept(fields: Mapping[bytes, bytes]) -> tuple[tuple[RawField, ...], int]:
    kept: list[RawField] = []
    room, cut = MAX_KEPT_BYTES, 0
    for name, value in fields.items():
        part = value[:room]
        kept.append(RawField.of(name, part))
        room -= len(part)
        cut += len(value) - len(part)
    return tuple(kept), cut


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-20_000:]
