"""What became of what was pushed: matching what is seen on the wire and in the store."""

from datetime import UTC, datetime

import pytest

from services.cli.fate import Fate, Outcome, SeenEvent
from services.cli.outcomes import Outcomes
from shared.store import Decision, DecisionOutcome, IngestOutcome, RawRecord
from tests.unit.cli.builders import URI, dead_letter, event, story, trace

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OTHER = "urn:uuid:00000000-0000-5000-8000-000000000002"


def pushed(*entry_ids: str) -> Outcomes:
    outcomes = Outcomes()
    for entry_id in entry_ids:
        outcomes.pushed(f"{entry_id}.txt", entry_id)
    return outcomes


def record(entry_id: str, outcome: IngestOutcome = "accepted", version: int = 1, uri: str = URI) -> RawRecord:
    return RawRecord(
        f"stories.ingest/x/{entry_id}", "stories.ingest", entry_id, outcome, uri, version, NOW, 1.0
    )


def seen(version: int = 1, kind: str = "published", uri: str = URI) -> SeenEvent:
    return SeenEvent.of(event(story(version=version, uri=uri), kind=kind))


def decision(outcome: DecisionOutcome, version: int = 1) -> Decision:
    return Decision(URI, version, outcome, NOW, "stories.enriched/x/1-0")


def only(outcomes: Outcomes) -> Fate:
    (fate,) = outcomes.fates
    return fate


def test_a_story_that_nobody_has_touched_is_queued() -> None:
    outcomes = pushed("1-0")
    assert only(outcomes).outcome is Outcome.QUEUED
    assert outcomes.open == outcomes.not_ingested == ["1-0"]
    assert outcomes.undecided == []


def test_an_event_is_matched_by_its_trace_before_ingest_is_asked() -> None:
    outcomes = pushed("1-0", "2-0")
    outcomes.published(seen(), trace("1-0", "prefix:stories.ingest"))
    first, second = outcomes.fates
    assert first == Fate(
        "1-0.txt", "1-0", Outcome.PUBLISHED, URI, 1, "Fighting near Damascus", ("conflict, war and peace",)
    )
    assert second.outcome is Outcome.QUEUED
    assert outcomes.open == ["2-0"]


def test_without_a_trace_uri_and_version_match_in_either_order() -> None:
    for ingested_first in (True, False):
        outcomes = pushed("1-0")
        steps = [lambda o: o.ingested([record("1-0")]), lambda o: o.published(seen(), ())]
        for step in steps if ingested_first else reversed(steps):
            step(outcomes)
        assert only(outcomes).outcome is Outcome.PUBLISHED
        assert not outcomes.open


def test_a_trace_of_another_entry_does_not_make_ours_published() -> None:
    outcomes = pushed("1-0")
    outcomes.published(seen(uri=OTHER), trace("5-5"))
    assert only(outcomes).outcome is Outcome.QUEUED


def test_a_hop_of_another_stream_with_the_same_entry_id_is_not_ours() -> None:
    outcomes = pushed("1-0")
    outcomes.published(seen(), trace("1-0", "stories.enriched"))
    assert only(outcomes).outcome is Outcome.QUEUED


@pytest.mark.parametrize("kind", ["corrected", "withdrawn"])
def test_the_kind_of_event_is_told(kind: str) -> None:
    outcomes = pushed("1-0")
    outcomes.published(seen(2, kind), trace("1-0"))
    assert only(outcomes).detail == kind


@pytest.mark.parametrize(
    ("said", "words"), [("duplicate", "same as version 3"), ("superseded", "older than version 3")]
)
def test_what_ingest_does_not_pass_on_ends_there(said: IngestOutcome, words: str) -> None:
    outcomes = pushed("1-0")
    outcomes.ingested([record("1-0", said, version=3)])
    assert only(outcomes).outcome.value == said
    assert words in only(outcomes).detail
    assert not outcomes.open


def test_an_accepted_story_is_not_at_its_end() -> None:
    outcomes = pushed("1-0")
    outcomes.ingested([record("1-0"), record("7-7")])
    assert only(outcomes).outcome is Outcome.ACCEPTED
    assert outcomes.undecided == [URI]
    assert outcomes.not_ingested == []


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("withheld", Outcome.WITHHELD),
        ("embargoed", Outcome.WITHHELD),
        ("superseded", Outcome.SUPERSEDED),
        ("published", Outcome.ACCEPTED),
    ],
)
def test_what_the_publisher_decides_ends_it_unless_an_event_will_show(
    said: DecisionOutcome, end: Outcome
) -> None:
    outcomes = pushed("1-0")
    outcomes.ingested([record("1-0")])
    outcomes.decided([decision(said, version=2)])
    assert only(outcomes).outcome is Outcome.ACCEPTED
    outcomes.decided([decision(said)])
    assert only(outcomes).outcome is end


