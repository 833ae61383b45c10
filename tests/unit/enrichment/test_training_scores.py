"""The arithmetic of training and evaluation."""

import numpy as np
import pytest

from services.enrichment.training.calibration import fit_temperature, lowest_threshold, softmax
from services.enrichment.training.scores import (
    SpanCounts,
    annotated_spans,
    by_type,
    confidence_table,
    found_spans,
    topic_scores,
)
from shared.schemas import Entity, Mention, Subject, Tags

TEXT = "The Hague’s mayor met Ann Lee."


def subject(code: str, confidence: int) -> Subject:
    return Subject(code=code, name=code, confidence=confidence, creator="test/1")


def entity(kind: str, start: int, end: int) -> Tags:
    mention = Mention(start=start, end=end)
    return Tags(
        entities=(Entity.model_validate({"kind": kind, "name": "x", "mentions": [mention], "creator": "t"}),)
    )


def test_overconfident_numbers_are_cooled_down() -> None:
    """Two of three answers right, each told with near certainty: they should say about two thirds."""
    logs = np.array([[8.0, 0.0], [8.0, 0.0], [8.0, 0.0]])
    temperature = fit_temperature(logs, np.array([0, 0, 1]))
    assert temperature > 2
    assert softmax(logs / temperature)[0, 0] < 0.9


def test_the_threshold_is_the_lowest_that_can_be_trusted() -> None:
    logs = np.log(np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.55, 0.45]]))
    threshold, answered = lowest_threshold(logs, np.array([0, 0, 1, 1]), trusted=1.0)
    assert 0.6 < threshold <= 0.8
    assert answered == 0.5


def test_a_model_that_is_never_right_has_no_threshold() -> None:
    with pytest.raises(ValueError, match="not good enough"):
        lowest_threshold(np.log(np.array([[0.9, 0.1]])), np.array([1]), trusted=0.9)


def test_topic_scores() -> None:
    told = [
        Tags(subjects=(subject("16000000", 90), subject("11000000", 30))),
        Tags(subjects=(subject("16000000", 60), subject("11000000", 30))),
        Tags(undecided=("topics",)),
        Tags(subjects=(subject("04000000", 85),)),
    ]
    right = [{"16000000"}, {"11000000"}, {"04000000"}, {"15000000"}]
    scores = topic_scores(told, right)
    assert (scores.first, scores.two) == (0.25, 0.5)
    assert scores.answered == 0.75
    assert scores.answered_right == pytest.approx(1 / 3)
    assert (scores.confident, scores.confident_right) == (0.5, 0.5)


def test_spans_are_compared_without_article_and_possessive() -> None:
    truth = annotated_spans(TEXT, [(0, 11, "FAC"), (22, 29, "PER"), (12, 17, "NORP")])
    assert truth == {(4, 9, "LOC"), (22, 29, "PER")}
    assert found_spans(TEXT, entity("place", 4, 11)) == {(4, 9, "LOC")}
    assert found_spans(TEXT, entity("event", 4, 11)) == set()


def test_span_counts_by_type() -> None:
    counts = {label: SpanCounts() for label in ("all", "PER", "LOC")}
    by_type({(0, 1, "PER"), (2, 3, "LOC")}, {(0, 1, "PER"), (2, 3, "PER")}, counts)
    assert (counts["all"].precision, counts["all"].recall, counts["all"].f1) == (0.5, 0.5, 0.5)
    assert (counts["PER"].precision, counts["PER"].recall) == (1.0, 0.5)
    assert counts["LOC"].f1 == 0


def test_confidence_table() -> None:
    assert confidence_table([(80, True), (80, False), (50, True)]) == {50: (1, 1.0), 80: (2, 0.5)}
