"""Finding a story by what a person types, and showing it."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.console import Console

from services.cli.problem import Problem
from services.cli.story_file import StoryFile, choose, spellings
from services.cli.story_view import as_json, story_view
from shared.schemas import Removed
from shared.store import ArchivedEvent, DeadLetterRecord, Decision, RawRecord, Step, StoryState, VersionRecord
from tests.unit.cli.builders import NOON, URI, dead_letter, event, story

OTHER = "urn:uuid:3f2a9fff-0000-5000-8000-000000000002"
THIRD = "tag:example.org,2026:story-1"


def test_a_uuid_is_spelled_in_many_ways() -> None:
    assert URI in spellings("3F2A9C1E-0000-5000-8000-000000000001")
    assert URI in spellings("3f2a9c1e000050008000000000000001")
    assert spellings(THIRD) == [THIRD]


@pytest.mark.parametrize("text", ["3f2a9c", "urn:uuid:3f2a9c1e", "3F2A9C1E-0000"])
def test_an_unambiguous_beginning_is_enough(text: str) -> None:
    assert choose(text, [URI, OTHER, THIRD]) == URI


def test_any_uri_has_a_beginning() -> None:
    assert choose("tag:example", [URI, THIRD]) == THIRD


def test_an_ambiguous_beginning_lists_what_fits() -> None:
    with pytest.raises(Problem) as caught:
        choose("3f2a9", [URI, OTHER, THIRD])
    assert "2 stories begin with 3f2a9" in caught.value.sentence
    assert URI in caught.value.fix


@pytest.mark.parametrize("text", ["nothing", "3f2", "", "\x1b[2Jxxxx"])
def test_an_unknown_story_is_a_clear_message(text: str) -> None:
    with pytest.raises(Problem) as caught:
        choose(text, [URI])
    assert caught.value.sentence.startswith("there is no story")
    assert "\x1b" not in caught.value.sentence


def a_file() -> StoryFile:
    taken_out = Removed(text="Home", start=0, end=4, rule="breadcrumb", confidence=90)
    first = story(version=1, removed=(taken_out,))
    second = story("Fighting [red]near[/red]\x1b[2J Damascus", version=2)
    corrected = event(second, "corrected")
    steps = [
        Step(URI, 1, "ingest", "stories.ingest", "1-0", NOON, 3.25, "accepted", 1),
        Step(
            URI, 1, "publisher", "stories.enriched", "5-0", NOON + timedelta(seconds=1), 1.0, "published", 3
        ),
    ]
    return StoryFile(
        uri=URI,
        state=StoryState.of(corrected, "9-0"),
        versions=(
            VersionRecord(first, "stories.ingest/x/1-0", NOON),
            VersionRecord(second, "stories.ingest/x/2-0", NOON),
        ),
        decisions=(Decision(URI, 1, "published", NOON, "s"), Decision(URI, 2, "corrected", NOON, "s")),
        steps=tuple(steps),
        entries=(RawRecord("stories.ingest/x/1-0", "stories.ingest", "1-0", "accepted", URI, 1, NOON, 1.0),),
        dead_letters=(DeadLetterRecord("stories.dead/x/1-0", dead_letter("enrichment", "7-0", URI)),),
        events=(ArchivedEvent("9-0", corrected),),
    )


def printed(file: StoryFile, full: bool = False) -> str:
    console = Console(width=150, record=True, file=io.StringIO(), highlight=False)
    console.print(story_view(file, full))
    return console.export_text()


def test_the_view_shows_the_story_its_versions_its_way_and_its_dead_letters() -> None:
    text = printed(a_file())
    assert text.startswith("Fighting [red]near[/red]�[2J Damascus")
    assert "Fighting went on near Damascus on Sunday." in text
    assert "version 2 (corrected)" in text
    assert "as 9-0" in text
    assert "conflict, war and peace" in text
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert any(
        row.startswith("1 ") and "published usable Fighting near Damascus 1 span" in row for row in rows
    )
    assert any("3.2 ms accepted 1 1 stories.ingest 1-0" in row for row in rows)
    assert any("1.0 ms published 1 3 stories.enriched 5-0" in row for row in rows)
    assert "dead letter (open) enrichment 7-0: `body` is empty: fill it in." in text
    assert "\x1b" not in text


def test_a_long_body_is_cut_unless_asked_for() -> None:
    long = story(body_text="A sentence of the story.\n" * 200)
    file = replace(a_file(), versions=(VersionRecord(long, "s", NOON),))
    assert "--full shows all" in printed(file)
    assert printed(file, full=True).count("A sentence of the story.") == 200


def test_a_story_of_which_only_a_dead_letter_is_known_is_shown_too() -> None:
    file = replace(a_file(), state=None, versions=(), decisions=(), steps=(), entries=())
    assert file.known
    assert printed(file).splitlines()[0] == URI
    assert not replace(file, dead_letters=()).known


def test_a_story_that_waits_says_not_yet() -> None:
    file = replace(a_file(), state=None, decisions=())
    assert "not yet" in printed(file)
    assert "not decided yet" in printed(file)


def test_json_holds_everything() -> None:
    answer = json.loads(json.dumps(as_json(a_file())))
    assert answer["uri"] == URI
    assert [one["version"] for one in answer["versions"]] == [1, 2]
    assert answer["versions"][1]["outcome"] == "corrected"
    assert answer["versions"][1]["story"]["headline"] == "Fighting [red]near[/red]\x1b[2J Damascus"
    assert answer["timeline"][1]["deliveries"] == 3
    assert answer["published"]["type"] == "wiredesk.story.corrected.v1"
    assert answer["dead_letters"][0]["state"] == "open"
    assert answer["entries"][0]["outcome"] == "accepted"
    assert answer["events"][0]["event"]["data"]["tags"]["subjects"][0]["code"] == "16000000"
