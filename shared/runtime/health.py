"""Health that tells the truth: of the subscribers, the groups and the dependencies, not of a PING."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from shared.streaming import Stage, StageState

Status = Literal["starting", "ok", "degraded", "stopping"]


@dataclass(slots=True)
class Health:
    """The state of one process. `dependencies`: name → None when it works, else what is wrong."""

    service: str
    worker: str
    pid: int
    started: datetime
    dependencies: dict[str, str | None] = field(default_factory=dict)
    stages: dict[str, tuple[Stage[Any], StageState]] = field(default_factory=dict)
    phase: Status = "starting"

    def problems(self) -> list[str]:
        """What keeps this process from its work, most telling first."""
        found = [f"{name}: {problem}" for name, problem in self.dependencies.items() if problem]
        for name, (_, state) in self.stages.items():
            found += [f"{name}: {problem}" for problem in (state.problem, state.paused) if problem]
        return found

    @property
    def status(self) -> Status:
        """One word: `ok` only when nothing is wrong."""
        if self.phase != "ok":
            return self.phase
        return "degraded" if self.problems() else "ok"

    @property
    def ready(self) -> bool:
        """Whether the process does its work right now."""
        return self.status == "ok"

    def report(self) -> Mapping[str, Any]:
        """Everything, as JSON takes it. Ages and durations are in seconds."""
        return {
            "service": self.service,
            "worker": self.worker,
            "pid": self.pid,
            "status": self.status,
            "reason": "; ".join(self.problems()) or None,
            "started": self.started.isoformat(),
            "time": datetime.now(UTC).isoformat(),
            "dependencies": {name: problem or "ok" for name, problem in self.dependencies.items()},
            "stages": [_stage_report(stage, state) for stage, state in self.stages.values()],
        }


def _stage_report(stage: Stage[Any], state: StageState) -> Mapping[str, Any]:
    now = time.monotonic()
    return {
        "name": stage.name,
        "stream": stage.source,
        "group": stage.group,
        "reading": state.reading and state.problem is None,
        "lag": state.group.lag,
        "pending": state.group.pending,
        "oldest_pending_seconds": round(state.group.oldest_pending_seconds, 1),
        "in_flight": state.in_flight,
        "last_commit_seconds_ago": None if state.last_commit is None else round(now - state.last_commit, 1),
        "outcomes": dict(state.outcomes),
        "stale": state.stale,
        "failures": state.failures,
        "redelivered": state.redelivered,
        "problem": state.problem,
        "paused": state.paused,
        "held": state.held,
    }
