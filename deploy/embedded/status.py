"""How the processes stand."""

from pathlib import Path

from rich.console import Console

from deploy.embedded import crashes, environment, screen, supervisor_config
from deploy.embedded.control import RUNNING, NotRunningError, Supervisor
from deploy.embedded.settings import Settings

NOT_UP = 3  # the exit code that service managers use for "not running"


def status(root: Path, home: Path, console: Console) -> int:
    """Prints a table. Exit code: 0 when all processes run, else 3."""
    try:
        processes = Supervisor(supervisor_config.socket_file(home)).processes()
    except NotRunningError:
        console.print("Wiredesk is not up. Start it with: make up")
        return NOT_UP
    ports = Settings.from_env(environment.remembered(home), root).ports
    ended = crashes.load(crashes.crashes_file(home))
    console.print(screen.process_table(processes, ports, ended))
    for line in screen.advice(processes, ended):
        console.print(line, style="yellow", highlight=False)
    return 0 if all(process.state in (RUNNING, "STARTING") for process in processes) else NOT_UP
