"""Dead letters: stories that could not go on, kept until someone mends and replays or drops them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from pymongo import ASCENDING, DESCENDING, IndexModel

from shared.schemas import DeadLetter, Hop, RawField
from shared.store.collection import Collection, Document

DeadState = Literal["open", "replayed", "dropped"]

MAX_FIELD_BYTES = 12 * 1024 * 1024
"""How much of an entry is kept: MongoDB's documents end at 16 MB, and the rest needs room."""


@dataclass(frozen=True, slots=True)
class DeadLetterRecord:
    """One entry of `stories.dead`, named by its source key, and what has been done about it."""

    source: str
    letter: DeadLetter
    trace: tuple[Hop, ...] = ()
    state: DeadState = "open"


class DeadLetters:
    """Unique on the source key of the dead letter's own entry."""

    name: ClassVar = "dead_letters"
    indexes: ClassVar = (
        IndexModel([("source", ASCENDING)], name="dead_letters_source", unique=True),
        IndexModel([("stream", ASCENDING), ("entry_id", ASCENDING)], name="dead_letters_entry"),
        IndexModel([("uri", ASCENDING)], name="dead_letters_uri"),
        IndexModel([("state", ASCENDING), ("time", DESCENDING)], name="dead_letters_state_time"),
    )

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def save(self, records: Sequence[DeadLetterRecord]) -> None:
        """Keep these. One that is kept already stays as it is, with what has been done about it."""
        await self._collection.insert([_document(record) for record in records])

    async def get(self, source: str) -> DeadLetterRecord | None:
        """One dead letter by its source key."""
        found = await self._collection.find_one({"source": source})
        return _record(found) if found else None

    async def of_entry(self, stream: str, entry_id: str) -> DeadLetterRecord | None:
        """The dead letter of an entry of another stream, such as one that was pushed."""
        found = await self._collection.find_one({"stream": stream, "entry_id": entry_id})
        return _record(found) if found else None

    async def of(self, uri: str) -> list[DeadLetterRecord]:
        """A story's dead letters, oldest first."""
        found = await self._collection.find({"uri": uri})
        return sorted(map(_record, found), key=lambda record: record.letter.time)

    async def listed(
        self, state: DeadState, since: datetime, until: datetime, limit: int = 100
    ) -> list[DeadLetterRecord]:
        """Those in this state from [since, until), newest first. Bound both ends closely: the stand-in
        reads every match before it cuts to `limit`."""
        where = {"state": state, "time": {"$gte": since, "$lt": until}}
        found = await self._collection.find(where, order=[("time", DESCENDING)], limit=limit)
        return [_record(item) for item in found]

    async def mark(self, source: str, state: DeadState) -> bool:
        """Say what was done about an open one. Answers False when it is not open (any more)."""
        return await self._collection.change_one(
            {"source": source, "state": "open"}, {"$set": {"state": state}}
        )


def fit(letter: DeadLetter, room: int = MAX_FIELD_BYTES) -> DeadLetter:
    """The letter with at most `room` bytes of field values; `cut` counts what was left out.

    Whole fields are left out, largest first: half a JSON document helps nobody.
    """
    sizes = {field: len(field.value.encode("utf-8")) for field in letter.fields}
    total, dropped = sum(sizes.values()), set[RawField]()
    for field in sorted(sizes, key=lambda item: sizes[item], reverse=True):
        if total <= room:
            break
        dropped.add(field)
        total -= sizes[field]
    if not dropped:
        return letter
    kept = tuple(field for field in letter.fields if field not in dropped)
    missing = sum(len(field.content()) for field in dropped)
    return letter.model_copy(update={"fields": kept, "cut": letter.cut + missing})


def _document(record: DeadLetterRecord) -> Document:
    letter = fit(record.letter)
    return {
        "source": record.source,
        "state": record.state,
        "stage": letter.stage,
        "reason": letter.reason,
        "error": letter.error,
        "stream": letter.stream,
        "entry_id": letter.entry_id,
        "uri": letter.uri,
        "time": letter.time,
        "letter": letter.model_dump(mode="json"),
        "trace": [hop.model_dump(mode="json") for hop in record.trace],
    }


def _record(document: Document) -> DeadLetterRecord:
    return DeadLetterRecord(
        source=document["source"],
        letter=DeadLetter.model_validate(document["letter"]),
        trace=tuple(Hop.model_validate(hop) for hop in document["trace"]),
        state=document["state"],
    )
