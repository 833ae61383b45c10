"""Every line of a log is in one form, and no password is in any."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator

import pytest

from shared.runtime import configure_logs, redact

URL = "redis://someone:s3cr3t-word@db.example:6379/0"
logger = logging.getLogger("shared.anything")

Configure = Callable[..., io.StringIO]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Configures the logs to a buffer; the test run's own logging comes back afterwards."""
    loggers = [logging.getLogger(name) for name in ("", "faststream", "uvicorn.access", "pymongo", "asyncio")]
    before = [(one, one.level, list(one.handlers), one.propagate) for one in loggers]

    def configure(form: str = "json", level: str = "INFO") -> io.StringIO:
        buffer = io.StringIO()
        monkeypatch.setattr(sys, "stderr", buffer)
        configure_logs("tiny", level, form)
        return buffer

    yield configure
    for one, level, handlers, propagate in before:
        one.setLevel(level)
        one.handlers[:] = handlers
        one.propagate = propagate


def only_row(buffer: io.StringIO) -> dict[str, object]:
    (line,) = buffer.getvalue().splitlines()
    return dict(json.loads(line))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (URL, "redis://***@db.example:6379/0"),
        ("redis://:s3cr3t@h", "redis://***@h"),
        ("rediss://u:s3cr3t@h and mongodb+srv://u:s3cr3t@h/x", "rediss://***@h and mongodb+srv://***@h/x"),
        ("redis://:s3@cr3t@h:1/0", "redis://***@h:1/0"),
        ("redis://:%40s3cr3t%2F@h", "redis://***@h"),
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("https://example.com/a?mail=a@b.c", "https://example.com/a?mail=a@b.c"),
        ("mail a@b.c, see http://x.y", "mail a@b.c, see http://x.y"),
        ("", ""),
    ],
)
def test_credentials_are_taken_out_of_urls(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_password_is_in_no_message_argument_extra_or_exception(configured: Configure, form: str) -> None:
    buffer = configured(form)
    logger.info(f"at {URL}")
    logger.info("at %s", URL)
    logger.info("at %(url)s", {"url": URL})
    logger.warning("extra", extra={"url": URL, "nested": {"urls": [URL, (URL,)]}, "object": SystemError(URL)})
    secret_local = URL
    try:
        try:
            raise ConnectionError(f"cannot reach {secret_local}")
        except ConnectionError as error:
            raise RuntimeError(f"no luck with {secret_local}") from error
    except RuntimeError:
        logger.exception("it failed")
    text = buffer.getvalue()
    assert "s3cr3t-word" not in text
    assert text.count("***@db.example") >= 9
    assert "cannot reach" in text


def test_a_line_is_one_json_object_whatever_is_in_it(configured: Configure) -> None:
    buffer = configured()
    logger.info('lines\nand \x00\x1b[31m \ud800 “quotes” "and" \\', extra={"odd": {1: {2, 3}, "o": object()}})
    try:
        raise ValueError("one\ntwo")
    except ValueError:
        logger.exception("it failed")
    rows = [json.loads(line) for line in buffer.getvalue().splitlines()]
    assert len(rows) == 2
    assert rows[1]["exception"].endswith("ValueError: one\ntwo")


def test_a_line_says_who_when_how_bad_and_what(configured: Configure) -> None:
    buffer = configured()
    logger.warning("it rains in %s", "Bern", extra={"depth": 3})
    row = only_row(buffer)
    assert (row["service"], row["level"], row["logger"]) == ("tiny", "warning", "shared.anything")
    assert (row["event"], row["depth"]) == ("it rains in Bern", 3)
    assert str(row["timestamp"]).endswith("Z")


def test_levels_below_the_chosen_one_are_not_written(configured: Configure) -> None:
    buffer = configured(level="WARNING")
    logger.info("not this")
    logger.warning("this")
    assert only_row(buffer)["event"] == "this"


def test_what_the_libraries_say_all_the_time_is_left_out(configured: Configure) -> None:
    buffer = configured()
    logging.getLogger("uvicorn.access").info("GET /livez")
    logging.getLogger("faststream").info("Received")
    logging.getLogger("faststream").error("it broke")
    assert only_row(buffer)["event"] == "it broke"


def test_faststream_writes_in_our_form_and_once(configured: Configure) -> None:
    import faststream.redis  # noqa: F401 - brings its handler along

    buffer = configured()
    logging.getLogger("faststream").critical("its group is gone")
    row = only_row(buffer)
    assert (row["logger"], row["service"]) == ("faststream", "tiny")


def test_what_uvicorn_says_in_colours_is_not_said_twice(configured: Configure) -> None:
    buffer = configured()
    logging.getLogger("uvicorn.error").info("Started", extra={"color_message": "\x1b[36mStarted"})
    assert "color_message" not in only_row(buffer)


def test_to_configure_again_writes_no_line_twice(configured: Configure) -> None:
    configured()
    buffer = configured()
    logger.info("once")
    assert only_row(buffer)["event"] == "once"
