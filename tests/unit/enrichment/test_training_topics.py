"""Training: the same rows give the same model, and the service can read it."""

import json
from pathlib import Path

import pytest

from services.enrichment.topics.model import TERMS_FILE, WEIGHTS_FILE, TopicModel
from services.enrichment.topics.terms import words
from services.enrichment.training.calibration import softmax

pytest.importorskip("sklearn", reason="training needs the extra: pip install 'wiredesk[train]'")
training = pytest.importorskip("services.enrichment.training.topics")

SPORT = "The striker scored goal number {} as the team won the match in round {} of the cup (BBC), (ESPN)"
BANKS = "Shares of bank number {} fell after it cut the profit forecast for quarter {} of the year."

QUAKE = "An earthquake of magnitude 6.{} killed people; rescue workers searched {} collapsed buildings."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [{"text": SPORT.format(n, n % 7), "topics": ["15"]} for n in range(80)]
    rows += [{"text": BANKS.format(n, n % 7), "topics": ["04", "11"]} for n in range(80)]
    rows += [{"text": QUAKE.format(n, n % 7), "topics": ["03"]} for n in range(80)]
    rows += [
        {"text": "A topic with a single row is left out of it.", "topics": ["06"]},
        {"text": "short", "topics": ["15"]},
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


def trained(data: Path, folder: Path) -> Path:
    rows = training.read(data)
    training.save(training.train(rows), {"version": "1", "also": 0.25, **training.calibrate(rows)}, folder)
    return folder


def test_rows_are_cleaned_and_rare_topics_left_out(data: Path) -> None:
    rows = training.read(data)
    assert set(rows.codes) == {"15000000", "04000000", "03000000"}
    assert rows.texts[0].endswith("of the cup")
    assert len(rows.texts) == 240


def test_too_few_topics_are_refused_with_a_reason(data: Path) -> None:
    rows = training.read(data)
    with pytest.raises(ValueError, match="at least three topics"):
        training.train(rows.part(range(80)))


def test_the_model_reads_and_tells_the_topics_apart(data: Path, tmp_path: Path) -> None:
    model = TopicModel.load(trained(data, tmp_path / "model"))
    texts = ["The team won the cup", "The bank cut its profit forecast"]
    best = [
        model.facts.classes[row.argmax()]
        for row in model.probabilities(texts, [words(text) for text in texts])
    ]
    assert best == ["15000000", "04000000"]


def test_the_same_rows_give_the_same_files(data: Path, tmp_path: Path) -> None:
    one, other = trained(data, tmp_path / "one"), trained(data, tmp_path / "other")
    for name in (WEIGHTS_FILE, TERMS_FILE, "facts.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_numpy_computes_what_the_trainer_computed(data: Path, tmp_path: Path) -> None:
    """The service's arithmetic is its own: it must agree with the library that fitted the weights."""
    rows = training.read(data)
    fitted = training.train(rows)
    facts = {"version": "1", "also": 0.25, "decided": 0.5, "temperature": 1.0}
    training.save(fitted, facts, tmp_path / "model")
    model = TopicModel.load(tmp_path / "model")
    texts = ["The team won the cup (BBC)", "The bank fell", "goal goal goal, the bank"]
    expected = softmax(fitted.log_probabilities(texts))
    for row, wanted in zip(
        model.probabilities(texts, [words(text) for text in texts]), expected, strict=True
    ):
        assert row == pytest.approx(wanted, abs=0.02)
