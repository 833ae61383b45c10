"""Every version of every story, and the numbers they hold."""

from collections.abc import Collection as Group
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from shared.schemas import Story
from shared.store.collection import Collection, Document


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """What must be known of a stored version to tell whether another is newer.

    `sender_version` and `sender_created` are the sender's own words, None where it did not say.
    """

    uri: str
    version: int
    source: str
    digest: str
    sender_version: int | None = None
    sender_created: datetime | None = None
    embargoed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A stored version. `stored` is when ingest stored it, `source` the entry that it came from."""

    story: Story
    source: str
    stored: datetime
    sender_version: int | None = None
    sender_created: datetime | None = None

    @property
    def uri(self) -> str:
        """The story's."""
        return self.story.uri

    @property
    def version(self) -> int:
        """The story's."""
        return self.story.version

    @property
    def digest(self) -> str:
        """The story's."""
        return self.story.digest

    @property
    def known(self) -> KnownVersion:
        """The part that decides what is newer."""
        return KnownVersion(
            uri=self.story.uri,
            version=self.story.version,
            source=self.source,
            digest=self.story.digest,
            sender_version=self.sender_version,
            sender_created=self.sender_created,
            embargoed_until=self.story.embargoed_until,
        )


class Versions:
    """Unique on (uri, version), so a number is taken once, and on the source key, so an entry takes one."""

    name: ClassVar = "versions"
    indexes: ClassVar = (
        IndexModel([("uri", ASCENDING), ("version", ASCENDING)], name="versions_uri_version", unique=True),
        IndexModel([("source", ASCENDING)], name="versions_source", unique=True),
    )

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def known(self, uris: Group[str]) -> dict[str, list[KnownVersion]]:
        """What is stored of these stories, by uri, oldest version first. A uri without any is left out."""
        if not uris:
            return {}
        found = await self._collection.find({"uri": {"$in": list(uris)}}, fields=_KNOWN)
        known: dict[str, list[KnownVersion]] = {}
        for version in sorted(map(_known, found), key=lambda item: item.version):
            known.setdefault(version.uri, []).append(version)
        return known

    async def take(self, records: Sequence[VersionRecord]) -> frozenset[str]:
        """Store these. Answers the sources of those that were refused, because their number is taken or
        because their entry has one already: read again what is known, and decide again."""
        refused = await self._collection.insert([_document(record) for record in records])
        return frozenset(records[duplicate.position].source for duplicate in refused)

    async def of_sources(self, sources: Group[str]) -> dict[str, VersionRecord]:
        """The versions that these entries became."""
        if not sources:
            return {}
        found = await self._collection.find({"source": {"$in": list(sources)}})
        return {record.source: record for record in map(_record, found)}

    async def history(self, uri: str) -> list[VersionRecord]:
        """All versions of a story, oldest first."""
        return sorted(map(_record, await self._collection.find({"uri": uri})), key=lambda item: item.version)

    async def get(self, uri: str, version: int) -> VersionRecord | None:
        """One version."""
        found = await self._collection.find_one({"uri": uri, "version": version})
        return _record(found) if found else None


_KNOWN = ("uri", "version", "source", "digest", "sender_version", "sender_created", "story.embargoed_until")


def _document(record: VersionRecord) -> Document:
    """Moments that are compared are kept as text: a BSON date would cut their microseconds."""
    return {
        "uri": record.uri,
        "version": record.version,
        "source": record.source,
        "digest": record.digest,
        "stored": record.stored,
        "sender_version": record.sender_version,
        "sender_created": record.sender_created.isoformat() if record.sender_created else None,
        "story": record.story.model_dump(mode="json"),
    }


def _record(document: Document) -> VersionRecord:
    return VersionRecord(
        story=Story.model_validate(document["story"]),
        source=document["source"],
        stored=document["stored"],
        sender_version=document.get("sender_version"),
        sender_created=_moment(document.get("sender_created")),
    )


def _known(document: Document) -> KnownVersion:
    return KnownVersion(
        uri=document["uri"],
        version=document["version"],
        source=document["source"],
        digest=document["digest"],
        sender_version=document.get("sender_version"),
        sender_created=_moment(document.get("sender_created")),
        embargoed_until=_moment(document.get("story", {}).get("embargoed_until")),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
