"""Who a story is: the same uri whenever the same story comes again."""

import json
from hashlib import sha256
from typing import Literal
from uuid import UUID, uuid5

NAMESPACE = UUID("7a3c5d0e-6f0b-5c55-9f0f-3d1c8e2b4a67")
"""Fixed for ever: with another one, every story would come back as a new one."""

IdentifiedBy = Literal["guid", "url", "content"]


def identify(provider: str, guid: str | None, url: str | None, content: str) -> tuple[str, IdentifiedBy]:
    """A story's uri and what it was made of: provider and guid, else canonical url, else `content`.

    `content` is what `fingerprint` gives. The url stands for itself: two senders of one page mean one story.
    """
    if guid:
        return _urn("guid", provider, guid), "guid"
    if url:
        return _urn("url", url), "url"
    return _urn("content", content), "content"


def _urn(*parts: str) -> str:
    # As JSON, so that no two lists of parts read the same.
    return f"urn:uuid:{uuid5(NAMESPACE, json.dumps(parts))}"


def fingerprint(headline: str, body: str) -> str:
    """SHA-256 of the words: case and white space do not count."""
    text = f"{headline}\n{body}".casefold()
    return sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()
