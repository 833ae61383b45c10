"""How the two servers are started: their command lines and configuration files. Pure."""

from pathlib import Path

from deploy.embedded.binaries import Binary
from deploy.embedded.settings import Settings


def redis_command(binary: Binary, settings: Settings) -> tuple[str, ...]:
    """The server with the configuration file that `redis_config` fills."""
    return (binary.path, str(redis_config_file(settings)))


def redis_config_file(settings: Settings) -> Path:
    """Where the configuration of our Redis lies."""
    return settings.run / "redis.conf"


def redis_config(binary: Binary, settings: Settings) -> str:
    """Append-only file, no eviction (a full server must refuse, not forget), loopback only."""
    return "\n".join(
        (
            "# Written by `make up`; changes are lost.",
            f"port {settings.ports['redis']}",
            "bind 127.0.0.1",
            "protected-mode yes",
            "daemonize no",
            f'dir "{_quoted(settings.data / binary.kind)}"',
            "appendonly yes",
            f"appendfsync {settings.appendfsync}",
            'save ""',
            f"maxmemory {settings.redis_maxmemory}",
            "maxmemory-policy noeviction",
            'logfile ""',
            "",
        )
    )


def mongo_command(binary: Binary, settings: Settings) -> tuple[str, ...]:
    """mongod, or SecantusDB with a configuration file of our own (else it looks for one of the user's)."""
    port, folder = str(settings.ports["mongo"]), str(settings.data / binary.kind)
    if binary.kind == "mongod":
        cache = f"{max(0.25, _gigabytes(settings.mongo_cache)):.2f}"
        return (
            *(binary.path, "--dbpath", folder, "--port", port, "--bind_ip", "127.0.0.1"),
            *("--wiredTigerCacheSizeGB", cache, "--nounixsocket", "--quiet"),
        )
    # --sync-on-commit: without it a kill -9 loses acknowledged writes (measured; see the decision record).
    return (
        *(
            binary.path,
            "--config",
            str(secantus_config_file(settings)),
            "--host",
            "127.0.0.1",
            "--port",
            port,
        ),
        *(
            "--storage-path",
            folder,
            "--sync-on-commit",
            "--cache-size",
            settings.mongo_cache.upper().rstrip("B"),
        ),
        *("--log-level", "WARNING"),
    )


def secantus_config_file(settings: Settings) -> Path:
    """An empty file: everything is on the command line."""
    return settings.run / "secantus.toml"


def _gigabytes(size: str) -> float:
    """From a size like 256M or 1gb."""
    digits = size.rstrip("kKmMgGbB")
    unit = size[len(digits) :].lower()[:1]
    return int(digits) * {"k": 1 / 2**20, "m": 1 / 2**10, "g": 1.0}[unit]


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')
