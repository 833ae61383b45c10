"""Who did what: a trail that is only ever added to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from shared.store.collection import Collection


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`actor` did `action` to `subject` (a story's uri, a dead letter's source key, …) at `time`."""

    time: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any] = field(default_factory=dict)


class Audit:
    """Nothing here changes or removes an entry."""

    name: ClassVar = "audit"
    indexes: ClassVar = (
        IndexModel([("subject", ASCENDING)], name="audit_subject"),
        IndexModel([("time", DESCENDING)], name="audit_time"),
    )

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def append(self, entry: AuditEntry) -> None:
        """Add one."""
        await self._collection.insert(
            [
                {
                    "time": entry.time,
                    "actor": entry.actor,
                    "action": entry.action,
                    "subject": entry.subject,
                    "details": dict(entry.details),
                }
            ]
        )

    async def of(self, subject: str) -> list[AuditEntry]:
        """What was done to this subject, oldest first."""
        found = await self._collection.find({"subject": subject})
        return sorted((AuditEntry(**item) for item in found), key=lambda entry: entry.time)
