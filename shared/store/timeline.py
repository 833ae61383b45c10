"""Every story's way: which stage handled it, when, how long, how it ended. One read gives all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from shared.schemas import Hop
from shared.store.collection import Collection, Document


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a story's way, as the place where it ends writes it: the hops so far.

    `place` names the stage and the entry (`publisher/<source key>`), once for ever.
    """

    place: str
    uri: str
    version: int | None
    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One hop of a story's way."""

    uri: str
    version: int | None
    stage: str
    stream: str
    entry_id: str
    time: datetime
    duration_ms: float
    outcome: str
    deliveries: int


class Timeline:
    """Unique on the place. Passages overlap; a reader gets each step once."""

    name: ClassVar = "timeline"
    indexes: ClassVar = (
        IndexModel([("place", ASCENDING)], name="timeline_place", unique=True),
        IndexModel([("uri", ASCENDING)], name="timeline_uri"),
    )

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def save(self, passages: Sequence[Passage]) -> None:
        """Keep these. One that is kept already stays as it is."""
        await self._collection.insert([_document(passage) for passage in passages])

    async def of(self, uri: str) -> list[Step]:
        """The steps of all versions of a story, in the order in which they happened."""
        steps: dict[tuple[str, str, str], tuple[int, Step]] = {}
        for passage in await self._collection.find({"uri": uri}):
            for position, hop in enumerate(passage["hops"]):
                step = Step(uri=uri, version=passage["version"], **hop)
                key = (step.stage, step.stream, step.entry_id)
                if key not in steps or steps[key][1].deliveries <= step.deliveries:
                    steps[key] = (position, step)
        ordered = sorted(steps.values(), key=lambda item: (item[1].time, item[0]))
        return [step for _, step in ordered]


def _document(passage: Passage) -> Document:
    return {
        "place": passage.place,
        "uri": passage.uri,
        "version": passage.version,
        "hops": [hop.model_dump() for hop in passage.hops],
    }
