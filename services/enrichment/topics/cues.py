"""Topics by the words that speak for them: for the classes that the training rows do not hold.

Not trained: the words are a list of ours (`cues.toml`), and what a density means as a confidence was set
on texts in which they should stay silent (`docs/model-cards/topics.md` gives the figures).
"""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.enrichment.topics.terms import terms

CUES_FILE = Path(__file__).with_name("cues.toml")

STRONG, WEAK = 2.0, 1.0
MOST_REPEATS = 3
"""A word that is repeated more often says no more: one word must not decide alone."""
FEWEST_WORDS = 60
"""A shorter text is measured as if it were this long: three words are no evidence."""
FEWEST_CUES = 3
HALF = 4.5
"""Points per 100 words at which a topic is as likely as not."""


@dataclass(frozen=True, slots=True)
class Cued:
    """A topic that words speak for: `confidence` 0–1, `terms` the strongest first."""

    code: str
    confidence: float
    terms: tuple[str, ...]


class Cues:
    """Knows which words speak for which topic."""

    def __init__(self, weights: Mapping[str, Mapping[str, float]]) -> None:
        """`weights`: topic → word → points."""
        self._by_term: dict[str, list[tuple[str, float]]] = {}
        for code, points in weights.items():
            for term, value in points.items():
                self._by_term.setdefault(term, []).append((code, value))

    @classmethod
    def read(cls, file: Path = CUES_FILE) -> "Cues":
        """The project's own list, plurals added."""
        topics = tomllib.loads(file.read_text(encoding="utf-8"))
        return cls({code: _points(topic["strong"], topic["weak"]) for code, topic in topics.items()})

    def look(self, sequence: Sequence[str]) -> list[Cued]:
        """Every topic that at least three different words of the text speak for, the likeliest first."""
        found: dict[str, dict[str, float]] = {}
        for term, count in Counter(term for term in terms(sequence) if term in self._by_term).items():
            for code, points in self._by_term[term]:
                found.setdefault(code, {})[term] = points * min(count, MOST_REPEATS)
        scale = 100 / max(len(sequence), FEWEST_WORDS)
        cued = [_judge(code, points, scale) for code, points in found.items() if len(points) >= FEWEST_CUES]
        return sorted(cued, key=lambda topic: -topic.confidence)


def _judge(code: str, points: Mapping[str, float], scale: float) -> Cued:
    density = sum(points.values()) * scale
    ordered = sorted(points, key=lambda term: (-points[term], term))
    return Cued(code, density**2 / (density**2 + HALF**2), tuple(ordered))


def _points(strong: Sequence[str], weak: Sequence[str]) -> dict[str, float]:
    weighed = dict.fromkeys(weak, WEAK) | dict.fromkeys(strong, STRONG)
    return {f"{term}s": points for term, points in weighed.items()} | weighed
