"""Everything is killed while stories flow: none is lost, none comes out twice."""

import itertools
import os
import threading
import time
from collections import Counter

import pytest

from tests.servers.stack import SERVICES, Stack
from tests.wire import Wire

STORIES = 2_000
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(os.environ.get("WIREDESK_STACK")), reason="kills only a stack of its own"),
]


def body(number: int, extra: str = "") -> str:
    return (
        f"Minister {number} opened bridge {number} in Vienna on Monday. Traffic flows again. {extra}".strip()
    )


def flow() -> list[dict[str, object]]:
    """Good stories, and among them re-sends, corrections, holds, and entries that are no stories."""
    entries: list[dict[str, object]] = []
    for number in range(STORIES):
        story: dict[str, object] = {"provider": "kills", "guid": number, "body": body(number)}
        match number % 20:
            case 7:  # the story before, unchanged
                story.update(guid=number - 1, body=body(number - 1))
            case 11:  # the story before, corrected
                story.update(guid=number - 1, body=body(number - 1, "Corrected."))
            case 13:
                story.update(pub_status="withheld")
            case 17:
                story.pop("body")
        entries.append(story)
    return entries


def kill_in_turn(stack: Stack, over: threading.Event, kills: Counter[str]) -> None:
    """SIGKILL each service in turn, and now and then a server, until told that it is over."""
    for turn, name in enumerate(itertools.cycle(SERVICES)):
        if over.wait(0.8):
            return
        stack.named(name).kill()
        kills[name] += 1
        if turn % 10 == 4:
            stack.redis.restart()
            kills["redis"] += 1
        if turn % 10 == 9 and not stack.mongo.outside:
            stack.mongo.restart()
            kills["mongo"] += 1


def test_two_thousand_stories_while_everything_is_killed() -> None:
    with Stack(MIN_IDLE_SECONDS="1") as stack:
        wire, over = Wire(stack.redis_url), threading.Event()
        kills: Counter[str] = Counter()
        killer = threading.Thread(target=kill_in_turn, args=(stack, over, kills))
        killer.start()
        entries = flow()
        for start in range(0, STORIES, 50):
            wire.push_many(entries[start : start + 50])
            time.sleep(0.2)
        killed = [*SERVICES, "redis"] + ([] if stack.mongo.outside else ["mongo"])
        wire.wait(lambda: min(kills[name] for name in killed) >= 2, seconds=120)
        over.set()
        killer.join()
        wire.wait_quiet(seconds=240)
        check(wire)
        wire.close()


def check(wire: Wire) -> None:
    events, letters, counted = wire.events(), wire.letters(), wire.counters()
    ids = [event.id for event in events]
    assert [event_id for event_id, times in Counter(ids).items() if times > 1] == []
    versions: dict[str, list[int]] = {}
    for event in events:
        versions.setdefault(event.subject, []).append(event.data.story.version)
    assert all(order == sorted(set(order)) for order in versions.values()), (
        "versions of a story never go back"
    )

    kinds = Counter(number % 20 for number in range(STORIES))
    good = {str(number) for number in range(STORIES) if number % 20 not in (7, 11, 13, 17)}
    assert {event.data.story.guid for event in events} == good, "no good story is lost"
    assert len(letters) == kinds[17], "no good story is dead-lettered"
    assert all(letter.stage == "ingest" and "body" in letter.message for letter in letters)

    outcomes = {
        "published": counted["publisher.published"],
        "duplicate": counted["ingest.duplicate"],
        "superseded": counted["ingest.superseded"] + counted["publisher.superseded"],
        "withheld": counted["publisher.withheld"],
        "dead_lettered": sum(value for name, value in counted.items() if name.endswith(".dead_lettered")),
    }
    assert sum(outcomes.values()) == STORIES, (outcomes, counted)
    assert outcomes["duplicate"] == kinds[7]
    assert outcomes["withheld"] == kinds[13]
    assert outcomes["published"] + outcomes["superseded"] == len(good) + kinds[11]
    assert counted["archive.archived"] == len(events)
