"""The trained part: logistic regressions on TF-IDF terms and on WordLlama vectors, in numpy alone.

Their log-probabilities are summed and divided by a temperature, which was fitted on rows that neither
had seen, so that a confidence of 80 is right about four times in five on such rows. How the files were
made: `services/enrichment/training/topics.py`; what they can be trusted with: the model card beside them.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from services.enrichment.language import COMMON_WORDS
from services.enrichment.topics.terms import terms
from services.enrichment.topics.vectors import Vectors

Floats = NDArray[np.float32]

MODEL_FOLDER = Path(__file__).parents[1] / "models" / "topics"
WEIGHTS_FILE = "weights.safetensors"
TERMS_FILE = "terms.txt"
FACTS_FILE = "facts.json"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the training found out. `classes` are codes; `decided` and `also` are probabilities 0–1.

    Below `decided` the best topic is not told; `also` is what a further topic needs.
    """

    version: str
    classes: tuple[str, ...]
    temperature: float
    decided: float
    also: float

    @classmethod
    def read(cls, folder: Path) -> "Facts":
        """Raises FileNotFoundError or KeyError where the folder holds no model."""
        facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
        return cls(
            version=facts["version"],
            classes=tuple(facts["classes"]),
            temperature=facts["temperature"],
            decided=facts["decided"],
            also=facts["also"],
        )


@dataclass(frozen=True, slots=True)
class Regression:
    """A multinomial logistic regression: `weights` (features × classes), `bias` (classes)."""

    weights: Floats
    bias: Floats

    def log_probabilities(self, scores: Floats) -> Floats:
        """Scores without the bias, of any number of classes, to natural logarithms of probabilities."""
        scores = scores + self.bias
        top = scores.max()
        return np.asarray(scores - top - np.log(np.exp(scores - top).sum()), dtype=np.float32)


class TopicModel:
    """Says how probable each class is for a text, and which of its terms say so."""

    def __init__(
        self, facts: Facts, index: dict[str, int], idf: Floats, by_term: Regression, by_vector: Regression
    ) -> None:
        self.facts = facts
        self._index = index
        self._idf = idf
        self._by_term = by_term
        self._by_vector = by_vector
        self._vectors = Vectors.bundled()

    @classmethod
    def load(cls, folder: Path = MODEL_FOLDER) -> "TopicModel":
        """Reads the three files of a model: about 2 MB, 0.1 s, and WordLlama's own 16 MB."""
        arrays = {name: array.astype(np.float32) for name, array in load_file(folder / WEIGHTS_FILE).items()}
        known = (folder / TERMS_FILE).read_text(encoding="utf-8").splitlines()
        return cls(
            Facts.read(folder),
            {term: row for row, term in enumerate(known)},
            arrays["idf"],
            Regression(arrays["term_weights"], arrays["term_bias"]),
            Regression(arrays["vector_weights"], arrays["vector_bias"]),
        )

    def probabilities(self, texts: Sequence[str], cut: Sequence[Sequence[str]]) -> list[Floats]:
        """For each text, and the same text cut into words, the probability of each class."""
        by_vector = self._vectors.of(texts) @ self._by_vector.weights
        return [self._mixed(sequence, scores) for sequence, scores in zip(cut, by_vector, strict=True)]

    def evidence(self, sequence: Sequence[str], code: str, most: int) -> tuple[str, ...]:
        """The terms that raise this class most above the mean of all classes, the strongest first; none that
        any text holds."""
        rows, values = self._weigh(sequence)
        if not rows.size or code not in self.facts.classes:
            return ()
        weights = self._by_term.weights[rows]
        gain = values * (weights[:, self.facts.classes.index(code)] - weights.mean(axis=1))
        names = {self._index[term]: term for term in terms(sequence) if term in self._index}
        strongest = (int(at) for at in np.argsort(-gain, kind="stable") if gain[at] > 0)
        telling = (names[int(rows[at])] for at in strongest)
        return tuple(islice((term for term in telling if COMMON_WORDS.isdisjoint(term.split())), most))

    def _mixed(self, sequence: Sequence[str], vector_scores: Floats) -> Floats:
        rows, values = self._weigh(sequence)
        by_term = self._by_term.log_probabilities(values @ self._by_term.weights[rows])
        both = (by_term + self._by_vector.log_probabilities(vector_scores)) / self.facts.temperature
        weights = np.exp(both - both.max())
        return np.asarray(weights / weights.sum(), dtype=np.float32)

    def _weigh(self, sequence: Sequence[str]) -> tuple[NDArray[np.intp], Floats]:
        """TF-IDF with logarithmic counts and length one: the rows of the known terms and their values."""
        counts = Counter(row for row in map(self._index.get, terms(sequence)) if row is not None)
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        logs = np.fromiter((1.0 + math.log(count) for count in counts.values()), np.float32, len(counts))
        values = logs * self._idf[rows]
        length = float(np.linalg.norm(values)) or 1.0
        return rows, np.asarray(values / length, dtype=np.float32)
