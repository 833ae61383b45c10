"""What senders may leave out, and how forgivingly the rest is read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.schemas import RawStory


def _read(**fields: Any) -> RawStory:
    return RawStory.model_validate_json(json.dumps({"body": "b", **fields}))


def test_only_a_body_is_required() -> None:
    with pytest.raises(ValidationError) as told:
        RawStory.model_validate({})

    assert [(error["loc"], error["type"]) for error in told.value.errors()] == [(("body",), "missing")]


@pytest.mark.parametrize("blank", ["", "  ", "\t\n", None])
@pytest.mark.parametrize("field", sorted(RawStory.model_fields.keys() - {"body"}))
def test_blank_and_null_are_absent(field: str, blank: str | None) -> None:
    assert _read(**{field: blank}) == _read()


@pytest.mark.parametrize("field", ["keywords", "section"])
@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("a, b,c ", ("a", "b", "c")),
        ("a", ("a",)),
        ("a,, ,b", ("a", "b")),
        (",", ()),
        ('["a, b", "c"]', ("a, b", "c")),
        (' ["a", ""] ', ("a",)),
        ("[]", ()),
        (["a, b", "c", " "], ("a, b", "c")),
        ([], ()),
        ("Ärzte, 雨", ("Ärzte", "雨")),
    ],
)
def test_lists_come_as_lists_as_json_and_with_commas(field: str, sent: Any, meant: tuple[str, ...]) -> None:
    assert getattr(_read(**{field: sent}), field) == meant


@pytest.mark.parametrize("sent", ["[", '["a"', "[a, b]", "[" * 100_000])
def test_a_damaged_list_is_refused_with_the_form_to_write(sent: str) -> None:
    with pytest.raises(ValidationError, match="not a JSON list: mend it, or write a, b, c"):
        _read(keywords=sent)


@pytest.mark.parametrize("sent", [5, {"a": 1}, [1], [None, 1], [["a"]], "[1]", "[" + "9" * 5_000 + "]", True])
def test_a_list_of_other_things_is_refused(sent: Any) -> None:
    with pytest.raises(ValidationError) as told:
        _read(keywords=sent)

    assert told.value.errors()[0]["loc"][0] == "keywords"


def test_ten_thousand_keywords_are_refused_in_one_sentence() -> None:
    with pytest.raises(ValidationError) as told:
        _read(keywords=[f"keyword {number}" for number in range(10_000)])

    assert "at most 100 items" in str(told.value)
    assert len(str(told.value)) < 500


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("text/html; charset=utf-8", "text/html"),
        ("TEXT/HTML;charset=iso-8859-1;x=y", "text/html"),
        (" text/plain ", "text/plain"),
        ("application/ninjs+json ; version=3", "application/ninjs+json"),
    ],
)
def test_media_type_parameters_and_case_do_not_matter(sent: str, meant: str) -> None:
    assert _read(content_type=sent).content_type == meant


@pytest.mark.parametrize("sent", ["text/markdown", "html", "; charset=utf-8", "text/html, text/plain", 5])
def test_other_media_types_are_refused_with_those_that_are_taken(sent: Any) -> None:
    with pytest.raises(ValidationError, match="'text/plain', 'text/html' or 'application/ninjs"):
        _read(content_type=sent)


@pytest.mark.parametrize("sent", ["canceled", " Canceled ", "CANCELED"])
def test_the_status_may_be_written_in_any_case(sent: str) -> None:
    assert _read(pub_status=sent).pub_status == "canceled"


@pytest.mark.parametrize("sent", ["cancelled", "published", 1, ["usable"]])
def test_an_unknown_status_is_refused_and_never_taken_for_usable(sent: Any) -> None:
    with pytest.raises(ValidationError, match="'usable', 'withheld' or 'canceled'"):
        _read(pub_status=sent)


@pytest.mark.parametrize(
    ("sent", "meant"), [("en", "en"), ("en_GB", "en-GB"), (" pt-BR\n", "pt-BR"), ("zh_Hant_TW", "zh-Hant-TW")]
)
def test_languages(sent: str, meant: str) -> None:
    assert _read(language=sent).language == meant


@pytest.mark.parametrize(
    ("field", "sent", "meant"), [("urgency", "5", 5), ("urgency", " 5 ", 5), ("version", "7", 7)]
)
def test_numbers_may_come_as_text(field: str, sent: str, meant: int) -> None:
    assert getattr(_read(**{field: sent}), field) == meant


@pytest.mark.parametrize("sent", ["five", "1e3", "1.5", 1.5, [1], {}])
def test_other_numbers_are_refused(sent: Any) -> None:
    with pytest.raises(ValidationError) as told:
        _read(version=sent)

    assert told.value.errors()[0]["loc"] == ("version",)


@pytest.mark.parametrize("sent", [5, None, True, [], {}, ["text"]])
def test_a_body_is_text(sent: Any) -> None:
    with pytest.raises(ValidationError, match="body"):
        _read(body=sent)


def test_half_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(ValidationError):
        RawStory.model_validate_json('{"body": "\\ud83d"}')
    with pytest.raises(ValidationError, match="unicode"):
        RawStory.model_validate({"body": "\ud83d"})


@pytest.mark.parametrize("body", [" ", "\u0000", "a\u0000b", "\u202e", "e\u0301", "🌧️"])
def test_the_body_is_taken_as_it_is(body: str) -> None:
    """Cleaning is ingest's work; the message says what its sender said."""
    assert _read(body=body).body == body


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20), max_size=20))
def test_a_list_means_the_same_as_a_list_and_as_json_text(words: list[str]) -> None:
    assert _read(keywords=words) == _read(keywords=json.dumps(words))
