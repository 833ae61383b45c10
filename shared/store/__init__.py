"""What is remembered: one module per collection of MongoDB, behind `Store`.

Every write is idempotent on the key that names its origin: the same write again changes nothing.
"""

from shared.store.archive import Archive, ArchivedEvent
from shared.store.audit import Audit, AuditEntry
from shared.store.dead_letters import DeadLetterRecord, DeadLetters, DeadState
from shared.store.decisions import Decision, DecisionOutcome, Decisions
from shared.store.embargoes import Embargo, Embargoes, EmbargoState
from shared.store.errors import StoreError, StoreUnavailable
from shared.store.mongo import Mongo, Timeouts
from shared.store.raw import IngestOutcome, RawRecord, RawStories
from shared.store.store import Store
from shared.store.stories import Stories, StoryState
from shared.store.timeline import Passage, Step, Timeline
from shared.store.versions import KnownVersion, VersionRecord, Versions
from shared.store.watermarks import Watermark, Watermarks

__all__ = [
    "Archive",
    "ArchivedEvent",
    "Audit",
    "AuditEntry",
    "DeadLetterRecord",
    "DeadLetters",
    "DeadState",
    "Decision",
    "DecisionOutcome",
    "Decisions",
    "Embargo",
    "EmbargoState",
    "Embargoes",
    "IngestOutcome",
    "KnownVersion",
    "Mongo",
    "Passage",
    "RawRecord",
    "RawStories",
    "Step",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "Stories",
    "StoryState",
    "Timeline",
    "Timeouts",
    "VersionRecord",
    "Versions",
    "Watermark",
    "Watermarks",
]
