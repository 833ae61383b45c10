"""Shows the log files: the last lines of one process, or all of them as they grow."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TextIO

POLL_SECONDS = 0.3
TAIL_BYTES = 64_000


def readable(line: str) -> str:
    """A JSON log line as `time LEVEL event key=value …`, its traceback below; any other line as it is."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line
    if not isinstance(entry, dict) or "event" not in entry:
        return line
    when, level = str(entry.pop("timestamp", "")), str(entry.pop("level", "")).upper()
    event, trace = str(entry.pop("event")), str(entry.pop("exception", ""))
    details = " ".join(f"{key}={value}" for key, value in entry.items())
    head = " ".join(part for part in (when[11:19], level.ljust(7), event, details) if part)
    return f"{head}\n{trace}".rstrip()


def last_lines(path: Path, count: int) -> list[str]:
    """The last `count` lines of a log file, readable; none when there is no file."""
    try:
        with path.open("rb") as source:
            source.seek(max(0, path.stat().st_size - TAIL_BYTES))
            lines = source.read().decode(errors="replace").splitlines()
    except OSError:
        return []
    return [readable(line) for line in lines[-count:]] if count else []


class Follower:
    """Reads on in a log file, also when it is turned over meanwhile; begins at its end of now."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rest = ""
        self._source = _opened(path)
        if self._source:
            self._source.seek(0, os.SEEK_END)

    def new_lines(self) -> Iterator[str]:
        """The complete lines written since the last call."""
        yield from self._read()
        if self._turned_over():
            self.close()
            self._source = _opened(self._path)
            yield from self._read()

    def close(self) -> None:
        """Lets go of the file."""
        if self._source:
            self._source.close()
        self._source = None

    def _read(self) -> Iterator[str]:
        if self._source:
            *lines, self._rest = (self._rest + self._source.read()).split("\n")
            yield from lines

    def _turned_over(self) -> bool:
        try:
            now = self._path.stat()
        except OSError:
            return False
        if not self._source:
            return True
        return now.st_ino != os.fstat(self._source.fileno()).st_ino or now.st_size < self._source.tell()


def _opened(path: Path) -> TextIO | None:
    try:
        return path.open(errors="replace")
    except OSError:
        return None


def show(
    folder: Path, names: Sequence[str], *, lines: int, follow: bool, write: Callable[[str], None]
) -> int:
    """Writes the last lines of each log with its name before them, then (follow) what comes. Returns 0."""
    width = max(map(len, names), default=0)
    for name in names:
        for line in last_lines(folder / f"{name}.log", lines):
            write(_labelled(name, width, line))
    if follow:
        _follow({name: Follower(folder / f"{name}.log") for name in names}, width, write)
    return 0


def _follow(followers: Mapping[str, Follower], width: int, write: Callable[[str], None]) -> NoReturn:
    while True:
        for name, follower in followers.items():
            for line in follower.new_lines():
                write(_labelled(name, width, readable(line)))
        time.sleep(POLL_SECONDS)


def _labelled(name: str, width: int, text: str) -> str:
    return "\n".join(f"{name.ljust(width)} │ {line}" for line in text.splitlines() or [""])
