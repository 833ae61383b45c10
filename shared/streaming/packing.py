"""Turns settlements into commits: messages become JSON, the trace grows by this stage's hop. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.streaming.commit import Commit, WireOutput, moved_from
from shared.streaming.settlement import Settlement
from shared.streaming.wire import RELEASED, TRACE, append_hop, encode


@dataclass(frozen=True, slots=True)
class Timing:
    """When a batch was received (Unix time, seconds) and how long its handling took (seconds)."""

    received: float
    took: float


def pack(stage: str, stream: str, settled: Sequence[Settlement], timing: Timing) -> list[Commit]:
    """One commit per settlement, in order.

    Raises what pydantic raises for a message that cannot be written as JSON.
    """
    head = f'["{stage}","{stream}","'
    middle = f'",{timing.received:.3f},{timing.took * 1000:.1f},"'
    commits = []
    for entry, outcome, outputs in settled:
        moved = moved_from(entry.fields) if RELEASED in entry.fields else ""
        if outputs:
            row = f'{head}{entry.entry_id}{middle}{outcome}",{entry.deliveries}]'.encode()
            trace = append_hop(entry.fields.get(TRACE), row)
            sent = [WireOutput(out.stream, encode(out, trace), out.guard) for out in outputs]
            commits.append(Commit(entry.entry_id, outcome, sent, moved))
        else:
            commits.append(Commit(entry.entry_id, outcome, (), moved))
    return commits
