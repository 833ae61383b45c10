"""The progress bar of `wiredesk push`, on stderr; where that is no terminal, a line when something is up."""

import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from services.cli.plain_text import safe
from services.cli.screen import err, notice

REPEAT_SECONDS = 10.0
"""How often a log is told again that the command is waiting."""


class _Count(TextColumn):
    """Stories pushed and how many per second; then how many ends are known."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        stories = int(task.fields["stories"])
        if task.fields["known"] is not None:
            return Text(f"{task.fields['known']:,} of {stories:,}")
        elapsed = task.finished_time or task.elapsed or 0
        rate = f"  {stories / elapsed:,.0f}/s" if stories and elapsed > 0.2 else ""
        return Text(f"{stories:,} {'story' if stories == 1 else 'stories'}{rate}")


class PushProgress:
    """Counts bytes of input for the bar (the only total known beforehand), stories for the rate."""

    def __init__(self, total_bytes: int | None) -> None:
        self._terminal = err().is_terminal
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            _Count(),
            TimeElapsedColumn(),
            console=err(),
            transient=True,
            disable=not self._terminal,
        )
        self._task = self._progress.add_task("pushing", total=total_bytes, stories=0, known=None)
        self._stories = 0
        self._waiting = ""
        self._told = 0.0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def advance(self, stories: int, read: int) -> None:
        """So many more were read and pushed."""
        self._stories += stories
        self._progress.update(self._task, advance=read, stories=self._stories)

    def waiting(self, reason: str) -> None:
        """Shown until it is told an empty reason."""
        if reason != self._waiting:
            self._progress.update(self._task, description=safe(reason, "yellow").plain or "pushing")
        if reason and not self._terminal and time.monotonic() - self._told > REPEAT_SECONDS:
            notice(reason)
            self._told = time.monotonic()
        self._waiting = reason

    def outcomes(self, still_open: int) -> None:
        """The second part of the way: how many ends are known."""
        known = self._stories - still_open
        self._progress.update(
            self._task, description="on the wire", total=self._stories, completed=known, known=known
        )
