"""Stories that wait for their hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from pymongo import ASCENDING, IndexModel

from shared.store.collection import Collection

EmbargoState = Literal["waiting", "released", "superseded"]

LEASE = timedelta(seconds=60)
"""How long a publisher that has begun a release has it to itself; if it dies, another goes on after this."""


@dataclass(frozen=True, slots=True)
class Embargo:
    """A version that waits. `message` is its StoryEnriched as JSON, `trace` its hops as the wire has them:
    both go back onto the stream as they were."""

    uri: str
    version: int
    release_at: datetime
    source: str
    message: str
    trace: str = "[]"
    state: EmbargoState = "waiting"


class Embargoes:
    """Unique on (uri, version)."""

    name: ClassVar = "embargoes"
    indexes: ClassVar = (
        IndexModel([("uri", ASCENDING), ("version", ASCENDING)], name="embargoes_uri_version", unique=True),
        IndexModel([("state", ASCENDING), ("due_at", ASCENDING)], name="embargoes_state_due_at"),
    )

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def save(self, embargoes: Sequence[Embargo]) -> None:
        """Keep these. One that is kept already stays as it is: it may be released by now."""
        await self._collection.insert([_document(embargo) for embargo in embargoes])

    async def due(self, now: datetime, limit: int = 50) -> list[Embargo]:
        """Those that wait and whose hour has come, earliest first; none that someone is releasing."""
        where = {"state": "waiting", "due_at": {"$lte": now}}
        found = await self._collection.find(where, order=[("due_at", ASCENDING)], limit=limit)
        return [_embargo(item) for item in found]

    async def next_hour(self, until: datetime) -> datetime | None:
        """When the next of those that wait is due, if that is not after `until`. It may be in the past."""
        where = {"state": "waiting", "due_at": {"$lte": until}}
        found = await self._collection.find(where, fields=("due_at",), order=[("due_at", ASCENDING)], limit=1)
        hour: datetime | None = found[0]["due_at"] if found else None
        return hour

    async def lease(self, embargo: Embargo, now: datetime) -> bool:
        """Begin its release. Answers False when it no longer waits, or another has begun."""
        where = {**_key(embargo), "state": "waiting", "due_at": {"$lte": now}}
        return await self._collection.change_one(where, {"$set": {"due_at": now + LEASE}})

    async def give_back(self, embargo: Embargo) -> None:
        """End its lease: the release did not succeed, and anyone may try again at once."""
        await self._collection.change_one(
            {**_key(embargo), "state": "waiting"}, {"$set": {"due_at": embargo.release_at}}
        )

    async def finish(self, embargo: Embargo, state: EmbargoState) -> None:
        """Say how it ended."""
        await self._collection.change_one(_key(embargo), {"$set": {"state": state}})

    async def of(self, uri: str) -> list[Embargo]:
        """A story's embargoes, by version."""
        found = await self._collection.find({"uri": uri})
        return sorted(map(_embargo, found), key=lambda embargo: embargo.version)


_FIELDS = ("uri", "version", "release_at", "source", "message", "trace", "state")


def _key(embargo: Embargo) -> dict[str, Any]:
    return {"uri": embargo.uri, "version": embargo.version}


def _document(embargo: Embargo) -> dict[str, Any]:
    # It is due at its hour, and again at the end of a lease that nobody finished.
    return {name: getattr(embargo, name) for name in _FIELDS} | {"due_at": embargo.release_at}


def _embargo(document: dict[str, Any]) -> Embargo:
    return Embargo(**{name: document[name] for name in _FIELDS})
