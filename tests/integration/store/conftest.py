"""The store's own tests run against both drivers: the day of the switch holds no surprise."""

from collections.abc import AsyncIterator

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient

from shared.store import Mongo, Store
from shared.store.mongo import ClientFactory
from tests.servers.mongo import MongoServer


@pytest.fixture(params=[AsyncIOMotorClient, AsyncMongoClient], ids=["motor", "pymongo"])
def client(request: pytest.FixtureRequest) -> ClientFactory:
    """A driver's client class."""
    factory: ClientFactory = request.param
    return factory


@pytest.fixture
async def store(mongo_server: MongoServer, client: ClientFactory) -> AsyncIterator[Store]:
    """An empty store with its indexes, through this driver."""
    store = Store(Mongo(mongo_server.url, mongo_server.new_database(), client=client))
    await store.start()
    yield store
    await store.close()
