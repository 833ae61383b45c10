"""What a reader would see of a story, as one number: equal digests mean an unchanged re-send."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

SEEN = (
    "headline",
    "byline",
    "dateline",
    "slugline",
    "body_text",
    "captions",
    "author_bio",
    "section",
    "keywords",
    "urgency",
    "pub_status",
    "embargoed_until",
)
"""The fields that count. Not the version, the dates of making, or the language, which may be detected."""


def digest(fields: Mapping[str, object]) -> str:
    """SHA-256 in hex of the fields in `SEEN`; differences in white space do not count."""
    seen = [_plain(fields.get(name)) for name in SEEN]
    return sha256(json.dumps(seen, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
