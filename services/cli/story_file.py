"""All that is remembered of one story."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.cli.plain_text import plain
from services.cli.problem import Problem
from shared.store import (
    ArchivedEvent,
    DeadLetterRecord,
    Decision,
    RawRecord,
    Step,
    Store,
    StoryState,
    VersionRecord,
)

RECENT = timedelta(days=7)
MOST_RECENT = 1_000
"""The beginning of an id is looked for among so many stories published last."""

MIN_PREFIX = 4


@dataclass(frozen=True, slots=True)
class StoryFile:
    """A story, oldest things first. `state` is None while it has not been published."""

    uri: str
    state: StoryState | None
    versions: tuple[VersionRecord, ...]
    decisions: tuple[Decision, ...]
    steps: tuple[Step, ...]
    entries: tuple[RawRecord, ...]
    dead_letters: tuple[DeadLetterRecord, ...]
    events: tuple[ArchivedEvent, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anything at all is remembered of it."""
        return bool(self.versions or self.steps or self.entries or self.dead_letters or self.state)


async def load_story(store: Store, uri: str) -> StoryFile:
    """Raises `StoreError`."""
    return StoryFile(
        uri=uri,
        state=await store.stories.get(uri),
        versions=tuple(await store.versions.history(uri)),
        decisions=tuple(await store.decisions.of([uri])),
        steps=tuple(await store.timeline.of(uri)),
        entries=tuple(await store.raw.of(uri)),
        dead_letters=tuple(await store.dead_letters.of(uri)),
        events=tuple(await store.archive.of(uri)),
    )


async def find_story(store: Store, text: str, now: datetime | None = None) -> StoryFile:
    """The story that `text` means: its uri, its uuid, or a beginning of either that fits one recent story.

    Raises `Problem` when none or several fit, `StoreError` when MongoDB does not answer.
    """
    for uri in spellings(text):
        story = await load_story(store, uri)
        if story.known:
            return story
    until = now or datetime.now(UTC)
    recent = await store.stories.recent(until - RECENT, until + timedelta(days=1), MOST_RECENT)
    return await load_story(store, choose(text, [state.uri for state in recent]))


def spellings(text: str) -> list[str]:
    """The uris that a text may spell in full."""
    try:
        return list(dict.fromkeys([text, f"urn:uuid:{UUID(text.removeprefix('urn:uuid:'))}"]))
    except ValueError:
        return [text]


def choose(text: str, uris: list[str]) -> str:
    """The one uri that begins with `text`. Raises `Problem`."""
    start = text.casefold().removeprefix("urn:uuid:")
    fits = [uri for uri in uris if uri.casefold().removeprefix("urn:uuid:").startswith(start)]
    shown = plain(text, 80)
    if len(start) < MIN_PREFIX or not fits:
        raise Problem(
            f"there is no story {shown}",
            "give its uri, its uuid, or the beginning of one published in the last seven days "
            f"(at least {MIN_PREFIX} characters); `wiredesk tail` and `push --wait` show them",
        )
    if len(fits) > 1:
        some = ", ".join(plain(uri, 60) for uri in fits[:5])
        raise Problem(f"{len(fits)} stories begin with {shown}", f"give more of it: {some}")
    return fits[0]
