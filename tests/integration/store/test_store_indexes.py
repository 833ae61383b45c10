"""The named indexes exist after a start, also when several services start at once."""

import asyncio

import pytest
from pymongo import MongoClient

from shared.store import Mongo, Store
from shared.store.mongo import ClientFactory
from shared.store.store import COLLECTIONS
from tests.servers.mongo import MongoServer


async def test_services_that_start_together_create_every_named_index(
    mongo_server: MongoServer, client: ClientFactory
) -> None:
    database = mongo_server.new_database()
    stores = [Store(Mongo(mongo_server.url, database, client=client)) for _ in range(4)]

    await asyncio.gather(*(store.start() for store in stores))
    await stores[0].start()  # again: nothing changes

    with MongoClient[dict[str, object]](mongo_server.url) as direct:
        for kind in COLLECTIONS:
            found = direct[database][kind.name].index_information()
            wanted = {index.document["name"]: index.document.get("unique", False) for index in kind.indexes}
            assert {name: bool(found[name].get("unique")) for name in wanted} == wanted
    for store in stores:
        await store.close()


def test_every_index_is_named_after_its_collection() -> None:
    for kind in COLLECTIONS:
        for index in kind.indexes:
            assert index.document["name"].startswith(f"{kind.name}_")


@pytest.mark.parametrize("kind", COLLECTIONS)
def test_every_collection_but_the_audit_trail_is_idempotent(kind: type) -> None:
    unique = [index for index in kind.indexes if index.document.get("unique")]  # type: ignore[attr-defined]
    assert bool(unique) is (kind.name != "audit")  # type: ignore[attr-defined]
