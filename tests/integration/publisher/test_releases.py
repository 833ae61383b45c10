"""Embargoed stories go back onto the stream at their hour, once for all practical purposes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from services.publisher.releases import Releases
from services.publisher.stage import PublisherHandler
from shared.schemas import StoryEnriched
from shared.store import Decision, Embargo, Store, StoreUnavailable
from shared.streaming import ENRICHED, Emit, Entry, Names
from tests.stories import NOON, SetClock, delivery, enriched

LATER = NOON + timedelta(hours=1)
URI = "urn:test:1"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


async def embargo(store: Store, clock: SetClock, version: int = 1, until: datetime = LATER) -> None:
    message = enriched(version, embargoed_until=until)
    trace = {b"trace": b'[["ingest","stories.ingest","1-0",1700000000.0,2.0,"accepted",1]]'}
    handle = PublisherHandler(store, clock)
    await handle([delivery(message, version, stream=ENRICHED, fields=trace)])


async def released(redis: Redis) -> list[dict[bytes, bytes]]:
    rows: Any = await redis.xrange(ENRICHED)
    return [fields for _, fields in rows]


async def states(store: Store) -> list[str]:
    return [item.state for item in await store.embargoes.of(URI)]


async def test_nothing_goes_before_its_hour(store: Store, redis: Redis, clock: SetClock) -> None:
    await embargo(store, clock)
    clock.pass_by(minutes=59, seconds=59)

    assert await Releases(store, clock).release_due(redis, Names()) == 0
    assert await released(redis) == []


async def test_at_its_hour_the_story_is_an_ordinary_marked_entry_with_its_way(
    store: Store, redis: Redis, clock: SetClock
) -> None:
    await embargo(store, clock)
    clock.pass_by(hours=1)

    assert await Releases(store, clock).release_due(redis, Names("wire:")) == 1

    rows: Any = await redis.xrange("wire:stories.enriched")
    ((entry_id, fields),) = rows
    assert StoryEnriched.model_validate_json(fields[b"data"]) == enriched(1, embargoed_until=LATER)
    assert (fields[b"released"], fields[b"id"], fields[b"version"]) == (b"withheld", URI.encode(), b"1")
    assert await states(store) == ["released"]

    back = delivery(enriched(1, embargoed_until=LATER), stream=ENRICHED)
    back = back._replace(entry=Entry(entry_id.decode(), fields))
    (answer,) = await PublisherHandler(store, clock)([back])
    assert isinstance(answer, Emit)
    assert [hop.stage for hop in back.trace] == ["ingest"]


async def test_a_second_look_releases_nothing_more(store: Store, redis: Redis, clock: SetClock) -> None:
    await embargo(store, clock)
    clock.pass_by(hours=1)
    releases = [Releases(store, clock) for _ in range(4)]

    counts = await asyncio.gather(*(item.release_due(redis, Names()) for item in releases))

    assert sum(counts) == 1
    assert len(await released(redis)) == 1


async def test_a_publisher_that_died_in_the_middle_is_followed_up(
    store: Store, redis: Redis, clock: SetClock
) -> None:
    await embargo(store, clock)
    clock.pass_by(hours=1)
    (waiting,) = await store.embargoes.due(clock.now())
    await store.embargoes.lease(waiting, clock.now())  # … and then it died

    assert await Releases(store, clock).release_due(redis, Names()) == 0
    clock.pass_by(minutes=2)
    assert await Releases(store, clock).release_due(redis, Names()) == 1


async def test_what_is_out_already_is_only_marked(store: Store, redis: Redis, clock: SetClock) -> None:
    await embargo(store, clock)
    clock.pass_by(hours=1)
    await store.decisions.replace([Decision(URI, 1, "published", clock.now(), "s/i/9-0")])

    assert await Releases(store, clock).release_due(redis, Names()) == 0
    assert (await released(redis), await states(store)) == ([], ["released"])


async def test_what_its_sender_has_replaced_stays_in(store: Store, redis: Redis, clock: SetClock) -> None:
    await embargo(store, clock, 1)
    await embargo(store, clock, 2, until=LATER + timedelta(hours=1))
    clock.pass_by(hours=1)
    assert await Releases(store, clock).release_due(redis, Names()) == 0
    assert await states(store) == ["superseded", "waiting"]

    clock.pass_by(hours=1)
    assert await Releases(store, clock).release_due(redis, Names()) == 1
    assert await states(store) == ["superseded", "released"]


class DeadRedis:
    """A server that is gone."""

    async def xadd(self, name: str, fields: dict[Any, Any]) -> None:
        raise RedisConnectionError("gone")


async def test_a_release_that_redis_refused_is_due_again_at_once(
    store: Store, redis: Redis, clock: SetClock
) -> None:
    await embargo(store, clock)
    clock.pass_by(hours=1)

    with pytest.raises(RedisConnectionError):
        await Releases(store, clock).release_due(DeadRedis(), Names())  # type: ignore[arg-type]

    assert await Releases(store, clock).release_due(redis, Names()) == 1


@pytest.fixture
async def keeping(store: Store, redis: Redis, clock: SetClock) -> AsyncIterator[Releases]:
    """The loop, looking again only after a minute unless it is woken."""
    releases = Releases(store, clock, look_again=60.0)
    task = asyncio.create_task(releases.keep(redis, Names()))
    yield releases
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def arrival(redis: Redis) -> dict[bytes, bytes]:
    """The next entry that comes onto the stream, within four seconds."""
    found: Any = await redis.xread({ENRICHED: "0"}, block=4_000)
    ((_, ((_, fields),)),) = found
    return dict(fields)


async def test_the_loop_wakes_for_a_new_embargo_and_releases_it_at_its_hour(
    keeping: Releases, store: Store, redis: Redis, clock: SetClock
) -> None:
    await embargo(store, clock, until=NOON + timedelta(milliseconds=200))
    clock.pass_by(milliseconds=200)
    keeping.wake()

    assert (await arrival(redis))[b"released"] == b"withheld"


async def test_the_loop_sleeps_until_the_next_hour_not_longer(
    keeping: Releases, store: Store, redis: Redis, clock: SetClock
) -> None:
    await embargo(store, clock, until=NOON + timedelta(milliseconds=50))
    keeping.wake()
    await keeping_saw(store)
    clock.pass_by(milliseconds=50)

    assert (await arrival(redis))[b"released"] == b"withheld"


async def keeping_saw(store: Store) -> None:
    """Let the loop look at the store at least once."""
    await store.check()


class ForgetfulEmbargoes:
    """A store that is away when it is first asked."""

    def __init__(self) -> None:
        self.asked = asyncio.Queue[datetime]()
        self._away = True

    async def due(self, now: datetime) -> list[Embargo]:
        self.asked.put_nowait(now)
        if self._away:
            self._away = False
            raise StoreUnavailable("MongoDB: gone")
        return []

    async def next_hour(self, until: datetime) -> None:
        return None


async def test_the_loop_outlives_a_store_that_is_away(store: Store, redis: Redis, clock: SetClock) -> None:
    embargoes = ForgetfulEmbargoes()
    store.embargoes = embargoes  # type: ignore[assignment]
    releases = Releases(store, clock)
    task = asyncio.create_task(releases.keep(redis, Names()))
    async with asyncio.timeout(5):
        await embargoes.asked.get()
        releases.wake()
        await embargoes.asked.get()
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
