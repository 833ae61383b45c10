"""How the command reaches Redis and MongoDB, and what it says when it cannot."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, AuthorizationError, NoPermissionError, RedisError

from services.cli.problem import ExitCode, Problem
from shared.streaming.names import Names

START = (
    "start the wire with `make up`, or name another with --redis-url / --mongo-url (REDIS_URL / MONGO_URL)"
)


def _written_by_make_up() -> Path:
    return Path(os.environ.get("WIREDESK_HOME", ".wiredesk")) / "env"


class CliSettings(BaseSettings):
    """From the environment, else from what `make up` wrote, else the defaults of `make up`."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    mongo_url: SecretStr = SecretStr("mongodb://127.0.0.1:27017")
    mongo_database: str = "wiredesk"
    stream_prefix: str = ""
    max_story_bytes: int = Field(default=1_048_576, ge=1)
    stream_bound: int = Field(default=10_000, ge=1)

    @property
    def names(self) -> Names:
        """The keys of this deployment."""
        return Names(self.stream_prefix)


def settings(redis_url: str | None = None, mongo_url: str | None = None) -> CliSettings:
    """Resolve the settings; an option given on the command line wins. Raises `Problem` naming the key."""
    given = {"redis_url": redis_url, "mongo_url": mongo_url}
    try:
        options: dict[str, Any] = {name: SecretStr(url) for name, url in given.items() if url}
        found = CliSettings(_env_file=_written_by_make_up(), **options)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]).upper()
        raise Problem(
            f"the setting {key} cannot be used: {first['msg']}", f"mend {key}", ExitCode.USAGE
        ) from None
    _check(found.redis_url, "--redis-url", "REDIS_URL", ("redis", "rediss", "unix"))
    _check(found.mongo_url, "--mongo-url", "MONGO_URL", ("mongodb", "mongodb+srv"))
    return found


def without_password(url: SecretStr) -> str:
    """A URL as it may be shown: scheme, host, port and path."""
    parts = urlsplit(url.get_secret_value())
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def open_redis(found: CliSettings) -> Redis:
    """A client that tries once per call: the command itself waits and says so. Connects at its first use."""
    return Redis.from_url(
        found.redis_url.get_secret_value(),
        retry=Retry(NoBackoff(), 0),
        socket_connect_timeout=3,
        socket_timeout=8,
        client_name="wiredesk-cli",
    )


async def ask(redis: Redis, *command: str | bytes | int) -> Any:
    """One command, its answer as redis-py parses it: its typed methods answer unions that fit no one."""
    return await redis.execute_command(*command)  # type: ignore[no-untyped-call]


async def check_redis(redis: Redis, found: CliSettings) -> None:
    """Raises `Problem` when Redis does not answer."""
    try:
        await ask(redis, "PING")
    except (RedisError, OSError) as error:
        raise redis_problem(error, found) from None


def redis_problem(error: Exception, found: CliSettings) -> Problem:
    """What an error of Redis means to the user."""
    where = without_password(found.redis_url)
    if isinstance(error, AuthenticationError | AuthorizationError) or "WRONGPASS" in str(error):
        return Problem(f"Redis at {where} refused the user or password", "mend the credentials in REDIS_URL")
    if isinstance(error, NoPermissionError):
        return Problem(
            f"the Redis user may not do this: {error}", "use a user with the rights, see REDIS_URL"
        )
    return Problem(f"Redis at {where} cannot be reached: {cause(error)}", START)


def cause(error: Exception) -> str:
    """An error of a driver in one short line: what follows the first parenthesis is its configuration."""
    text = str(error) or type(error).__name__
    return text.partition("\n")[0].partition(" (configured")[0].removeprefix("MongoDB: ")[:200]


def _check(url: SecretStr, option: str, key: str, schemes: tuple[str, ...]) -> None:
    parts = urlsplit(url.get_secret_value())
    named = bool(parts.netloc) and (key != "REDIS_URL" or _has_port(parts))
    if parts.scheme not in schemes or not (named or parts.scheme == "unix"):
        raise Problem(
            f"{option} is not a URL that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}",
            f"mend {option} or {key}",
            ExitCode.USAGE,
        )


def _has_port(parts: SplitResult) -> bool:
    """Whether the port, where there is one, is a number. Not for MongoDB, which may name several hosts."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False
