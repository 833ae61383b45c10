"""What a user can set for the embedded default, read from environment variables.

WIREDESK_HOME                     where data, logs and run-time files live; default .wiredesk
REDIS_PORT MONGO_PORT             ports of the two servers on 127.0.0.1
INGEST_PORT … ARCHIVE_PORT        ports of the services' health and metrics on 127.0.0.1
REDIS_URL MONGO_URL               a server of the user's own: then none is started for it
APPENDFSYNC                       everysec (default: a power cut may cost a second) or always
REDIS_MAXMEMORY                   default 1gb; beyond it Redis refuses new entries, it never drops old ones
MONGO_CACHE                       cache of the MongoDB-compatible server, default 256M
READY_TIMEOUT                     seconds until everything must be ready, default 120
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SERVICES = ("ingest", "enrichment", "publisher", "archive")

DEFAULT_PORTS: Mapping[str, int] = {
    "redis": 6379,
    "mongo": 27017,
    "ingest": 8001,
    "enrichment": 8002,
    "publisher": 8003,
    "archive": 8004,
}


class SettingsError(ValueError):
    """Raised when an environment variable cannot be used; the message names it and the fix."""


def port_variable(name: str) -> str:
    """The environment variable that sets the port of a server or service."""
    return f"{name.upper()}_PORT"


@dataclass(frozen=True, slots=True)
class Settings:
    """One deployment of the embedded default. `redis_url`/`mongo_url` are None when we run that server."""

    root: Path
    home: Path
    ports: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_PORTS))
    redis_url: str | None = None
    mongo_url: str | None = None
    appendfsync: str = "everysec"
    redis_maxmemory: str = "1gb"
    mongo_cache: str = "256M"
    ready_timeout: float = 120.0

    @property
    def logs(self) -> Path:
        """Where each process has its log file, NAME.log."""
        return self.home / "logs"

    @property
    def run(self) -> Path:
        """Where files live that mean something only while the stack runs."""
        return self.home / "run"

    @property
    def data(self) -> Path:
        """Where the servers keep their data, one folder per kind of server."""
        return self.home / "data"

    @property
    def env_file(self) -> Path:
        """KEY=VALUE lines for a shell: how to reach what runs here."""
        return self.home / "env"

    @property
    def redis(self) -> str:
        """The URL under which the services reach Redis."""
        return self.redis_url or f"redis://127.0.0.1:{self.ports['redis']}/0"

    @property
    def mongo(self) -> str:
        """The URL under which the services reach MongoDB."""
        return self.mongo_url or f"mongodb://127.0.0.1:{self.ports['mongo']}"

    def variables(self) -> dict[str, str]:
        """The environment variables from which `from_env` makes these settings again."""
        outside = {"REDIS_URL": self.redis_url, "MONGO_URL": self.mongo_url}
        return {
            **{port_variable(name): str(port) for name, port in self.ports.items()},
            **{name: url for name, url in outside.items() if url},
            "APPENDFSYNC": self.appendfsync,
            "REDIS_MAXMEMORY": self.redis_maxmemory,
            "MONGO_CACHE": self.mongo_cache,
        }

    def managed_ports(self) -> dict[str, int]:
        """The ports that this deployment itself will listen on."""
        own = dict(self.ports)
        if self.redis_url:
            del own["redis"]
        if self.mongo_url:
            del own["mongo"]
        return own

    @classmethod
    def from_env(cls, env: Mapping[str, str], root: Path) -> "Settings":
        """Raises SettingsError on an unusable value."""
        home = _home(env, root)
        ports = {name: _port(env, name) for name in DEFAULT_PORTS}
        _refuse_shared_port(ports)
        return cls(
            root=root,
            home=home,
            ports=ports,
            redis_url=_outside(env.get("REDIS_URL"), "redis", ports["redis"]),
            mongo_url=_outside(env.get("MONGO_URL"), "mongodb", ports["mongo"]),
            appendfsync=_one_of(env, "APPENDFSYNC", ("everysec", "always")),
            redis_maxmemory=_size(env, "REDIS_MAXMEMORY", "1gb"),
            mongo_cache=_size(env, "MONGO_CACHE", "256M"),
            ready_timeout=_seconds(env, "READY_TIMEOUT", 120.0),
        )


def home_folder(env: Mapping[str, str], root: Path) -> Path:
    """Where this deployment lives; the only setting that `down`, `status` and `logs` need."""
    return _home(env, root)


def _home(env: Mapping[str, str], root: Path) -> Path:
    return (root / (env.get("WIREDESK_HOME") or ".wiredesk")).resolve()


def _port(env: Mapping[str, str], name: str) -> int:
    variable = port_variable(name)
    text = env.get(variable) or str(DEFAULT_PORTS[name])
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{variable}={text} is no port: use a number from 1 to 65535.")
    return int(text)


def _refuse_shared_port(ports: Mapping[str, int]) -> None:
    seen: dict[int, str] = {}
    for name, port in ports.items():
        if port in seen:
            first, second = port_variable(seen[port]), port_variable(name)
            raise SettingsError(f"{first} and {second} are both {port}: give each a port of its own.")
        seen[port] = name


def _outside(url: str | None, scheme: str, own_port: int) -> str | None:
    """A user's own server; None for ours, whose address stands in a shell that has read our env file."""
    own = rf"{scheme}://(127\.0\.0\.1|localhost):{own_port}(/0?)?"
    return None if not url or re.fullmatch(own, url) else url


def _one_of(env: Mapping[str, str], variable: str, allowed: tuple[str, ...]) -> str:
    value = env.get(variable) or allowed[0]
    if value not in allowed:
        raise SettingsError(f"{variable}={value} is not known: use {' or '.join(allowed)}.")
    return value


def _size(env: Mapping[str, str], variable: str, default: str) -> str:
    value = env.get(variable) or default
    if not re.fullmatch(r"[1-9][0-9]*[kmg]b?", value, re.IGNORECASE):
        raise SettingsError(f"{variable}={value} is no size: write it like 256M or 1gb.")
    return value


def _seconds(env: Mapping[str, str], variable: str, default: float) -> float:
    text = env.get(variable) or str(default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 3600:
        raise SettingsError(f"{variable}={text} is no time limit: use seconds from 1 to 3600.")
    return seconds
