"""Settings that every service has. They come from the environment; a wrong one is named at the start."""

import os
import secrets
import socket
import sys
from typing import Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.asyncio.connection import parse_url

from shared.streaming import Redelivery


def worker_name() -> str:
    """A name no other process has, and that tells a person where it runs."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


class ServiceSettings(BaseSettings):
    """What each service needs to reach its servers and to be looked at.

    The URLs hold passwords: they are secret to pydantic and never written to a log.
    """

    # a wrong value is not repeated in its error: it may be a URL with a password in it
    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, env_ignore_empty=True
    )

    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    mongo_url: SecretStr = SecretStr("mongodb://127.0.0.1:27017")
    mongo_database: str = Field("wiredesk", min_length=1, max_length=63)
    stream_prefix: str = Field("", max_length=64, pattern=r"^[^\s*?\[\]]*$")
    """Put before every key. In a Redis Cluster it carries a hash tag, `{wire}:`."""
    health_host: str = "127.0.0.1"
    health_port: int = Field(8000, ge=0, le=65535)
    worker: str = Field(default_factory=worker_name, min_length=1, max_length=100)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    batch_size: int = Field(100, ge=1, le=1_000)
    min_idle_seconds: float = Field(10.0, gt=0, le=3_600)
    """Without a sign of life for this long, an entry may be claimed by another worker."""
    max_deliveries: int = Field(6, ge=1, le=100)
    stream_bound: int = Field(10_000, ge=1)
    """A stage stops reading while the next stream holds this many unfinished entries."""
    startup_seconds: float = Field(60.0, gt=0)
    """How long a service waits for its servers when it starts."""
    give_up_seconds: float = Field(60.0, gt=0)
    """A stage that could not read for so long, although Redis answers, ends its process."""

    @field_validator("redis_url")
    @classmethod
    def _is_a_redis_url(cls, url: SecretStr) -> SecretStr:
        try:
            parse_url(url.get_secret_value())
        except ValueError:
            raise ValueError(
                "not a Redis URL: write redis://user:password@host:6379/0, "
                "with %2F, %40 and %23 for /, @ and # in the password"
            ) from None
        return url

    @property
    def redelivery(self) -> Redelivery:
        """The policy for entries that are delivered again."""
        return Redelivery(min_idle=self.min_idle_seconds, max_deliveries=self.max_deliveries)


S = TypeVar("S", bound=ServiceSettings)


def load(kind: type[S]) -> S:
    """The settings of this process. A wrong one ends it with code 2 and a line that names the variable."""
    try:
        return kind()
    except ValidationError as error:
        for wrong in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in wrong["loc"]).upper()
            sys.stderr.write(f"{name}: {wrong['msg']}\n")
        raise SystemExit(2) from None
