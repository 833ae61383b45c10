"""Breaks the model process on purpose. For tests; off unless ENRICHMENT_FAULTS is set.

A body that holds one of these marks, with double square brackets around it, does what it says:
`fault:hang` holds the interpreter for ever in native code · `fault:crash` reads address 0 ·
`fault:exit` ends the process · `fault:memory` takes all memory · `fault:error` raises.
"""

import ctypes
import os
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

_MARK = re.compile(r"\[\[(fault:[a-z]+)\]\]")


def inject(body: str) -> None:
    """Do what the first mark says. A body without a known mark is let through."""
    mark = _MARK.search(body)
    if mark and mark[1] in _FAULTS:
        _FAULTS[mark[1]]()


def _hang() -> None:
    """A regular expression that needs 2^60 steps and keeps the interpreter lock: no signal gets through."""
    re.match(r"(a+)+b", "a" * 60)


def _crash() -> None:
    ctypes.string_at(0)


def _exit() -> None:
    os._exit(7)


def _memory() -> None:
    taken = []
    while True:
        taken.append(bytearray(256 * 1024 * 1024))


def _error() -> None:
    raise RuntimeError("a fault was asked for")


_FAULTS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {
        "fault:hang": _hang,
        "fault:crash": _crash,
        "fault:exit": _exit,
        "fault:memory": _memory,
        "fault:error": _error,
    }
)
