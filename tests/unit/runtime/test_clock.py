"""The machine's clock, in UTC."""

from datetime import UTC, datetime, timedelta

from shared.runtime import Clock, SystemClock


def test_it_tells_the_present_in_utc() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert now.utcoffset() == timedelta(0)
    assert before <= now <= datetime.now(UTC)
