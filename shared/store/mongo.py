"""The connection to MongoDB. The only module that names a driver.

Motor is deprecated in favour of PyMongo's own `AsyncMongoClient`; the day of the switch changes the
import and the default below (docs/decisions/0001-driver.md). The store's tests run against both.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import ConfigurationError, InvalidURI

from shared.store.collection import Collection, driver_errors
from shared.store.errors import StoreError

ClientFactory = Callable[..., Any]
"""Builds a client: `AsyncIOMotorClient` or `pymongo.AsyncMongoClient`. Connects to nothing yet."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. Together below a stage's own time-out, so that a silent server is named as the cause."""

    selection: float = 3.0
    connect: float = 3.0
    socket: float = 10.0
    pool: float = 5.0


class Mongo:
    """One client and one database. Nothing connects before the first call."""

    def __init__(
        self,
        url: str,
        database: str,
        *,
        client: ClientFactory = AsyncIOMotorClient,
        timeouts: Timeouts = Timeouts(),
        pool: int = 20,
    ) -> None:
        """Raises `StoreError` when the url cannot be read; its message does not repeat the url."""
        try:
            self._client = client(url, **_options(timeouts, pool))
            self._database = self._client[database]
        except (InvalidURI, ConfigurationError, ValueError) as error:
            # The driver quotes parts of the url, which holds the password: only the kind of error is told.
            raise StoreError(
                f"MONGO_URL cannot be used ({type(error).__name__}): it has the form "
                "mongodb://user:password@host:27017/?options, with special characters percent-encoded"
            ) from None

    def collection(self, name: str) -> Collection:
        """A collection of this database."""
        return Collection(self._database[name])

    async def check(self) -> None:
        """Raises `StoreUnavailable` when the server does not answer."""
        async with driver_errors():
            await self._database.command("ping")

    async def close(self) -> None:
        """Close all connections."""
        closing = self._client.close()
        if inspect.isawaitable(closing):  # PyMongo's close is a coroutine, Motor's is not
            await closing


def _options(timeouts: Timeouts, pool: int) -> dict[str, Any]:
    return {
        "serverSelectionTimeoutMS": int(timeouts.selection * 1000),
        "connectTimeoutMS": int(timeouts.connect * 1000),
        "socketTimeoutMS": int(timeouts.socket * 1000),
        "waitQueueTimeoutMS": int(timeouts.pool * 1000),
        "maxPoolSize": pool,
        # A streaming monitor of a server that said it is shutting down waits before it looks again.
        # Polling, it looks as soon as somebody asks.
        "serverMonitoringMode": "poll",
        "appname": "wiredesk",
        "tz_aware": True,
        "tzinfo": UTC,
    }
