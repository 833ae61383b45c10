"""How well tags agree with annotated texts. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from shared.schemas import Tags

Span = tuple[int, int, str]
"""Start, end, and `PER`, `ORG` or `LOC`."""

LABELS: Mapping[str, str] = MappingProxyType({"person": "PER", "organisation": "ORG", "place": "LOC"})
_ANNOTATED: Mapping[str, str] = MappingProxyType({"PER": "PER", "ORG": "ORG", "LOC": "LOC", "FAC": "LOC"})
_ARTICLE = re.compile(r"the\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s$")
CONFIDENT = 80


@dataclass(frozen=True, slots=True)
class TopicScores:
    """Shares 0–1. `first`: the first topic is right; `two`: one of the first two; `answered`: not undecided;
    `confident`: at a confidence of 80 and more, and `confident_right`: how many of those are right."""

    stories: int
    first: float
    two: float
    answered: float
    answered_right: float
    confident: float
    confident_right: float


def topic_scores(tags: Sequence[Tags], right: Sequence[set[str]]) -> TopicScores:
    """`right` holds the codes of which any is right. An undecided story counts as wrong in `first`."""
    hits = [
        [subject.code in truth for subject in one.subjects] for one, truth in zip(tags, right, strict=True)
    ]
    answered = [hit for hit in hits if hit]
    sure = [
        hit for one, hit in zip(tags, hits, strict=True) if hit and one.subjects[0].confidence >= CONFIDENT
    ]
    return TopicScores(
        stories=len(tags),
        first=_share(hit[0] for hit in answered) * len(answered) / max(len(tags), 1),
        two=_share(any(hit[:2]) for hit in hits),
        answered=len(answered) / max(len(tags), 1),
        answered_right=_share(hit[0] for hit in answered),
        confident=len(sure) / max(len(tags), 1),
        confident_right=_share(hit[0] for hit in sure),
    )


@dataclass(slots=True)
class SpanCounts:
    """How many spans are right, were found, and are annotated."""

    right: int = 0
    found: int = 0
    annotated: int = 0

    def add(self, found: set[Span], annotated: set[Span]) -> None:
        """Count one text. Exact span and type."""
        self.right += len(found & annotated)
        self.found += len(found)
        self.annotated += len(annotated)

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right."""
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        """Of what is annotated, the share that was found."""
        return self.right / max(self.annotated, 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / max(self.found + self.annotated, 1)


def found_spans(text: str, tags: Tags) -> set[Span]:
    """The mentions of people, organisations and places."""
    spans = (
        (mention.start, mention.end, LABELS[entity.kind])
        for entity in tags.entities
        if entity.kind in LABELS
        for mention in entity.mentions
    )
    return {_bare(text, span) for span in spans}


def annotated_spans(text: str, rows: Iterable[tuple[int, int, str]]) -> set[Span]:
    """The annotated spans of the three types; a facility counts as a place."""
    return {_bare(text, (start, end, _ANNOTATED[label])) for start, end, label in rows if label in _ANNOTATED}


def by_type(found: set[Span], annotated: set[Span], counts: Mapping[str, SpanCounts]) -> None:
    """Add one text to the counts of `all`, `PER`, `ORG` and `LOC`."""
    for label, count in counts.items():
        count.add(*({span for span in spans if label in ("all", span[2])} for spans in (found, annotated)))


def confidence_table(pairs: Iterable[tuple[int, bool]]) -> dict[int, tuple[int, float]]:
    """Confidence → how many had it, and how many of these were right."""
    every, right = Counter[int](), Counter[int]()
    for confidence, is_right in pairs:
        every[confidence] += 1
        right[confidence] += is_right
    return {confidence: (count, right[confidence] / count) for confidence, count in sorted(every.items())}


def _bare(text: str, span: Span) -> Span:
    """Without a leading article and a trailing possessive, as the annotators differ on them."""
    start, end, label = span
    article = _ARTICLE.match(text, start, end)
    start = article.end() if article else start
    possessive = _POSSESSIVE.search(text[start:end])
    return start, start + possessive.start() if possessive else end, label


def _share(hits: Iterable[bool]) -> float:
    known = list(hits)
    return sum(known) / max(len(known), 1)
