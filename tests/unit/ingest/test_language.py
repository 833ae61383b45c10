"""Telling a language, offline."""

import socket

import pytest

from services.ingest.language import canonical_tag, detect_language


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("The council agreed on Tuesday to build a new bridge over the river.", "en"),
        ("Der Stadtrat hat am Dienstag den Bau einer neuen Brücke beschlossen.", "de"),
        ("Le conseil municipal a décidé mardi de construire un nouveau pont.", "fr"),
        ("El ayuntamiento decidió el martes construir un puente nuevo.", "es"),
        ("Городской совет решил во вторник построить новый мост через реку.", "ru"),
        ("市議会は火曜日、川に新しい橋を架けることを決定したと関係者が述べた。", "ja"),
    ],
)
def test_languages(text: str, tag: str) -> None:
    assert detect_language(text) == tag


@pytest.mark.parametrize("text", ["", "OK", "12:30 45 46 47 48 49 50 51 52 53", "!!! ??? ..."])
def test_too_little_text_is_undetermined(text: str) -> None:
    assert detect_language(text) == "und"


def test_capitals_do_not_confuse() -> None:
    assert detect_language("THE COUNCIL AGREED ON TUESDAY TO BUILD A NEW BRIDGE OVER THE RIVER.") == "en"


def test_line_ends_do_not_matter() -> None:
    assert detect_language("The council agreed\non Tuesday to build\r\na new bridge.") == "en"


def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    from services.ingest import language

    def refuse(*args: object) -> None:
        raise AssertionError("a socket was opened")

    language._detector.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert detect_language("The council agreed on Tuesday to build a new bridge.") == "en"


@pytest.mark.parametrize(
    ("tag", "canonical"),
    [("EN", "en"), ("en-gb", "en-GB"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("und", "und")],
)
def test_tags_are_written_in_one_way(tag: str, canonical: str) -> None:
    assert canonical_tag(tag) == canonical
