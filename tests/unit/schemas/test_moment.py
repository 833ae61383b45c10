"""Dates as they come in, always UTC afterwards."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.schemas import RawStory
from shared.schemas.base import Moment

MOMENT = TypeAdapter(Moment)


def _read(value: object) -> datetime:
    return MOMENT.validate_json(json.dumps(value))


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("2026-01-31T12:30:00Z", _utc(2026, 1, 31, 12, 30)),
        ("2026-01-31t12:30:00z", _utc(2026, 1, 31, 12, 30)),
        ("2026-01-31T12:30:00", _utc(2026, 1, 31, 12, 30)),
        ("2026-01-31 12:30", _utc(2026, 1, 31, 12, 30)),
        ("2026-01-31", _utc(2026, 1, 31)),
        ("20260131", _utc(2026, 1, 31)),
        ("  2026-01-31T12:30:00Z\n", _utc(2026, 1, 31, 12, 30)),
        ("2026-01-31T12:30:00+05:30", _utc(2026, 1, 31, 7)),
        ("2026-01-01T00:00:00+23:59", _utc(2025, 12, 31, 0, 1)),
        ("2026-01-01T00:00:00-23:59", _utc(2026, 1, 1, 23, 59)),
        ("2026-01-31T12:30:00.123456Z", _utc(2026, 1, 31, 12, 30, 0, 123456)),
        ("2026-01-31T12:30:00.123456789Z", _utc(2026, 1, 31, 12, 30, 0, 123456)),
        ("0001-01-01T00:00:00Z", _utc(1, 1, 1)),
        ("9999-12-31T23:59:59.999999Z", _utc(9999, 12, 31, 23, 59, 59, 999999)),
        ("1769862600", _utc(2026, 1, 31, 12, 30)),
        (1769862600, _utc(2026, 1, 31, 12, 30)),
        (1769862600.5, _utc(2026, 1, 31, 12, 30, 0, 500000)),
        ("1612123112345", _utc(2021, 1, 31, 19, 58, 32, 345000)),  # and not 23:45 on 31 December 1612
        (1769862600000, _utc(2026, 1, 31, 12, 30)),
    ],
)
def test_reads(sent: object, meant: datetime) -> None:
    read = _read(sent)

    assert read == meant
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "sent",
    [
        "99999-01-01",
        "99999-01-01T00:00:00Z",
        "0000-01-01",
        "2026-02-30",
        "2026-01-31T25:00:00Z",
        "2026-01-31T12:30:60Z",
        "2026-01-31T12:30:00+24:00",
        "yesterday",
        "nan",
        "",
        "-1",
        "1" * 5_000,
        "20260131123000",
        "１２３４５６７８９",
    ],
)
def test_a_text_that_is_no_date_is_refused_with_the_form_to_write(sent: str) -> None:
    with pytest.raises(ValidationError, match="write it as 2026-01-31T12:30:00Z"):
        _read(sent)


@pytest.mark.parametrize("sent", [2026, "2026", "202601", 0, -5, True, 99_999_999])
def test_a_year_is_not_taken_for_seconds_after_1970(sent: object) -> None:
    with pytest.raises(ValidationError):
        _read(sent)


@pytest.mark.parametrize("sent", [1e300, 10**30, {"$date": 1}, ["2026-01-31"]])
def test_other_things_are_refused(sent: object) -> None:
    with pytest.raises(ValidationError):
        _read(sent)


@pytest.mark.parametrize("sent", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_zone_that_leads_out_of_the_calendar_is_refused(sent: str) -> None:
    with pytest.raises(ValidationError, match="outside the years 1 to 9999"):
        _read(sent)


def test_python_values_follow_the_same_rule() -> None:
    paris = timezone(timedelta(hours=1))

    assert MOMENT.validate_python(datetime(2026, 1, 1, 1, tzinfo=paris)) == _utc(2026, 1, 1)
    assert MOMENT.validate_python(_utc(2026, 1, 1).replace(tzinfo=None)) == _utc(2026, 1, 1)
    with pytest.raises(ValidationError):
        MOMENT.validate_python(date(2026, 1, 1))


def test_the_refusal_names_the_field() -> None:
    with pytest.raises(ValidationError) as told:
        RawStory.model_validate({"body": "b", "embargoed_until": "99999-01-01"})

    assert told.value.errors()[0]["loc"] == ("embargoed_until",)


@given(st.text(max_size=40) | st.integers() | st.floats(allow_nan=False))
def test_whatever_is_sent_it_is_a_moment_in_utc_or_refused(sent: object) -> None:
    try:
        read = MOMENT.validate_python(sent)
    except ValidationError:
        return
    assert read.tzinfo is UTC
