"""Logs: one JSON object a line for machines, or coloured lines for a person."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_CREDENTIALS = re.compile(r"(\w+://)[^\s/]{1,1000}@")
"""Up to the last @ before a slash: whoever has an @ in a password may have written it as it is."""

_PLAIN = (int, float, bool, type(None))


def redact(text: str) -> str:
    """Take user names and passwords out of URLs."""
    return _CREDENTIALS.sub(r"\1***@", text)


def _redact_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.pop("color_message", None)  # uvicorn says everything twice
    return {name: _redacted(value) for name, value in event.items()}


def _redacted(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return {str(name): _redacted(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [_redacted(each) for each in value]
    return redact(value if isinstance(value, str) else repr(value))


def configure_logs(service: str, level: str, form: str) -> None:
    """Send every log record of this process, whoever writes it, to standard error in one form."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
    ]
    renderer: list[Any]
    if form == "json":
        renderer = [structlog.processors.format_exc_info, _redact_event, structlog.processors.JSONRenderer()]
    else:
        console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        # the exception as text, so that it is redacted too; a pretty one would show all local variables
        renderer = [structlog.processors.format_exc_info, _redact_event, console]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, lambda _, __, event: {"service": service, **event}],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    faststream = logging.getLogger("faststream")
    faststream.handlers.clear()  # it brings one of its own, with a form of its own
    faststream.propagate = True
    for chatty in ("faststream", "uvicorn.access", "pymongo", "trafilatura", "asyncio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
