"""What the publisher decided about each version, written down before it is committed.

A repeat finds its decision and passes the same event on again. It is also how the publisher knows what
it has published while the archive still lags behind.
"""

from collections.abc import Collection as Group
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from pymongo import ASCENDING, IndexModel, UpdateOne

from shared.store.collection import Collection

DecisionOutcome = Literal["published", "corrected", "withdrawn", "withheld", "embargoed", "superseded"]
EMITTED: frozenset[DecisionOutcome] = frozenset({"published", "corrected", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Decision:
    """`time` (whole milliseconds) is when it was decided, `source` the entry of `stories.enriched`."""

    uri: str
    version: int
    outcome: DecisionOutcome
    time: datetime
    source: str

    @property
    def emitted(self) -> bool:
        """Whether an event went out for it."""
        return self.outcome in EMITTED


class Decisions:
    """Unique on (uri, version)."""

    name: ClassVar = "decisions"
    indexes: ClassVar = (
        IndexModel([("uri", ASCENDING), ("version", ASCENDING)], name="decisions_uri_version", unique=True),
    )

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def of(self, uris: Group[str]) -> list[Decision]:
        """All decisions about these stories, by version."""
        if not uris:
            return []
        found: list[dict[str, Any]] = await self._collection.find({"uri": {"$in": list(uris)}})
        return sorted((Decision(**item) for item in found), key=lambda item: (item.uri, item.version))

    async def save(self, decisions: Sequence[Decision]) -> None:
        """Write these down. One that is there already stays as it is."""
        await self._collection.insert([_document(decision) for decision in decisions])

    async def replace(self, decisions: Sequence[Decision]) -> None:
        """Write these down in place of what was decided before: an embargo is over."""
        await self._collection.update(
            [
                UpdateOne(
                    {"uri": decision.uri, "version": decision.version},
                    {"$set": _document(decision)},
                    upsert=True,
                )
                for decision in decisions
            ]
        )


def _document(decision: Decision) -> dict[str, Any]:
    return {
        "uri": decision.uri,
        "version": decision.version,
        "outcome": decision.outcome,
        "time": decision.time,
        "source": decision.source,
    }
