"""Faults for tests break only what carries a known mark."""

import pytest

from services.enrichment.faults import inject
from services.enrichment.settings import EnrichmentSettings


@pytest.mark.parametrize("body", ["", "fault:error", "[[fault:unknown]]", "[[ fault:error ]]"])
def test_a_body_without_a_known_mark_is_let_through(body: str) -> None:
    inject(body)


def test_a_marked_body_breaks() -> None:
    with pytest.raises(RuntimeError, match="a fault was asked for"):
        inject("Before [[fault:error]] after")


def test_faults_are_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENRICHMENT_FAULTS", raising=False)
    assert EnrichmentSettings().enrichment_faults is False
    monkeypatch.setenv("ENRICHMENT_FAULTS", "1")
    assert EnrichmentSettings().enrichment_faults is True
