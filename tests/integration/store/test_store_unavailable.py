"""A store that is away is told from a request that is wrong, whatever the driver calls it."""

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pymongo import MongoClient

from shared.store import Decision, Mongo, Store, StoreError, StoreUnavailable, Timeouts
from shared.store.mongo import ClientFactory
from tests.servers.free_port import free_port
from tests.servers.mongo import MongoServer
from tests.stories import NOON

SHORT = Timeouts(selection=0.5, connect=0.5, socket=0.5, pool=0.5)
PATIENT = Timeouts(selection=2, connect=2, socket=2, pool=2)
DECISION = Decision("urn:test:1", 1, "published", NOON, "s/i/1-0")

NewStore = Callable[..., Store]

# PyMongo's asyncio client now and then forgets a socket whose server shut down in the middle of a handshake
pytestmark = pytest.mark.filterwarnings(
    r"ignore:Exception ignored in. <socket\.socket:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module")
def hurt_server() -> Iterator[MongoServer]:
    """A server that can be told to fail."""
    with MongoServer("--enable-test-commands") as server:
        if server.outside:
            pytest.skip("MONGO_URL names a server that is not ours to hurt")
        yield server


@pytest.fixture
async def new_store(client: ClientFactory) -> AsyncIterator[NewStore]:
    opened: list[Store] = []

    def build(url: str, database: str = "hurt", timeouts: Timeouts = SHORT) -> Store:
        opened.append(Store(Mongo(url, database, client=client, timeouts=timeouts)))
        return opened[-1]

    yield build
    for store in opened:
        await store.close()
    gc.collect()  # a forgotten socket shows here, and in no other test


@asynccontextmanager
async def failing(server: MongoServer, times: int, **how: Any) -> AsyncIterator[None]:
    """Let the server's next inserts fail."""
    with MongoClient[dict[str, Any]](server.url) as admin:
        data = {"failCommands": ["insert"], **how}
        admin.admin.command("configureFailPoint", "failCommand", mode={"times": times}, data=data)
        yield
        admin.admin.command("configureFailPoint", "failCommand", mode="off")


@pytest.mark.parametrize("call", ["start", "check", "read", "write", "update"])
async def test_nobody_at_the_port_is_unavailable(new_store: NewStore, call: str) -> None:
    store = new_store(f"mongodb://reader:geheim@127.0.0.1:{free_port()}")
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "start": store.start,
        "check": store.check,
        "read": lambda: store.decisions.of(["urn:test:1"]),
        "write": lambda: store.decisions.save([DECISION]),
        "update": lambda: store.decisions.replace([DECISION]),
    }

    with pytest.raises(StoreUnavailable) as caught:
        await calls[call]()

    assert "geheim" not in str(caught.value)
    assert caught.value.dependency == "mongo"


async def test_a_server_that_never_answers_is_unavailable_in_time(new_store: NewStore) -> None:
    ended: list[asyncio.Event] = []

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(asyncio.Event())
        over = ended[-1]
        with contextlib.suppress(ConnectionError):
            while await reader.read(1024):
                pass
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        over.set()

    async with await asyncio.start_server(swallow, "127.0.0.1", 0) as silent:
        store = new_store(f"mongodb://127.0.0.1:{silent.sockets[0].getsockname()[1]}")
        started = time.monotonic()

        with pytest.raises(StoreUnavailable):
            await store.check()

        assert time.monotonic() - started < 10
        await store.close()
        async with asyncio.timeout(5):
            for over in ended:
                await over.wait()


@pytest.mark.parametrize("code", [91, 10107], ids=["shutdown", "not primary"])
async def test_a_server_that_cannot_serve_now_is_unavailable(
    hurt_server: MongoServer, new_store: NewStore, code: int
) -> None:
    store = new_store(hurt_server.url, hurt_server.new_database(), PATIENT)
    await store.start()

    async with failing(hurt_server, 10, errorCode=code):
        with pytest.raises(StoreUnavailable):
            await store.decisions.save([DECISION])

    await store.decisions.save([DECISION])
    assert await store.decisions.of(["urn:test:1"]) == [DECISION]


async def test_one_closed_connection_is_retried_and_nobody_notices(
    hurt_server: MongoServer, new_store: NewStore
) -> None:
    store = new_store(hurt_server.url, hurt_server.new_database(), PATIENT)
    await store.start()

    async with failing(hurt_server, 1, closeConnection=True):
        await store.decisions.save([DECISION])

    assert await store.decisions.of(["urn:test:1"]) == [DECISION]


async def test_a_write_concern_that_is_not_met_is_unavailable_and_the_write_can_be_repeated(
    hurt_server: MongoServer, new_store: NewStore
) -> None:
    store = new_store(hurt_server.url, hurt_server.new_database(), PATIENT)
    await store.start()
    concern = {"code": 64, "errmsg": "waiting for replication timed out"}

    async with failing(hurt_server, 1, writeConcernError=concern):
        with pytest.raises(StoreUnavailable, match="replication timed out"):
            await store.decisions.save([DECISION])

    await store.decisions.save([DECISION])
    assert await store.decisions.of(["urn:test:1"]) == [DECISION]


async def test_a_document_that_cannot_be_held_is_an_error_of_its_own(store: Store) -> None:
    for impossible in ("\ud800", "x" * 17_000_000):
        with pytest.raises(StoreError) as caught:
            await store.decisions.save([Decision(impossible, 1, "published", NOON, "s")])
        assert not isinstance(caught.value, StoreUnavailable)
        assert len(str(caught.value)) < 1_000


async def test_what_was_acknowledged_survives_a_kill_and_the_store_comes_back(new_store: NewStore) -> None:
    with MongoServer() as server:
        if server.outside:
            pytest.skip("MONGO_URL names a server that is not ours to kill")
        store = new_store(server.url, timeouts=PATIENT)
        await store.start()
        await store.decisions.save([DECISION])

        await asyncio.to_thread(server.restart)

        assert await store.decisions.of(["urn:test:1"]) == [DECISION]
        await store.close()


@pytest.mark.parametrize("url", ["mongodb://user:ge:heim@host", "http://user:geheim@host", "mongodb://a,b:x"])
def test_a_url_that_cannot_be_read_is_named_without_its_password(client: ClientFactory, url: str) -> None:
    with pytest.raises(StoreError, match="MONGO_URL cannot be used") as caught:
        Mongo(url, "wiredesk", client=client)
    assert "heim" not in str(caught.value)
    assert caught.value.__cause__ is None
