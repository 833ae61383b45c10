"""What the processes are told through their environment, and what a user's shell can read back."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded.processes import MARK
from deploy.embedded.settings import Settings, port_variable

# Variables of the shell or of make that mean nothing, or something else, in a service.
DROPPED = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONSAFEPATH", "HEALTH_PORT", "VIRTUAL_ENV")


def of_services(settings: Settings, env: Mapping[str, str]) -> dict[str, str]:
    """The user's environment, own service settings included, with what this deployment decides."""
    kept = {key: value for key, value in env.items() if key not in DROPPED}
    return {
        "LOG_FORMAT": "json",
        "MONGO_DATABASE": "wiredesk",
        **kept,
        "HEALTH_HOST": "127.0.0.1",
        "REDIS_URL": settings.redis,
        "MONGO_URL": settings.mongo,
        "PYTHONPATH": str(settings.root),
        "PYTHONUNBUFFERED": "1",
        MARK: str(settings.home),
    }


def of_shell(settings: Settings) -> str:
    """KEY=VALUE lines, quoted for a shell: how to reach what runs."""
    values = {
        "WIREDESK_MODE": "embedded",
        "REDIS_URL": settings.redis,
        "MONGO_URL": settings.mongo,
        **{port_variable(name): str(port) for name, port in settings.ports.items()},
    }
    return "".join(f"{key}={shlex.quote(value)}\n" for key, value in values.items())


def remembered_file(home: Path) -> Path:
    """Where the settings of the running deployment are kept."""
    return home / "run" / "settings.json"


def remembered(home: Path) -> dict[str, str]:
    """The variables of the deployment that runs, or ran last; empty when there was none."""
    try:
        held = json.loads(remembered_file(home).read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in held.items()} if isinstance(held, dict) else {}


def remember(settings: Settings) -> None:
    """Keeps the settings of what is about to run, and the file for shells, both for the user's eyes only."""
    for path, text in (
        (remembered_file(settings.home), json.dumps(settings.variables())),
        (settings.env_file, of_shell(settings)),
    ):
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(text)
