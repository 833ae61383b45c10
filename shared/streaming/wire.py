"""What an entry looks like on a stream: one field `data` with JSON, small plain fields, and the trace.

Any Redis client in any language can write and read it.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from shared.schemas import Hop
from shared.streaming.errors import Reject
from shared.streaming.outcomes import Output

M = TypeVar("M", bound=BaseModel)

DATA: Final = b"data"
TRACE: Final = b"trace"
RELEASED: Final = b"released"
"""Names the outcome that an entry was counted under before it was released or replayed."""

MAX_TRACE_BYTES = 16_384


def decode(message: type[M], fields: Mapping[bytes, bytes]) -> M:
    """Read the message in the field `data`.

    Raises `Reject` when the field is missing, pydantic's `ValidationError` when it does not fit.
    """
    data = fields.get(DATA)
    if data is None:
        raise Reject(f"the entry has no field `data`; send one that holds {message.__name__} as JSON")
    return message.__pydantic_validator__.validate_json(data)  # type: ignore[no-any-return]


def encode(output: Output, trace: bytes) -> list[bytes | str]:
    """The names and values of an output's fields, in the order in which XADD takes them.

    Raises `TypeError` for a plain field that is no text, and what pydantic raises for the message.
    """
    fields: list[bytes | str] = [DATA, output.message.__pydantic_serializer__.to_json(output.message)]
    for name, value in output.fields.items():
        if not isinstance(value, str):
            raise TypeError(f"the plain field `{name}` is {type(value).__name__}; a stream takes text")
        fields += (name, value)
    fields += (TRACE, trace)
    return fields


def read_trace(raw: bytes | None) -> tuple[Hop, ...]:
    """The hops of a trace. One that cannot be read is an empty one: it is a story's history, not its life."""
    if not raw or len(raw) > MAX_TRACE_BYTES:
        return ()
    try:
        return tuple(_hop(row) for row in orjson.loads(raw))
    except (ValueError, TypeError, ValidationError):
        return ()


def _hop(row: list[object]) -> Hop:
    stage, stream, entry_id, time, duration, outcome, deliveries = row
    return Hop.model_validate(
        {
            "stage": stage,
            "stream": stream,
            "entry_id": entry_id,
            "time": time,
            "duration_ms": duration,
            "outcome": outcome,
            "deliveries": deliveries,
        }
    )


def append_hop(trace: bytes | None, row: bytes) -> bytes:
    """The trace with one more row. A trace that has grown too long begins anew."""
    if not trace or trace == b"[]" or not trace.endswith(b"]") or len(trace) + len(row) > MAX_TRACE_BYTES:
        return b"[" + row + b"]"
    return trace[:-1] + b"," + row + b"]"
