"""`python -m deploy.embedded up|down|status|logs`: what the Makefile calls."""

import argparse
import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from deploy.embedded import logs
from deploy.embedded.binaries import NoServerError
from deploy.embedded.down import StillAliveError, down
from deploy.embedded.settings import SERVICES, SettingsError, home_folder
from deploy.embedded.status import status
from deploy.embedded.up import StartError, Up

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("redis", "mongo", *SERVICES)


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command. Exit code: 0 done, 1 failed, 3 (status) something is down, 130 interrupted."""
    asked = _parser().parse_args(words)
    home = home_folder(os.environ, ROOT)
    console = Console()
    try:
        return _run(asked, home, console)
    except (SettingsError, NoServerError, StartError, StillAliveError) as error:
        Console(stderr=True).print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(asked: argparse.Namespace, home: Path, console: Console) -> int:
    match asked.command:
        case "up":
            with _alone(home, console):
                return Up(ROOT, home, os.environ, console).run()
        case "down":
            with _alone(home, console):
                console.print("Stopped" if down(home) else "Nothing runs")
                return 0
        case "status":
            return status(ROOT, home, console)
        case _:
            names = [asked.service] if asked.service else [*PARTS, "watcher"]
            follow = not asked.no_follow
            return logs.show(home / "logs", names, lines=asked.lines, follow=follow, write=_write)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.embedded")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything, wait until it is ready")
    commands.add_parser("down", help="stop everything")
    commands.add_parser("status", help="how the processes stand")
    shown = commands.add_parser("logs", help="what the processes say")
    shown.add_argument("--service", choices=PARTS, help="only this one")
    shown.add_argument("--lines", type=int, default=20, help="how many old lines of each")
    shown.add_argument("--no-follow", action="store_true", help="end after the old lines")
    return parser


@contextlib.contextmanager
def _alone(home: Path, console: Console) -> Iterator[None]:
    """Two `make up` at once, or an up and a down, follow each other."""
    (home / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "run" / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.print("Another `make up` or `make down` is at work; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
