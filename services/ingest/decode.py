"""From the fields of a stream entry to a `RawStory`, or to a reason that its sender understands."""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from shared.schemas.explain import explain, shown
from shared.schemas.raw_story import RawStory
from shared.streaming.errors import Reject

DATA = b"data"
FIELDS = frozenset(name.encode() for name in RawStory.model_fields)
_BOM = b"\xef\xbb\xbf"
_HOW = "Send the story's text as field `body`, or the whole story as JSON in field `data`."


def decode(fields: Mapping[bytes, bytes], *, max_bytes: int) -> RawStory:
    """Read an entry of `stories.ingest`: `data '{json}'`, or flat fields with the names of `RawStory`.

    Fields with other names are ignored. `max_bytes` bounds the names and values of the entry together.
    Raises `Reject` for everything else, naming the field and what to do about it.
    """
    _check_size(fields, max_bytes)
    values = _from_json(fields) if DATA in fields else _from_flat(fields)
    try:
        return RawStory.model_validate(_with_body(values))
    except ValidationError as error:
        raise Reject(explain(error)) from None


def _check_size(fields: Mapping[bytes, bytes], max_bytes: int) -> None:
    size = sum(len(name) + len(value) for name, value in fields.items())
    if size > max_bytes:
        largest = max(fields, key=lambda name: len(fields[name]))
        raise Reject(
            f"The entry holds {size:,} bytes, at most {max_bytes:,} are taken (MAX_STORY_BYTES); the largest "
            f"field is {shown(largest)} with {len(fields[largest]):,}. Send the story's text only."
        )


def _from_json(fields: Mapping[bytes, bytes]) -> dict[str, Any]:
    beside = sorted(FIELDS & fields.keys())
    if beside:
        names = ", ".join(f"`{name.decode()}`" for name in beside)
        raise Reject(
            f"The entry has both `data` and {names}: put the whole story into `data`, or leave it out."
        )
    value = parse_json("data", fields[DATA])
    if not isinstance(value, dict):
        raise Reject(f'`data` is JSON but not an object, it is {shown(value)}: send {{"body": "…", …}}.')
    return value


def parse_json(name: str, content: bytes) -> Any:
    """The JSON value in `content`. Raises `Reject`, which calls it by `name` and says where it breaks.

    Strict: NaN and Infinity are no JSON, neither are lone surrogates; nesting beyond 1,024 levels is
    refused by the parser. Of doubled keys the last one counts.
    """
    text = _utf8(name, content.removeprefix(_BOM))
    if not text.strip():
        raise Reject(f"`{name}` is empty: send a JSON object with at least `body`.")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        near = shown(text[max(0, error.pos - 10) : error.pos + 20])
        where = f"at line {error.lineno:,}, column {error.colno:,}, near {near}"
        raise Reject(f"`{name}` is not valid JSON: {error.msg} {where}. {_fix(error.msg)}") from None


def _fix(message: str) -> str:
    if "depth" in message:
        return "It is nested far deeper than a story is: send the fields of the story only."
    if "surrogate" in message:
        return "A \\ud… escape has lost its other half: cut text between characters, not within them."
    return "Write it with a JSON library, which quotes and escapes the text."


def _from_flat(fields: Mapping[bytes, bytes]) -> dict[str, Any]:
    if b"body" not in fields and not _is_withdrawal(fields):
        raise Reject(f"The entry has no field `body`, it has {_names(fields)}. {_HOW}")
    return {name.decode(): _utf8(name.decode(), value) for name, value in fields.items() if name in FIELDS}


def _names(fields: Mapping[bytes, bytes]) -> str:
    names = ", ".join(shown(name[:20]) for name in list(fields)[:4])
    return f"{names} and {len(fields) - 4:,} more" if len(fields) > 4 else names or "no fields at all"


def _is_withdrawal(fields: Mapping[bytes, bytes]) -> bool:
    return fields.get(b"pub_status", b"").strip().lower() == b"canceled"


def _utf8(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Reject(
            f"`{name}` is not UTF-8: byte {content[error.start]:#04x} at offset {error.start:,} "
            f"({error.reason}). Convert the text to UTF-8 before sending it."
        ) from None


def _with_body(values: dict[str, Any]) -> dict[str, Any]:
    """Refuse a blank body; a withdrawal that names its story by guid or url needs no text."""
    body = values.get("body")
    if isinstance(body, str) and body.strip():
        return values
    if _names_a_withdrawn_story(values) and (body is None or isinstance(body, str)):
        return values | {"body": " "}
    if "body" not in values:
        raise Reject(f"`body` is missing, it is the one field that every story needs. {_HOW}")
    if isinstance(body, str):
        raise Reject("`body` is empty or blank: send the story's text in it.")
    return values


def _names_a_withdrawn_story(values: Mapping[str, Any]) -> bool:
    status = values.get("pub_status")
    canceled = isinstance(status, str) and status.strip().lower() == "canceled"
    return canceled and bool(values.get("guid") or values.get("url"))
