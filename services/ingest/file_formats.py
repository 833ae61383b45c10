"""Which story a file holds, by its extension. Used by whoever pushes files onto the wire.

.txt, .text        the text of a page or a story: `body`, text/plain
.html, .htm        a web page: `body`, text/html
.json              an object of `RawStory` as it is, or a bare ninjs item (it has `uri` and no `body`)
"""

from pathlib import PurePath
from typing import Any

import orjson

from services.ingest.decode import parse_json
from services.ingest.ninjs import is_ninjs
from shared.streaming.errors import Reject

_TEXT = {".txt": "text/plain", ".text": "text/plain", ".html": "text/html", ".htm": "text/html"}

EXTENSIONS = frozenset({*_TEXT, ".json"})
"""The extensions of files that can be pushed, in lower case."""


class FileRefused(ValueError):
    """Raised when a file holds nothing that can be sent. The message tells a person what to change."""


def raw_from_file(name: str, content: bytes) -> dict[str, Any]:
    """The object to send as field `data`. `name` decides the format; it need not exist.

    Raises `FileRefused` for other extensions, for text that is not UTF-8, and for broken JSON. Whether the
    story itself is acceptable is for ingest to say.
    """
    extension = PurePath(name).suffix.lower()
    if extension == ".json":
        return raw_from_json(content)
    if extension not in _TEXT:
        known = ", ".join(sorted(EXTENSIONS))
        raise FileRefused(f"files ending in {extension or 'nothing'} are not known, only {known}")
    try:
        return {"body": content.decode("utf-8-sig"), "content_type": _TEXT[extension]}
    except UnicodeDecodeError as error:
        raise FileRefused(f"not UTF-8 at byte {error.start:,}: convert the file first") from None


def raw_from_json(content: bytes) -> dict[str, Any]:
    """The object to send for one JSON file or one line of JSON lines. Raises `FileRefused`."""
    try:
        value = parse_json("the file", content)
    except Reject as refused:
        raise FileRefused(refused.reason) from None
    if not isinstance(value, dict):
        raise FileRefused("its JSON is no object: write one story as {…}")
    if is_ninjs(value):
        return {"body": orjson.dumps(value).decode(), "content_type": "application/ninjs+json"}
    return value
