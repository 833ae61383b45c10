"""Where the command writes: results to stdout, everything else to stderr.

Rich leaves colours out where the output is no terminal or NO_COLOR is set.
"""

import io
import os
import select
import stat
import sys
from functools import cache

from rich.console import Console
from rich.text import Text

from services.cli.plain_text import safe
from services.cli.problem import Problem

PIPE_WIDTH = 160
"""Columns of a table that goes into a file or a pipe, where no terminal says how wide it is."""


@cache
def _console(stderr: bool, stream: int) -> Console:
    target = sys.stderr if stderr else sys.stdout
    if isinstance(target, io.TextIOWrapper):
        target.reconfigure(errors="replace")  # a terminal that is not UTF-8 gets `?`, not a traceback
    width = None if target.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return Console(stderr=stderr, highlight=False, emoji=False, soft_wrap=False, width=width)


def out() -> Console:
    """The console of results."""
    return _console(False, id(sys.stdout))


def err() -> Console:
    """The console of progress, notices and errors."""
    return _console(True, id(sys.stderr))


def write_line(line: str) -> None:
    """One raw line to stdout, at once: whoever reads the pipe gets it now."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def reader_is_gone() -> bool:
    """Whether stdout is a pipe of which nobody holds the other end."""
    try:
        number = sys.stdout.fileno()
        if not stat.S_ISFIFO(os.fstat(number).st_mode):
            return False
    except (OSError, ValueError):
        return False
    poll = select.poll()
    poll.register(number, 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def notice(message: str) -> None:
    """Something worth knowing that is no error."""
    err().print(Text.assemble(("wiredesk: ", "dim"), safe(message, "yellow")))


def report(problem: Problem) -> None:
    """Tell what is wrong, and what to do."""
    err().print(Text.assemble(("wiredesk: ", "dim"), safe(problem.sentence, "bold red")))
    if problem.fix:
        err().print(Text.assemble("  → ", safe(problem.fix)))
