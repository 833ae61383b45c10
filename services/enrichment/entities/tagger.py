"""From stories to people, organisations, places and events."""

from collections.abc import Sequence

from services.enrichment.entities.cluster import Cluster, cluster
from services.enrichment.entities.recogniser import Recogniser
from services.enrichment.entities.repeats import known_names, repeats
from services.enrichment.entities.settle import settle
from services.enrichment.entities.span import Span
from services.enrichment.entities.trim import names
from services.enrichment.language import english, no_model
from services.enrichment.places import Places
from shared.schemas import Entity, Mention, Story, Tags
from shared.schemas.base import MAX_ENTITIES, MAX_MENTIONS

NAME = "entities"
VERSION = "1"

LEAD = 500
"""Code points at the beginning of a story: who is named there is who it is about."""
ABOUT = 50


class EntityTagger:
    """Loads the model once. Call it from one thread."""

    def __init__(self, recogniser: Recogniser | None = None, places: Places | None = None) -> None:
        self._recogniser = recogniser or Recogniser()
        self._places = places or Places.read()
        self._rules = f"wiredesk-names/{VERSION}"
        self._creator = f"{self._recogniser.creator} {self._rules}"

    def tag(self, stories: Sequence[Story]) -> list[Tags]:
        """The entities of each story; of one that is not English, the known countries and capitals alone."""
        readable = [english(story) for story in stories]
        texts = [story.body_text for story, reads in zip(stories, readable, strict=True) if reads]
        found = iter(self._recogniser.find(texts))
        return [
            self._read(story, next(found)) if reads else self._look_up(story)
            for story, reads in zip(stories, readable, strict=True)
        ]

    def _read(self, story: Story, spans: Sequence[Span]) -> Tags:
        named = name_spans(story.body_text, spans, self._places)
        return Tags(entities=self._entities(story, named, self._creator))

    def _look_up(self, story: Story) -> Tags:
        named = known_names(story.body_text, self._places.names())
        entities = self._entities(story, named, self._rules)
        return Tags(entities=entities, skipped=(no_model(NAME, story),))

    def _entities(self, story: Story, spans: Sequence[Span], creator: str) -> tuple[Entity, ...]:
        clusters = cluster(story.body_text, spans, self._places)
        return tuple(entity(story, found, creator) for found in clusters[:MAX_ENTITIES])


def name_spans(text: str, spans: Sequence[Span], places: Places) -> list[Span]:
    """What the model found, cut to names, each name of one kind, missed repeats added. Pure."""
    trimmed = sorted({name for span in spans for name in names(text, span)})
    return repeats(text, settle(text, trimmed, places))


def entity(story: Story, found: Cluster, creator: str) -> Entity:
    """The public form of a cluster. The text of each mention is `body_text[start:end]`."""
    name = found.name(story.body_text)
    weight = relevance(story, found, name)
    place = found.place
    return Entity(
        kind=found.kind,
        name=name[:200],
        mentions=tuple(Mention(start=span.start, end=span.end) for span in found.spans[:MAX_MENTIONS]),
        uri=place.uri if place else None,
        country=place.country if place else None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        confidence=confidence(found),
        relevance=weight,
        rel="about" if weight >= ABOUT else "mentions",
        creator=creator,
    )


def confidence(found: Cluster) -> int:
    """How often such an entity was right on annotated articles, in per cent (the model card)."""
    if found.place:
        return 95
    if found.spans[0].sure:
        return 64
    return 70 if len(found.spans) > 1 else 52


def relevance(story: Story, found: Cluster, name: str) -> int:
    """0–100: in the headline 40, in the lead 20, and 10 for each mention up to four."""
    in_headline = any(part in story.headline for part in {name, found.spans[0].of(story.body_text)})
    in_lead = found.spans[0].start < LEAD
    return 40 * in_headline + 20 * in_lead + 10 * min(4, len(found.spans))
