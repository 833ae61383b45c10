"""How often each process has ended on its own: kept by the watcher, read by `up` and `status`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WINDOW_SECONDS = 600
REMEMBERED = 100  # ends kept per process; more of them in one window say nothing more


@dataclass(frozen=True, slots=True)
class Crashes:
    """Process name → epoch seconds of its ends, oldest first."""

    ends: Mapping[str, tuple[float, ...]]

    def noted(self, name: str, when: float) -> "Crashes":
        """With one more end."""
        ends = (*self.ends.get(name, ()), when)[-REMEMBERED:]
        return Crashes({**self.ends, name: ends})

    def since(self, name: str, start: float) -> int:
        """How many ends at or after `start`."""
        return sum(1 for when in self.ends.get(name, ()) if when >= start)


def crashes_file(home: Path) -> Path:
    """Where they are kept."""
    return home / "run" / "crashes.json"


def load(path: Path) -> Crashes:
    """None yet, or a file that a kill cut off, is no crash."""
    try:
        held = json.loads(path.read_text())
        return Crashes({str(name): tuple(float(when) for when in ends) for name, ends in held.items()})
    except (OSError, ValueError, AttributeError, TypeError):
        return Crashes({})


def save(path: Path, crashes: Crashes) -> None:
    """In one step, so that a reader never sees half a file."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps({name: list(ends) for name, ends in crashes.ends.items()}))
    new.replace(path)
