"""The handler of enrichment: take stories, tag them, pass them on."""

from collections.abc import Sequence
from typing import Protocol

from shared.schemas import Story, StoryAccepted, StoryEnriched, Tags
from shared.streaming import ENRICHED, Delivery, Emit, Handler, Outcome

STAGE = "enrichment"
WITHDRAWN = "canceled"


class Tagger(Protocol):
    """Makes tags; one answer per story, in order. Raises `Unavailable` when it cannot work at all."""

    async def tag(self, stories: Sequence[Story]) -> Sequence[Tags | Exception]:
        """The tags of each story, or what went wrong with it."""
        ...


def handler(tagger: Tagger) -> Handler[StoryAccepted]:
    """The stage's handler. A withdrawn story is passed on without tags: nothing of it will be read."""

    async def handle(deliveries: Sequence[Delivery[StoryAccepted]]) -> Sequence[Outcome | Exception]:
        stories = [delivery.message.story for delivery in deliveries]
        answers = iter(await tagger.tag([story for story in stories if story.pub_status != WITHDRAWN]))
        return [
            outcome(story, Tags() if story.pub_status == WITHDRAWN else next(answers)) for story in stories
        ]

    return handle


def outcome(story: Story, answer: Tags | Exception) -> Outcome | Exception:
    """The story with its tags on `stories.enriched`; or the error, which the engine tries again."""
    if isinstance(answer, Exception):
        return answer
    fields = {"id": story.uri, "version": str(story.version), "language": story.language}
    return Emit.one(ENRICHED, StoryEnriched(story=story, tags=answer), "enriched", fields=fields)
