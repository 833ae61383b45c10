"""How far the archive can be trusted."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel, UpdateOne

from shared.store.collection import Collection
from shared.store.cursor import entry_id_of, sortable


@dataclass(frozen=True, slots=True)
class Watermark:
    """Every entry of `stream` with an id below `below` is archived. `time` is when that was last true."""

    stream: str
    below: str
    time: datetime


class Watermarks:
    """Unique on the stream. A watermark never falls."""

    name: ClassVar = "watermarks"
    indexes: ClassVar = (IndexModel([("stream", ASCENDING)], name="watermarks_stream", unique=True),)

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def read(self, stream: str) -> Watermark | None:
        """A stream's watermark, None before the first."""
        found = await self._collection.find_one({"stream": stream})
        return Watermark(stream, entry_id_of(found["below"]), found["time"]) if found else None

    async def rise(self, mark: Watermark) -> None:
        """Raise a stream's watermark to this one, unless it is higher already. Raises `ValueError` when
        `below` is no entry id."""
        change = {"$max": {"below": sortable(mark.below)}, "$set": {"time": mark.time}}
        await self._collection.update([UpdateOne({"stream": mark.stream}, change, upsert=True)])
