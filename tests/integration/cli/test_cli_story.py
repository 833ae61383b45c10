"""`wiredesk story` on a real store."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from services.cli.problem import Problem
from services.cli.story_file import find_story
from shared.store import (
    ArchivedEvent,
    DeadLetterRecord,
    Decision,
    Passage,
    RawRecord,
    Store,
    StoryState,
    VersionRecord,
)
from tests.integration.cli.wire import Command
from tests.servers.mongo import MongoServer
from tests.unit.cli.builders import NOON, URI, dead_letter, event, story, trace

SISTER = "urn:uuid:3f2a9fff-0000-5000-8000-000000000002"


async def remember(store: Store, uri: str = URI, when: datetime | None = None) -> None:
    """A story that was accepted, corrected and published."""
    first, second = story(uri=uri), story("Truce near Damascus", version=2, uri=uri)
    told = event(second, "corrected").model_copy(update={"time": when or datetime.now(UTC)})
    await store.versions.take(
        [VersionRecord(first, f"s/{uri}/1", NOON), VersionRecord(second, f"s/{uri}/2", NOON)]
    )
    await store.decisions.save([Decision(uri, 2, "corrected", NOON, f"e/{uri}/2")])
    await store.timeline.save([Passage(f"archive/{uri}", uri, 2, trace("1-0"))])
    await store.raw.save([RawRecord(f"s/{uri}/1", "stories.ingest", "1-0", "accepted", uri, 1, NOON, 1.0)])
    await store.stories.save([StoryState.of(told, "9-0")])
    await store.archive.save([ArchivedEvent("9-0" if uri == URI else "9-1", told)])


async def test_a_story_is_found_by_uri_uuid_and_beginning(store: Store) -> None:
    await remember(store)
    for text in (URI, URI.removeprefix("urn:uuid:"), "3f2a9c1e", "urn:uuid:3f2a"):
        found = await find_story(store, text)
        assert found.uri == URI
        assert [record.version for record in found.versions] == [1, 2]
        assert [step.stage for step in found.steps] == ["ingest", "enrichment"]
        assert len(found.events) == len(found.entries) == len(found.decisions) == 1


async def test_an_ambiguous_beginning_and_an_unknown_story_are_problems(store: Store) -> None:
    await remember(store)
    await remember(store, SISTER)
    with pytest.raises(Problem, match="2 stories begin with 3f2a"):
        await find_story(store, "3f2a")
    with pytest.raises(Problem, match="there is no story ffff"):
        await find_story(store, "ffff")


async def test_an_old_story_needs_its_whole_name(store: Store) -> None:
    await remember(store, when=datetime.now(UTC) - timedelta(days=30))
    assert (await find_story(store, URI)).known
    with pytest.raises(Problem, match="there is no story"):
        await find_story(store, "3f2a9c1e")


async def test_a_story_that_is_only_a_dead_letter_is_found(store: Store) -> None:
    await store.dead_letters.save([DeadLetterRecord("d/1", dead_letter("enrichment", "7-0", URI))])
    assert (await find_story(store, URI)).dead_letters[0].letter.stage == "enrichment"


async def test_the_command_shows_it_and_fails_for_what_is_not_there(mongo_server: MongoServer) -> None:
    database = mongo_server.new_database()
    store = Store.connect(mongo_server.url, database)
    await store.start()
    await remember(store)
    await store.close()
    command = Command(MONGO_URL=mongo_server.url, MONGO_DATABASE=database)
    code, out, err = await command.run("story", "3f2a9c1e")
    assert (code, err) == (0, "")
    assert out.startswith("Truce near Damascus")
    assert "stories.accepted 9-9" in out
    code, out, _ = await command.run("story", URI, "--json")
    assert json.loads(out)["versions"][1]["story"]["headline"] == "Truce near Damascus"
    code, out, err = await command.run("story", "0000ffff")
    assert (code, out) == (1, "")
    assert "there is no story 0000ffff" in err
