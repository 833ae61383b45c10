"""Servers of the tests' own: free ports, folders of their own, gone afterwards."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from tests.servers.redis import RedisServer
from tests.stages import Client


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One server for all tests that do not hurt it."""
    with RedisServer() as server:
        yield server


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Client]:
    """A client on an empty server."""
    client = Redis.from_url(redis_server.url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def own_redis_server() -> Iterator[RedisServer]:
    """A server that the test may kill, stop or fill."""
    with RedisServer() as server:
        yield server
