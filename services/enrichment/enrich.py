"""The bare enrichment: stories in, tags out, in this process.

The service runs exactly this in a process of its own; benchmarks and evaluations call it directly.
"""

import logging
from collections.abc import Sequence
from functools import cache

from services.enrichment.enricher import Enricher
from services.enrichment.merge import merge
from shared.schemas import Story, Tags

log = logging.getLogger(__name__)

MAX_CHARS = 50_000
"""Default bound on the code points of a body that are read: some 8,000 words, a second of work."""


@cache
def default_enrichers() -> tuple[Enricher, ...]:
    """Topics and entities, their models loaded on the first call: about 1 s."""
    from services.enrichment.entities import tagger as entities
    from services.enrichment.topics import tagger as topics

    return (
        Enricher(topics.NAME, topics.VERSION, topics.TopicTagger().tag),
        Enricher(entities.NAME, entities.VERSION, entities.EntityTagger().tag),
    )


def enrich(
    stories: Sequence[Story], enrichers: Sequence[Enricher] | None = None, max_chars: int = MAX_CHARS
) -> list[Tags]:
    """The tags of each story, in their order.

    Of a longer body only the first `max_chars` code points are read, and `skipped` says so. An enricher
    that raises costs its own tags of the stories it fails on, and `skipped` says so. MemoryError passes:
    the process cannot be trusted after it.
    """
    bounded = [_bounded(story, max_chars) for story in stories]
    chosen = default_enrichers() if enrichers is None else enrichers
    columns = [_run(enricher, bounded) for enricher in chosen]
    return [merge((*parts, _cut(story, max_chars))) for story, *parts in zip(stories, *columns, strict=True)]


def _run(enricher: Enricher, stories: Sequence[Story]) -> list[Tags]:
    """All at once; where that fails, each alone, so that one story costs the others nothing."""
    try:
        return _checked(enricher, stories)
    except MemoryError:
        raise
    except Exception as error:
        if len(stories) == 1:
            log.exception("%s failed on %s", enricher.name, stories[0].uri)
            return [Tags(skipped=(f"{enricher.name}: error {type(error).__name__}: {error}"[:200],))]
        return [tags for story in stories for tags in _run(enricher, [story])]


def _checked(enricher: Enricher, stories: Sequence[Story]) -> list[Tags]:
    answered = list(enricher.tag(stories))
    if len(answered) != len(stories):
        raise ValueError(f"answered {len(answered)} tags for {len(stories)} stories")
    return answered


def _bounded(story: Story, max_chars: int) -> Story:
    """Cut after the last word that fits: offsets stay true, and no half word is tagged."""
    body = story.body_text
    if len(body) <= max_chars:
        return story
    blank = body.rfind(" ", max_chars // 2, max_chars)
    return story.model_copy(update={"body_text": body[: blank if blank > 0 else max_chars]})


def _cut(story: Story, max_chars: int) -> Tags:
    if len(story.body_text) <= max_chars:
        return Tags()
    return Tags(skipped=(f"all: only the first {max_chars} characters were read (ENRICHMENT_MAX_CHARS)",))
