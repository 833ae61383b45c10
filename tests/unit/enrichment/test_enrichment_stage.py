"""The handler: one answer for each delivery, tags or the error."""

from collections.abc import Sequence
from typing import Any

import pytest

from services.enrichment.errors import ModelDied
from services.enrichment.stage import handler
from shared.schemas import Story, StoryAccepted, StoryEnriched, Tags
from shared.streaming import ENRICHED, Emit, Unavailable
from tests.stories import delivery, story, tags


class FakeTagger:
    """Answers as told, remembers what it was asked."""

    def __init__(self, *answers: Tags | Exception) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def tag(self, stories: Sequence[Story]) -> list[Tags | Exception]:
        self.asked += [known.uri for known in stories]
        return list(self.answers)


class DownTagger:
    """Cannot work at all."""

    async def tag(self, stories: Sequence[Story]) -> list[Tags | Exception]:
        raise Unavailable("models", "its process does not start")


def accepted(number: int, **fields: Any) -> StoryAccepted:
    return StoryAccepted(story=story(number, uri=f"urn:test:{number}", **fields))


async def test_a_tagged_story_goes_on() -> None:
    (answer,) = await handler(FakeTagger(tags()))([delivery(accepted(2, language="en-GB"))])
    assert isinstance(answer, Emit)
    assert answer.reason == "enriched"
    (output,) = answer.outputs
    assert output.stream == ENRICHED
    assert output.message == StoryEnriched(story=accepted(2, language="en-GB").story, tags=tags())
    assert output.fields == {"id": "urn:test:2", "version": "2", "language": "en-GB"}


async def test_an_error_is_that_storys_alone() -> None:
    error = ModelDied("the model process ended with code -11")
    deliveries = [delivery(accepted(number), number) for number in (1, 2, 3)]
    first, second, third = await handler(FakeTagger(tags(), error, tags()))(deliveries)
    assert second is error
    assert [answer.outputs[0].fields["id"] for answer in (first, third) if isinstance(answer, Emit)] == [
        "urn:test:1",
        "urn:test:3",
    ]


async def test_a_withdrawn_story_goes_on_without_tags_and_is_not_read() -> None:
    tagger = FakeTagger(tags(), tags())
    deliveries = [delivery(accepted(1)), delivery(accepted(2, pub_status="canceled")), delivery(accepted(3))]
    answers = await handler(tagger)(deliveries)
    assert tagger.asked == ["urn:test:1", "urn:test:3"]
    sent = [answer.outputs[0].message for answer in answers if isinstance(answer, Emit)]
    assert [message.tags for message in sent if isinstance(message, StoryEnriched)] == [
        tags(),
        Tags(),
        tags(),
    ]


async def test_a_withheld_story_is_read() -> None:
    tagger = FakeTagger(tags())
    await handler(tagger)([delivery(accepted(1, pub_status="withheld"))])
    assert tagger.asked == ["urn:test:1"]


async def test_models_that_are_down_stop_the_batch() -> None:
    with pytest.raises(Unavailable, match="models"):
        await handler(DownTagger())([delivery(accepted(1))])


async def test_an_empty_batch() -> None:
    assert await handler(FakeTagger())([]) == []
