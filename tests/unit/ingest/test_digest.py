"""The digest changes with what a reader sees, and with nothing else."""

from datetime import UTC, datetime

import pytest

from services.ingest.digest import SEEN, digest
from shared.schemas import Story

BASE: dict[str, object] = {
    "headline": "H",
    "body_text": "One.\n\nTwo.",
    "pub_status": "usable",
    "keywords": ("a",),
}


def test_it_is_hex() -> None:
    assert len(digest(BASE)) == 64
    assert set(digest(BASE)) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "change",
    [
        {"headline": "I"},
        {"body_text": "One.\n\nThree."},
        {"byline": "Ada"},
        {"dateline": "LONDON"},
        {"pub_status": "canceled"},
        {"embargoed_until": datetime(2030, 1, 1, tzinfo=UTC)},
        {"captions": ("A bridge",)},
        {"author_bio": "Ada writes."},
        {"section": ("World",)},
        {"keywords": ("b",)},
        {"urgency": 1},
    ],
)
def test_what_a_reader_sees_counts(change: dict[str, object]) -> None:
    assert digest(BASE | change) != digest(BASE)


@pytest.mark.parametrize(
    "change",
    [
        {"body_text": "One.  Two."},
        {"headline": " H "},
        {"version_created": datetime(2030, 1, 1, tzinfo=UTC)},
        {"version": 9},
        {"language": "de"},
        {"provider": "other"},
    ],
)
def test_the_rest_does_not(change: dict[str, object]) -> None:
    assert digest(BASE | change) == digest(BASE)


def test_text_cannot_wander_between_fields() -> None:
    assert digest({"headline": "ab", "byline": "c"}) != digest({"headline": "a", "byline": "bc"})


def test_only_fields_of_a_story_are_named() -> None:
    assert set(SEEN) <= set(Story.model_fields)
