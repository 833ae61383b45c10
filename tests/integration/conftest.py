"""A MongoDB-compatible server for all integration tests, and a store of its own for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from shared.store import Mongo, Store
from tests.servers.mongo import MongoServer


@pytest.fixture(scope="session")
def mongo_server() -> Iterator[MongoServer]:
    """One server for all tests that do not hurt it."""
    with MongoServer() as server:
        yield server


@pytest.fixture
async def store(mongo_server: MongoServer) -> AsyncIterator[Store]:
    """An empty store with its indexes, through the driver that the services use."""
    store = Store(Mongo(mongo_server.url, mongo_server.new_database()))
    await store.start()
    yield store
    await store.close()
