"""A collection as the store uses it: a handful of calls that Motor and PyMongo's async client share.

Every driver error comes out as a StoreError, so that nothing above knows a driver.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bson.errors import InvalidDocument
from pymongo import IndexModel, UpdateOne
from pymongo.errors import BulkWriteError, PyMongoError

from shared.store.errors import StoreError
from shared.store.faults import DUPLICATE_KEY, translate

Document = dict[str, Any]
Filter = Mapping[str, Any]
Order = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A write that a unique index refused: its position in the batch, and the index' fields."""

    position: int
    keys: frozenset[str]


@asynccontextmanager
async def driver_errors() -> AsyncIterator[None]:
    """Turns the driver's errors into the store's own."""
    try:
        yield
    except PyMongoError as error:
        raise translate(error) from error
    except (InvalidDocument, OverflowError, UnicodeEncodeError) as error:
        raise StoreError(f"MongoDB cannot hold this document: {error}"[:500]) from error


class Collection:
    """Reads and writes of one collection. Every method raises StoreError or StoreUnavailable."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    async def find(
        self,
        where: Filter,
        *,
        fields: Sequence[str] | None = None,
        order: Order | None = None,
        limit: int = 0,
    ) -> list[Document]:
        """All documents that match, with these fields only, in this order, at most `limit` (0 = all)."""
        async with driver_errors():
            cursor = self._driver.find(where, _projection(fields), limit=limit)
            if order:
                cursor = cursor.sort(list(order))
            found: list[Document] = await cursor.to_list(None)
            return found

    async def find_one(self, where: Filter, *, order: Order | None = None) -> Document | None:
        """The first document that matches."""
        found = await self.find(where, order=order, limit=1)
        return found[0] if found else None

    async def insert(self, documents: Sequence[Document]) -> list[Duplicate]:
        """Insert all in one unordered call. Answers those that a unique index refused.

        Raises when any was refused for another reason; the others are stored all the same.
        """
        if not documents:
            return []
        async with driver_errors():
            try:
                await self._driver.insert_many(list(documents), ordered=False)
            except BulkWriteError as error:
                return _duplicates(error)
        return []

    async def update(self, updates: Sequence[UpdateOne]) -> list[Duplicate]:
        """Update (or upsert) all in one unordered call. Answers as `insert` does."""
        if not updates:
            return []
        async with driver_errors():
            try:
                await self._driver.bulk_write(list(updates), ordered=False)
            except BulkWriteError as error:
                return _duplicates(error)
        return []

    async def change_one(self, where: Filter, change: Filter) -> bool:
        """Change one document that matches, in one step. Answers whether one did."""
        async with driver_errors():
            result = await self._driver.update_one(where, change)
            return bool(result.matched_count)

    async def ensure(self, indexes: Sequence[IndexModel]) -> None:
        """Create these indexes where they are missing."""
        async with driver_errors():
            await self._driver.create_indexes(list(indexes))


def _projection(fields: Sequence[str] | None) -> dict[str, int]:
    return {"_id": 0} if fields is None else {"_id": 0, **dict.fromkeys(fields, 1)}


def _duplicates(error: BulkWriteError) -> list[Duplicate]:
    """The duplicates among a batch's refusals. Raises the error when there is any other."""
    refused = error.details.get("writeErrors", [])
    if error.details.get("writeConcernErrors") or any(item["code"] != DUPLICATE_KEY for item in refused):
        raise error
    return [Duplicate(int(item["index"]), frozenset(item.get("keyPattern", ()))) for item in refused]
