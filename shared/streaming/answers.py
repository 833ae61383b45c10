"""Sorts a handler's answers: what is settled, what waits for a dependency, what is tried again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.streaming.delivery import Delivery, Entry
from shared.streaming.outcomes import Emit, Outcome
from shared.streaming.settlement import Place, Settlement, dead_letter, reason_of
from shared.streaming.stage import M, Stage


@dataclass(slots=True)
class Sorted:
    """The entries of one handling, by what is to be done with them."""

    settled: list[Settlement] = field(default_factory=list)
    waiting: list[tuple[Entry, Exception]] = field(default_factory=list)
    """A dependency is down: no delivery is burned."""
    again: list[tuple[Entry, Exception]] = field(default_factory=list)
    """Left pending: recovery delivers them again, each alone, after a rest."""


def sort_answers(
    stage: Stage[M],
    deliveries: Sequence[Delivery[M]],
    answers: Sequence[Outcome | Exception],
    now: float,
) -> Sorted:
    """Sort the answers for these deliveries.

    Raises `TypeError` when the handler did not answer each delivery with an outcome or an exception: that
    is a defect of the handler, and every entry is tried again.
    """
    if len(answers) != len(deliveries):
        raise TypeError(
            f"{stage.name} answered {len(answers)} of {len(deliveries)} deliveries; one each is due"
        )
    result = Sorted()
    for delivery, answer in zip(deliveries, answers, strict=True):
        entry = delivery.entry
        if isinstance(answer, Exception):
            sort_failure(stage, entry, answer, now, result)
        else:
            outputs = answer.outputs if isinstance(answer, Emit) else ()
            result.settled.append(Settlement(entry, answer.reason, outputs))
    return result


def sort_failure(stage: Stage[M], entry: Entry, error: Exception, now: float, into: Sorted) -> None:
    """Decide what an exception means for its entry: wait, a dead letter now or at last, or again."""
    if isinstance(error, stage.unavailable):
        into.waiting.append((entry, error))
        return
    place = Place(stage.name, stage.source)
    reason = reason_of(error)
    if reason is not None:
        into.settled.append(dead_letter(entry, place, error, reason, now))
    elif stage.redelivery.exhausted(entry.deliveries):
        into.settled.append(dead_letter(entry, place, error, "failed", now))
    else:
        into.again.append((entry, error))
