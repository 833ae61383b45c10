"""Logs: one JSON object a line for machines, or coloured lines for a person."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_CREDENTIALS = re.compile(r"(\w+://)[^\s/@]{1,300}@")


def redact(text: str) -> str:
    """Take user names and passwords out of URLs."""
    return _CREDENTIALS.sub(r"\1***@", text)


def _redact_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: redact(value) if isinstance(value, str) else value for name, value in event.items()}


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
        renderer = [_redact_event, structlog.dev.ConsoleRenderer()]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, lambda _, __, event: {"service": service, **event}],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for chatty in ("faststream", "uvicorn.access", "pymongo", "trafilatura", "asyncio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
