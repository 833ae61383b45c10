"""Trains the topic model that the service ships.

Usage: `python -m services.enrichment.training.topics --data FILE --out FOLDER`

FILE holds a JSON object per line: `{"text": …, "topics": ["16", …]}`, topics as the first two digits of
Media Topic codes. The same file gives the same model: no step draws random numbers but the shuffle
that keeps rows aside, and that is seeded.
"""

import argparse
import hashlib
import json
import logging
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save as serialised
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from services.enrichment.topics.model import FACTS_FILE, TERMS_FILE, WEIGHTS_FILE
from services.enrichment.topics.terms import terms, words
from services.enrichment.topics.vectors import Vectors
from services.enrichment.training.calibration import fit_temperature, lowest_threshold

log = logging.getLogger(__name__)

VERSION = "1"
SEED = 20
HELD_OUT = 0.15
FEWEST_ROWS = 50
SHORTEST = 20
MOST_TERMS = 40_000
TRUSTED = 0.85
"""Of the stories that get an answer, this share is right on the rows kept aside."""
ALSO = 0.25
"""A further topic is told from here: one in four. Rows name one topic where a reader would name two."""

_SOURCES = re.compile(r"(?:[\s,;.]*\([^()]{1,60}\)[\s,;.]*)+$")


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts and the code of each."""

    texts: list[str]
    codes: list[str]

    def part(self, at: Sequence[int]) -> "Rows":
        """The rows at these places."""
        return Rows([self.texts[i] for i in at], [self.codes[i] for i in at])


@dataclass(frozen=True, slots=True)
class Trained:
    """The two regressions and what they read."""

    vectorizer: TfidfVectorizer
    by_term: LogisticRegression
    by_vector: LogisticRegression

    def log_probabilities(self, texts: list[str]) -> np.ndarray[Any, Any]:
        """The sum of both, rows × classes."""
        vectors = Vectors.bundled().of(texts)
        by_term = self.by_term.predict_log_proba(self.vectorizer.transform(texts))
        return np.asarray(by_term + self.by_vector.predict_log_proba(vectors))


def read(file: Path) -> Rows:
    """Rows with their trailing `(BBC)`, `(Reuters)` cut off, each text once, under its rarest topic."""
    found: dict[str, list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = _SOURCES.sub("", row["text"])
        if len(text) >= SHORTEST:
            found.setdefault(text, row["topics"])
    counts = Counter(topic for topics in found.values() for topic in topics)
    rarest = {text: min(topics, key=counts.__getitem__) for text, topics in found.items()}
    kept = {text: topic for text, topic in rarest.items() if counts[topic] >= FEWEST_ROWS}
    return Rows([*kept], [f"{topic}000000" for topic in kept.values()])


def train(rows: Rows) -> Trained:
    """Fit both regressions; each class weighs the same, however many rows it has.

    Raises ValueError for fewer than three topics: a regression of two has a single column.
    """
    if len(set(rows.codes)) < 3:
        raise ValueError(f"the rows need at least three topics with {FEWEST_ROWS} rows each")
    vectorizer = TfidfVectorizer(
        analyzer=_analyse, min_df=3, max_features=MOST_TERMS, sublinear_tf=True, dtype=np.float32
    )
    by_term = LogisticRegression(C=3, class_weight="balanced", max_iter=300, tol=1e-3)
    by_vector = LogisticRegression(C=10, class_weight="balanced", max_iter=300, tol=1e-3)
    by_term.fit(vectorizer.fit_transform(rows.texts), rows.codes)
    by_vector.fit(Vectors.bundled().of(rows.texts), rows.codes)
    return Trained(vectorizer, by_term, by_vector)


def calibrate(rows: Rows) -> dict[str, float]:
    """Train on most rows, look at the rest: the temperature, the threshold, and how good they are."""
    order = list(range(len(rows.texts)))
    random.Random(SEED).shuffle(order)  # noqa: S311 - a split, not a secret
    aside = rows.part(order[: int(len(order) * HELD_OUT)])
    trained = train(rows.part(order[len(aside.texts) :]))
    logs = trained.log_probabilities(aside.texts)
    truth = np.searchsorted(trained.by_term.classes_, aside.codes)
    temperature = fit_temperature(logs, truth)
    decided, share = lowest_threshold(logs / temperature, truth, TRUSTED)
    accuracy = float((logs.argmax(axis=1) == truth).mean())
    return {
        "temperature": round(temperature, 3),
        "decided": round(decided, 3),
        "held_out_accuracy": round(accuracy, 3),
        "held_out_answered": round(share, 3),
    }


def save(trained: Trained, facts: dict[str, Any], folder: Path) -> None:
    """Write the three files that `TopicModel.load` reads. Half precision: it moves no decision."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        "idf": trained.vectorizer.idf_,
        "term_weights": trained.by_term.coef_.T,
        "term_bias": trained.by_term.intercept_,
        "vector_weights": trained.by_vector.coef_.T,
        "vector_bias": trained.by_vector.intercept_,
    }
    halves = {name: np.ascontiguousarray(array, dtype=np.float16) for name, array in arrays.items()}
    (folder / WEIGHTS_FILE).write_bytes(serialised(halves))
    names = trained.vectorizer.get_feature_names_out()
    (folder / TERMS_FILE).write_text("\n".join(names) + "\n", encoding="utf-8")
    facts["classes"] = [str(code) for code in trained.by_term.classes_]
    (folder / FACTS_FILE).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _analyse(text: str) -> list[str]:
    return [*terms(words(text))]


def main() -> None:
    """Calibrate on a part, train on all, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    rows = read(given.data)
    facts = {"version": VERSION, "seed": SEED, "rows": len(rows.texts), "also": ALSO, **calibrate(rows)}
    facts["data_sha256"] = hashlib.sha256(given.data.read_bytes()).hexdigest()
    save(train(rows), facts, given.out)
    log.warning("%s → %s", json.dumps(facts), given.out)


if __name__ == "__main__":
    main()
