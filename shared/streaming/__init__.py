"""How messages travel: names, wire format, and the stage engine with its commit script."""

from shared.streaming.backoff import Redelivery
from shared.streaming.commit import Answer, Commit, Committer, WireOutput
from shared.streaming.delivery import Delivery, Entry
from shared.streaming.errors import Reject, StageError, Unavailable
from shared.streaming.groups import Groups
from shared.streaming.names import ACCEPTED, DEAD, ENRICHED, INGEST, PUBLISHED, STREAMS, Names
from shared.streaming.outcomes import Done, Emit, OnceGuard, Outcome, Output, VersionGuard
from shared.streaming.runner import Runner
from shared.streaming.stage import Downstream, Handler, Retention, Stage
from shared.streaming.state import GroupInfo, StageState
from shared.streaming.wire import append_hop, encode, read_trace

__all__ = [
    "ACCEPTED",
    "DEAD",
    "ENRICHED",
    "INGEST",
    "PUBLISHED",
    "STREAMS",
    "Answer",
    "Commit",
    "Committer",
    "Delivery",
    "Done",
    "Downstream",
    "Emit",
    "Entry",
    "GroupInfo",
    "Groups",
    "Handler",
    "Names",
    "OnceGuard",
    "Outcome",
    "Output",
    "Redelivery",
    "Reject",
    "Retention",
    "Runner",
    "Stage",
    "StageError",
    "StageState",
    "Unavailable",
    "VersionGuard",
    "WireOutput",
    "append_hop",
    "encode",
    "read_trace",
]
