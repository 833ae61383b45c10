"""The configuration file of the supervisor. Pure."""

import hashlib
import os
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deploy.embedded.programs import PRIORITIES, WATCHER, Program
from deploy.embedded.settings import Settings

# A Unix socket's path has room for 107 characters on Linux, 103 on macOS; the supervisor appends its pid.
LONGEST_SOCKET_PATH = 90


def config_file(home: Path) -> Path:
    """Where the configuration lies."""
    return home / "run" / "supervisor.conf"


def pid_file(home: Path) -> Path:
    """Where the supervisor writes its pid."""
    return home / "run" / "supervisor.pid"


def socket_file(home: Path) -> Path:
    """The control socket: in `home`, or in a temporary folder when that path is too long for a socket."""
    inside = home / "run" / "supervisor.sock"
    if len(str(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"wiredesk-{os.getuid()}-{digest}" / "supervisor.sock"


def render(settings: Settings, programs: Sequence[Program]) -> str:
    """The whole file."""
    groups = [_group(name, [p.name for p in programs if p.group == name]) for name in PRIORITIES]
    parts = [_head(settings), *(_program(settings, p) for p in programs), *groups, _watcher(settings)]
    return "\n".join(part for part in parts if part)


def _group(name: str, members: Sequence[str]) -> str:
    if not members:
        return ""
    return f"[group:{name}]\nprograms={','.join(members)}\npriority={PRIORITIES[name]}\n"


def _head(settings: Settings) -> str:
    socket = socket_file(settings.home)
    return f"""; Written by `make up`; changes are lost.
[unix_http_server]
file={_escaped(socket)}
chmod=0700

[supervisord]
directory={_escaped(settings.root)}
pidfile={_escaped(pid_file(settings.home))}
logfile={_escaped(settings.logs / "supervisor.log")}
logfile_maxbytes=5MB
logfile_backups=2
umask=077
minfds=4096

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""


def _program(settings: Settings, program: Program) -> str:
    environment = ",".join(f'{key}="{value}"' for key, value in program.env.items())
    return f"""[program:{program.name}]
command={_command(program.command)}
autostart=true
autorestart=true
startsecs={program.settle}
startretries={program.tries}
stopsignal=TERM
stopwaitsecs={program.stop_wait}
stopasgroup={str(program.stop_group).lower()}
killasgroup=true
environment={environment}
{_log(settings, program.name)}redirect_stderr=true
"""


def _watcher(settings: Settings) -> str:
    # Stops first (priority), so that it starts nothing while everything else is being stopped.
    command = (sys.executable, "-m", "deploy.embedded.watcher", str(settings.home))
    return f"""[eventlistener:{WATCHER}]
command={_command(command)}
events=PROCESS_STATE_EXITED,PROCESS_STATE_BACKOFF,PROCESS_STATE_FATAL,TICK_5
buffer_size=1000
priority=99
autorestart=true
startretries=1000000
stopwaitsecs=5
stdout_logfile=NONE
stderr_logfile={_escaped(settings.logs / f"{WATCHER}.log")}
stderr_logfile_maxbytes=1MB
stderr_logfile_backups=1
"""


def _log(settings: Settings, name: str) -> str:
    return f"""stdout_logfile={_escaped(settings.logs / f"{name}.log")}
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""


def _command(words: Sequence[str]) -> str:
    return _escaped(shlex.join(words))


def _escaped(value: object) -> str:
    """The supervisor expands % in every value."""
    return str(value).replace("%", "%%")
