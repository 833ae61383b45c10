"""Sees to it that nothing stays down: an event listener under the supervisor.

The supervisor gives a process up (FATAL) after some quick crashes in a row. The watcher starts it again
after a pause, for ever, so that a service comes back by itself once its cause is gone; and it notes every
end, so that `make status` shows the loop. Protocol: a header line `len:N eventname:E …`, a payload of N
bytes of `key:value` words; we answer `READY` before and `RESULT 2\\nOK` after each event.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TextIO

from deploy.embedded import crashes
from deploy.embedded.control import FATAL, NotRunningError, ProcessState, Supervisor
from deploy.embedded.supervisor_config import socket_file

PAUSE_SECONDS = 30.0
ENDS = ("PROCESS_STATE_EXITED", "PROCESS_STATE_BACKOFF")


class Supervised(Protocol):
    """What the watcher needs of a supervisor."""

    def processes(self) -> list[ProcessState]: ...
    def start(self, process: ProcessState) -> None: ...


def events(source: TextIO, answers: TextIO) -> Iterator[tuple[str, dict[str, str]]]:
    """(event name, payload) of each event; an event counts as done when the next one is asked for."""
    while True:
        answers.write("READY\n")
        answers.flush()
        header = _words(source.readline())
        if not header:
            return
        payload = source.read(int(header["len"]))
        yield header["eventname"], _words(payload)
        answers.write("RESULT 2\nOK")
        answers.flush()


def due(processes: Sequence[ProcessState]) -> list[ProcessState]:
    """The processes that were given up at least the pause ago."""
    return [p for p in processes if p.state == FATAL and p.seconds >= PAUSE_SECONDS]


def watch(
    source: TextIO,
    answers: TextIO,
    supervisor: Supervised,
    record: Path,
    now: Callable[[], float] = time.time,
) -> None:
    """Handles events until the supervisor closes the pipe."""
    for name, payload in events(source, answers):
        if name in ENDS:
            held = crashes.load(record)
            crashes.save(record, held.noted(payload["processname"], now()))
        elif name.startswith("TICK"):
            _start_again(supervisor)


def _start_again(supervisor: Supervised) -> None:
    try:
        for process in due(supervisor.processes()):
            print(
                f"{process.name}: given up {PAUSE_SECONDS:.0f} s ago, starting it again",
                file=sys.stderr,
                flush=True,
            )
            supervisor.start(process)
    except NotRunningError as error:  # busy or shutting down: the next tick will tell
        print(f"supervisor does not answer: {error}", file=sys.stderr, flush=True)


def _words(text: str) -> dict[str, str]:
    return dict(word.split(":", 1) for word in text.split())


if __name__ == "__main__":
    home = Path(sys.argv[1])
    watch(sys.stdin, sys.stdout, Supervisor(socket_file(home)), crashes.crashes_file(home))
