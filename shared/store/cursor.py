"""Entry ids as text that sorts. `_id` ranges scan on the stand-in, so the sortable form has its own index."""

import re

_ENTRY_ID = re.compile(r"([0-9]{1,20})-([0-9]{1,20})")
_DIGITS = 20
_LARGEST = 2**64 - 1


def sortable(entry_id: str) -> str:
    """`1700000000000-3` with both numbers padded to 20 digits: sorts as Redis does. Raises `ValueError`."""
    first, second = _numbers(entry_id)
    return f"{first:0{_DIGITS}d}-{second:0{_DIGITS}d}"


def entry_id_of(cursor: str) -> str:
    """The entry id of its sortable form. Raises `ValueError`."""
    first, second = _numbers(cursor)
    return f"{first}-{second}"


def after(entry_id: str) -> str:
    """The smallest entry id above this one. Raises `ValueError`."""
    first, second = _numbers(entry_id)
    return f"{first}-{second + 1}" if second < _LARGEST else f"{first + 1}-0"


def _numbers(entry_id: str) -> tuple[int, int]:
    match = _ENTRY_ID.fullmatch(entry_id)
    if not match:
        raise ValueError(f"{entry_id[:60]!r} is no entry id; one looks like 1700000000000-0")
    return int(match[1]), int(match[2])
