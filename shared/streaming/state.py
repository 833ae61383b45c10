"""What a stage knows of itself while it runs: read by health, metrics and heartbeats."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class GroupInfo:
    """A stream and one group on it. Lag: not yet delivered. Pending: delivered, not acknowledged."""

    length: int = 0
    lag: int = 0
    pending: int = 0
    consumers: int = 0
    oldest_pending_seconds: float = 0.0


@dataclass(slots=True)
class StageState:
    """Counters since the process started, and the present. Times are seconds of the monotonic clock."""

    reading: bool = False
    in_flight: int = 0
    last_commit: float | None = None
    paused: str | None = None
    """Why the batch in hand waits: a dependency that is down, a commit that is refused."""
    held: str | None = None
    """Why nothing more is read: the next stream is over its bound. That is no fault of this process."""
    outcomes: Counter[str] = field(default_factory=Counter)
    stale: int = 0
    """Entries that another worker had settled first."""
    failures: int = 0
    """Deliveries that are tried again."""
    redelivered: int = 0
    vanished: int = 0
    """Pending entries whose stream entry was trimmed away before it was handled."""
    busy_seconds: float = 0.0
    group: GroupInfo = field(default_factory=GroupInfo)
    problem: str | None = None
    """Why the stage cannot read: a missing group, a dead subscriber."""
