"""The numbers of the topic model: what its files say is what it computes."""

import numpy as np
import pytest

from services.enrichment.topics.model import MODEL_FOLDER, Facts, Regression, TopicModel
from services.enrichment.topics.terms import words
from services.enrichment.topics.vectors import Vectors
from services.enrichment.topics.vocabulary import media_topics

TEXTS = ["Rebels shelled the town and killed soldiers.", "", "1234", "The bank cut its rates, shares rose."]


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return TopicModel.load()


def test_probabilities_add_up_for_any_text(model: TopicModel) -> None:
    for row in model.probabilities(TEXTS, [words(text) for text in TEXTS]):
        assert row.shape == (len(model.facts.classes),)
        assert row.sum() == pytest.approx(1, abs=1e-5)
        assert np.isfinite(row).all()


def test_evidence_is_for_the_class_that_was_asked(model: TopicModel) -> None:
    sequence = words("Rebels shelled the bank and its shares")
    assert "rebels" in model.evidence(sequence, "16000000", 3)
    assert "shares" in model.evidence(sequence, "04000000", 3)
    assert model.evidence(sequence, "17000000", 3) == ()
    assert model.evidence([], "16000000", 3) == ()


def test_evidence_holds_no_words_that_any_text_has(model: TopicModel) -> None:
    sequence = words("The bank and its shares: it is the bank that has them in Syria")
    shown = " ".join(model.evidence(sequence, "04000000", 20)).split()
    assert "bank" in shown
    assert {"the", "its", "it", "in", "and"}.isdisjoint(shown)


def test_the_shipped_model_is_small_and_knows_its_classes(model: TopicModel) -> None:
    assert sum(file.stat().st_size for file in MODEL_FOLDER.iterdir()) < 5_000_000
    assert set(model.facts.classes) < set(media_topics())
    assert 0.3 < model.facts.decided < 0.9


def test_a_regression_answers_logarithms_of_probabilities() -> None:
    regression = Regression(np.zeros((2, 3), np.float32), np.array([0.0, 1.0, 1000.0], np.float32))
    assert np.exp(regression.log_probabilities(np.zeros(3, np.float32))) == pytest.approx([0, 0, 1])


def test_a_folder_without_a_model_says_what_is_missing() -> None:
    with pytest.raises(FileNotFoundError, match=r"facts\.json"):
        Facts.read(MODEL_FOLDER.parent)


def test_vectors_have_length_one_or_none() -> None:
    vectors = Vectors.bundled().of(["war and peace", "", "平和 🕊"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 1], abs=1e-3)
