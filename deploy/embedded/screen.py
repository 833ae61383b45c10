"""What a person sees while the stack starts, and how it stands."""

import time
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from deploy.embedded.control import FATAL, RUNNING, ProcessState
from deploy.embedded.crashes import WINDOW_SECONDS, Crashes

COLOURS = {RUNNING: "green", "STARTING": "cyan", FATAL: "red", "BACKOFF": "yellow"}
# The supervisor's words, as far as they would puzzle somebody.
WORDS = {FATAL: "crash loop", "STARTING": "just started", "BACKOFF": "crashed", "EXITED": "ended"}


class StartUp:
    """A line for each part as it becomes ready, and a spinner that says what is still awaited and why."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._begin = time.monotonic()
        self._told: set[str] = set()
        self._status: Status = console.status("Starting")

    def __enter__(self) -> "StartUp":
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def tell(self, answers: Mapping[str, str | None]) -> None:
        """Takes a round of answers: part → None when ready, else why not."""
        for name, why in answers.items():
            if why is None and name not in self._told:
                self._told.add(name)
                seconds = time.monotonic() - self._begin
                self._console.print(f"  [green]✓[/] {name.ljust(12)} [dim]{seconds:4.1f} s[/]")
        waiting = [f"{name} ({escape(why)})" for name, why in answers.items() if why is not None]
        self._status.update(f"Waiting for {'; '.join(waiting)}"[: max(40, self._console.width - 4)])


def failures(console: Console, missing: Mapping[str, str], tails: Mapping[str, Sequence[str]]) -> None:
    """Which parts are not ready, why, and the last lines of their logs."""
    for name, why in missing.items():
        console.print(f"  [red]✗ {name}[/] is not ready: {escape(why)}", highlight=False)
        for line in tails.get(name, ()):
            console.print(f"    [dim]{escape(line)}[/]", highlight=False, soft_wrap=True)


def process_table(processes: Sequence[ProcessState], ports: Mapping[str, int], crashes: Crashes) -> Table:
    """One row for each process; crashes are those of the last ten minutes."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("process", "state", "for", "pid", "address", f"ends in {WINDOW_SECONDS // 60} min"):
        table.add_column(column, justify="right" if column in ("for", "pid") else "left")
    for process in processes:
        ends = crashes.since(process.name, process.now - WINDOW_SECONDS)
        colour = COLOURS.get(process.state, "red")
        table.add_row(
            process.name,
            f"[{colour}]{WORDS.get(process.state, process.state.lower())}[/]",
            duration(process.seconds),
            str(process.pid or "-"),
            f"127.0.0.1:{ports[process.name]}" if process.name in ports else "-",
            f"[yellow]{ends}[/]" if ends else "-",
        )
    return table


def advice(processes: Sequence[ProcessState], crashes: Crashes) -> list[str]:
    """What to look at: a line for each process that has ended by itself in the last ten minutes."""
    ended = [p.name for p in processes if crashes.since(p.name, p.now - WINDOW_SECONDS)]
    return [f"{name} has ended by itself and was started again: make logs SERVICE={name}" for name in ended]


def duration(seconds: float) -> str:
    """Two units at most: 42 s, 5 min, 3 h 10 min, 2 d 4 h."""
    minutes = int(seconds) // 60
    if minutes < 1:
        return f"{int(seconds)} s"
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h {minutes % 60} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"
