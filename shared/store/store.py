"""The memory as one object: a collection each, behind one connection."""

from typing import Self

from shared.store.archive import Archive
from shared.store.audit import Audit
from shared.store.dead_letters import DeadLetters
from shared.store.decisions import Decisions
from shared.store.embargoes import Embargoes
from shared.store.mongo import Mongo
from shared.store.raw import RawStories
from shared.store.stories import Stories
from shared.store.timeline import Timeline
from shared.store.versions import Versions
from shared.store.watermarks import Watermarks

COLLECTIONS = (
    RawStories,
    Versions,
    Decisions,
    Stories,
    Timeline,
    Archive,
    DeadLetters,
    Embargoes,
    Watermarks,
    Audit,
)


class Store:
    """Built from a `Mongo`; connects to nothing before it is used."""

    name = "mongo"

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self.raw = RawStories(mongo.collection(RawStories.name))
        self.versions = Versions(mongo.collection(Versions.name))
        self.decisions = Decisions(mongo.collection(Decisions.name))
        self.stories = Stories(mongo.collection(Stories.name))
        self.timeline = Timeline(mongo.collection(Timeline.name))
        self.archive = Archive(mongo.collection(Archive.name))
        self.dead_letters = DeadLetters(mongo.collection(DeadLetters.name))
        self.embargoes = Embargoes(mongo.collection(Embargoes.name))
        self.watermarks = Watermarks(mongo.collection(Watermarks.name))
        self.audit = Audit(mongo.collection(Audit.name))

    @classmethod
    def connect(cls, url: str, database: str) -> Self:
        """The store at this url. Raises `StoreError` when the url cannot be read."""
        return cls(Mongo(url, database))

    async def start(self) -> None:
        """Create the named indexes that are missing. Raises `StoreUnavailable` when no server answers,
        `StoreError` when an index of the same name is another one."""
        for kind in COLLECTIONS:
            await self._mongo.collection(kind.name).ensure(kind.indexes)

    async def check(self) -> None:
        """Raises `StoreUnavailable` when the server does not answer."""
        await self._mongo.check()

    async def close(self) -> None:
        """Close all connections."""
        await self._mongo.close()
