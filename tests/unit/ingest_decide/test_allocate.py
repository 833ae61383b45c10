"""The numbering loop against a store that others write to between its questions."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import pytest

from services.ingest.allocate import ROUNDS, Allocated, Contended, Settled, allocate
from services.ingest.decide import Arrival, Duplicate, New, Superseded
from services.ingest.draft import Draft
from shared.store import KnownVersion, VersionRecord
from tests.stories import NOON, story


def arrival(body: str, entry: int, *, life: str = "life", uri: str = "urn:test:1") -> Arrival:
    draft = Draft(story(1, uri=uri, body=body), None, None, "guid")
    return Arrival(draft, f"stories.ingest/{life}/1-{entry}", NOON)


class Versions:
    """As the store's, in memory. `rival` is called before each write, with what is stored."""

    def __init__(self, rival: Callable[["Versions"], None] | None = None) -> None:
        self.records: list[VersionRecord] = []
        self.reads = 0
        self._rival = rival

    def put(self, item: Arrival, version: int) -> None:
        self.records.append(VersionRecord(item.draft.at(version), item.source, NOON))

    async def known(self, uris: Collection[str]) -> dict[str, list[KnownVersion]]:
        self.reads += 1
        found = sorted(
            (item.known for item in self.records if item.uri in uris), key=lambda item: item.version
        )
        return {uri: [item for item in found if item.uri == uri] for uri in {item.uri for item in found}}

    async def take(self, records: Sequence[VersionRecord]) -> frozenset[str]:
        if self._rival:
            self._rival(self)
        refused = set()
        for record in records:
            numbers = {(item.uri, item.version) for item in self.records}
            sources = {item.source for item in self.records}
            if (record.uri, record.version) in numbers or record.source in sources:
                refused.add(record.source)
            else:
                self.records.append(record)
        return frozenset(refused)

    async def of_sources(self, sources: Collection[str]) -> dict[str, VersionRecord]:
        return {item.source: item for item in self.records if item.source in sources}


async def run(versions: Versions, *arrivals: Arrival) -> Settled:
    return await allocate(versions, arrivals)  # type: ignore[arg-type]


def decisions(settled: Settled, *arrivals: Arrival) -> list[object]:
    items = [settled[item.source] for item in arrivals]
    return [item.decision for item in items if isinstance(item, Allocated)]


def once(action: Callable[[Versions], None]) -> Callable[[Versions], None]:
    """A rival that is quicker than us one time."""
    left = [action]

    def rival(versions: Versions) -> None:
        while left:
            left.pop()(versions)

    return rival


async def test_without_rivals_one_read_and_one_write_are_enough() -> None:
    versions = Versions()
    batch = [arrival("a", 1), arrival("b", 2), arrival("b", 3), arrival("x", 4, uri="urn:test:2")]

    settled = await run(versions, *batch)

    assert decisions(settled, *batch) == [New(1), New(2), Duplicate(2), New(1)]
    assert versions.reads == 1
    assert {item.source: item.story for item in versions.records} == {
        item.arrival.source: item.story
        for item in settled.values()
        if isinstance(item, Allocated) and item.story
    }


async def test_who_loses_a_number_takes_the_next() -> None:
    other = arrival("other", 1, life="elsewhere")
    versions = Versions(once(lambda store: store.put(other, 1)))
    mine = [arrival("a", 1), arrival("x", 2, uri="urn:test:2")]

    settled = await run(versions, *mine)

    assert decisions(settled, *mine) == [New(2), New(1)]
    assert versions.reads == 2


async def test_who_loses_a_number_to_a_later_entry_is_superseded_by_it() -> None:
    versions = Versions(once(lambda store: store.put(arrival("other", 9), 1)))
    mine = arrival("a", 1)
    assert decisions(await run(versions, mine), mine) == [Superseded(1)]


async def test_who_loses_a_number_to_the_same_text_is_its_duplicate() -> None:
    versions = Versions(once(lambda store: store.put(arrival("a", 1, life="elsewhere"), 1)))
    mine = arrival("a", 1)
    assert decisions(await run(versions, mine), mine) == [Duplicate(1)]


async def test_what_leant_on_a_lost_number_is_decided_again() -> None:
    """b repeats a; a loses its number to something later; then b is not a duplicate of anything stored."""
    versions = Versions(once(lambda store: store.put(arrival("other", 9), 1)))
    mine = [arrival("a", 1), arrival("a", 2)]
    assert decisions(await run(versions, *mine), *mine) == [Superseded(1), Superseded(1)]


async def test_an_entry_that_two_workers_hold_gets_one_version_and_one_text() -> None:
    twin = arrival("as the other worker cleaned it", 1)
    versions = Versions(once(lambda store: store.put(twin, 1)))
    mine = arrival("as this one cleaned it", 1)

    settled = (await run(versions, mine))[mine.source]

    assert isinstance(settled, Allocated)
    assert settled.story == twin.draft.at(1)
    assert len(versions.records) == 1


async def test_an_entry_that_has_its_version_under_another_uri_keeps_it() -> None:
    """Identities may be made anew in a later release; what is stored stands."""
    versions = Versions()
    before = arrival("a", 1, uri="urn:before")
    versions.put(before, 3)

    mine = arrival("a", 1)
    settled = (await run(versions, mine))[mine.source]

    assert isinstance(settled, Allocated)
    assert (settled.decision, settled.story) == (New(3), before.draft.at(3))


async def test_a_store_on_which_others_always_win_is_given_up_for_now() -> None:
    count = iter(range(1, ROUNDS + 2))

    def quicker(store: Versions) -> None:
        number = next(count)
        store.put(replace(arrival(f"rival {number}", number, life="elsewhere")), number)

    with pytest.raises(Contended, match="1 stories"):
        await run(Versions(quicker), arrival("a", 1))