def test_a_version_below_a_published_one_is_superseded_by_the_guard() -> None:
    outcomes = pushed("1-0", "2-0", "3-0")
    outcomes.ingested([record("1-0", version=1), record("2-0", version=2)])
    outcomes.published(seen(2), ())
    outcomes.ingested([record("3-0", version=1, uri=OTHER)])
    assert [fate.outcome for fate in outcomes.fates] == [
        Outcome.SUPERSEDED,
        Outcome.PUBLISHED,
        Outcome.ACCEPTED,
    ]


def test_a_version_published_before_the_newer_one_is_not_superseded() -> None:
    outcomes = pushed("1-0")
    outcomes.published(seen(1), ())
    outcomes.published(seen(2), ())
    outcomes.ingested([record("1-0", version=1)])
    assert only(outcomes).outcome is Outcome.PUBLISHED


def test_a_dead_letter_of_ingest_is_matched_by_entry() -> None:
    outcomes = pushed("1-0", "2-0")
    outcomes.dead(dead_letter(entry_id="2-0"), ())
    assert [fate.outcome for fate in outcomes.fates] == [Outcome.QUEUED, Outcome.DEAD_LETTERED]
    assert outcomes.fates[1].detail == "ingest: `body` is empty: fill it in."


def test_a_dead_letter_of_a_later_stage_is_matched_by_trace() -> None:
    outcomes = pushed("1-0")
    outcomes.dead(dead_letter("enrichment", "1-0", URI), ())  # an entry id of another stream
    assert only(outcomes).outcome is Outcome.QUEUED
    outcomes.dead(dead_letter("enrichment", "8-8", URI), trace("1-0"))
    assert only(outcomes).outcome is Outcome.DEAD_LETTERED


def test_a_dead_letter_without_trace_is_matched_by_uri_and_version() -> None:
    outcomes = pushed("1-0", "2-0")
    outcomes.ingested([record("1-0", version=1), record("2-0", version=2)])
    outcomes.dead(dead_letter("publisher", "8-8", URI, version=2), ())
    assert [fate.outcome for fate in outcomes.fates] == [Outcome.ACCEPTED, Outcome.DEAD_LETTERED]


def test_a_dead_letter_of_the_archive_takes_nothing_back() -> None:
    outcomes = pushed("1-0")
    outcomes.dead(dead_letter("archive", "8-8", URI), trace("1-0"))
    assert only(outcomes).outcome is Outcome.QUEUED


def test_an_end_once_known_stays() -> None:
    outcomes = pushed("1-0")
    outcomes.published(seen(), trace("1-0"))
    outcomes.ingested([record("1-0", "duplicate")])
    outcomes.decided([decision("withheld")])
    outcomes.dead(dead_letter("enrichment", "8-8", URI), trace("1-0"))
    assert only(outcomes).outcome is Outcome.PUBLISHED


def test_two_entries_of_one_text_end_each_for_itself() -> None:
    outcomes = pushed("1-0", "2-0")
    outcomes.ingested([record("1-0"), record("2-0", "duplicate")])
    outcomes.published(seen(), ())
    assert [fate.outcome for fate in outcomes.fates] == [Outcome.PUBLISHED, Outcome.DUPLICATE]


def test_refused_stories_keep_their_place_in_the_report() -> None:
    outcomes = pushed("1-0")
    outcomes.refused("bad.txt", "too large")
    outcomes.pushed("good.txt", "2-0")
    assert [fate.label for fate in outcomes.fates] == ["1-0.txt", "bad.txt", "good.txt"]
    assert outcomes.open == ["1-0", "2-0"]
    assert outcomes.fates[1].outcome is Outcome.REFUSED


def test_ends_and_good_ends() -> None:
    assert {one for one in Outcome if not one.final} == {Outcome.ACCEPTED, Outcome.QUEUED}
    assert {one for one in Outcome if one.final and not one.good} == {Outcome.DEAD_LETTERED, Outcome.REFUSED}
