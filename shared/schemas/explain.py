"""Turns pydantic's errors into short sentences for the person who has to mend a message."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

MAX_SHOWN = 60
"""Longest piece of the input, in characters, that a sentence repeats."""

MAX_SENTENCES = 5

_EXAMPLES = {
    "language": "write a language tag such as `en` or `pt-BR`",
    "uri": "write an identifier without white space",
}
_DATE_FIX = "write it like 2026-03-01T12:00:00Z, with a year from 1 to 9999"


def explain(error: ValidationError) -> str:
    """One sentence for each of the first errors: the field, what is wrong with it, how to mend it."""
    details = error.errors(include_url=False)
    sentences = [_sentence(detail) for detail in details[:MAX_SENTENCES]]
    more = len(details) - len(sentences)
    if more > 0:
        sentences.append(f"{more:,} more {'error' if more == 1 else 'errors'} like these.")
    return " ".join(sentences)


def shown(value: object) -> str:
    """A value in a few printable characters: its beginning where it is text, its kind where it is not."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | bytes):
        return _quoted(value)
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, Sequence):
        return f"a list of {len(value):,}"
    return _quoted(str(value)) if not isinstance(value, int) or abs(value) < 10**18 else "a huge number"


def _quoted(value: str | bytes) -> str:
    start = value[: MAX_SHOWN + 1]
    text = start.decode("utf-8", "backslashreplace") if isinstance(start, bytes) else start
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    text = "".join(char if char.isprintable() else "�" for char in text)
    return f"`{text[:MAX_SHOWN]}…`" if len(text) > MAX_SHOWN else f"`{text}`"


def _sentence(detail: ErrorDetails) -> str:
    field = _field(detail["loc"])
    write = _BY_TYPE.get(detail["type"])
    if write is None and detail["type"].startswith(("datetime_", "timezone_")):
        write = _bad_date
    if write is None:
        return f"{field}: {detail['msg']}."
    return f"{field} {write(detail)}."


def _field(location: tuple[int | str, ...]) -> str:
    if not location:
        return "The message"
    path = ""
    for part in location[:6]:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{_quoted(part).strip('`')}" if path else _quoted(part).strip("`")
    return f"`{path}`"


def _context(detail: ErrorDetails, key: str) -> Any:
    return detail.get("ctx", {}).get(key)


def _number(detail: ErrorDetails, key: str) -> str:
    value = _context(detail, key)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _missing(_: ErrorDetails) -> str:
    return "is missing: add it"


def _not_text(detail: ErrorDetails) -> str:
    return f"is {shown(detail['input'])}, not text: send a string"


def _too_short(detail: ErrorDetails) -> str:
    return "is empty: fill it in" if _context(detail, "min_length") == 1 else f"is too short: {detail['msg']}"


def _too_long(detail: ErrorDetails) -> str:
    given = detail["input"]
    size = f"has {len(given):,} characters" if isinstance(given, str) else "is too long"
    return f"{size}, at most {_number(detail, 'max_length')} are taken: shorten it"


def _too_many(detail: ErrorDetails) -> str:
    count = _number(detail, "actual_length")
    return f"has {count} items, at most {_number(detail, 'max_length')} are taken: send fewer"


def _not_listed(detail: ErrorDetails) -> str:
    return f"is {shown(detail['input'])}: it must be {_context(detail, 'expected')}"


def _bad_form(detail: ErrorDetails) -> str:
    fix = _EXAMPLES.get(str(detail["loc"][-1]), f"it must match {_context(detail, 'pattern')}")
    return f"is {shown(detail['input'])}: {fix}"


def _bad_date(detail: ErrorDetails) -> str:
    return f"is {shown(detail['input'])}, which is no date that can be read: {_DATE_FIX}"


def _not_whole(detail: ErrorDetails) -> str:
    return f"is {shown(detail['input'])}, not a whole number: send digits only"


def _not_list(detail: ErrorDetails) -> str:
    return f"is {shown(detail['input'])}: send a list of texts, or one text with commas"


def _below(detail: ErrorDetails) -> str:
    return f"is {shown(detail['input'])}: it must be {_number(detail, 'ge')} or more"


def _above(detail: ErrorDetails) -> str:
    return f"is {shown(detail['input'])}: it must be {_number(detail, 'le')} or less"


def _bad_unicode(_: ErrorDetails) -> str:
    return "holds half of a surrogate pair, which is no character: send valid Unicode"


def _not_object(detail: ErrorDetails) -> str:
    return f"is {shown(detail['input'])}: send a JSON object"


def _own_words(detail: ErrorDetails) -> str:
    return f"is {shown(detail['input'])}: {detail['msg'].removeprefix('Value error, ')}"


_BY_TYPE: Mapping[str, Callable[[ErrorDetails], str]] = {
    "missing": _missing,
    "string_type": _not_text,
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "string_pattern_mismatch": _bad_form,
    "string_unicode": _bad_unicode,
    "too_long": _too_many,
    "literal_error": _not_listed,
    "int_type": _not_whole,
    "int_parsing": _not_whole,
    "int_parsing_size": _not_whole,
    "int_from_float": _not_whole,
    "greater_than_equal": _below,
    "less_than_equal": _above,
    "tuple_type": _not_list,
    "model_type": _not_object,
    "model_attributes_type": _not_object,
    "value_error": _own_words,
}
