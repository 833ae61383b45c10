"""News items in IPTC ninjs 1, 2 and 3, read into the fields of `RawStory`.

ninjs 1 has names in lower case and plain strings (`headline`, `body_text`, `versioncreated`); ninjs 2 and 3
have camel case and lists with roles (`headlines[]`, `bodies[]`, `versionCreated`).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.ingest.decode import parse_json
from services.ingest.html import fragment_text
from shared.schemas.base import MAX_KEYWORDS
from shared.streaming.errors import Reject

Item = Mapping[str, Any]
_LONGEST_NAME = 200
_HTML_BODIES = ("body_xhtml", "body_html", "body_html5")


def is_ninjs(value: Item) -> bool:
    """It has the one field that ninjs requires and a headline or a text of its own, and is no `RawStory`."""
    own = {"headline", "headlines", "bodies", "body_text", *_HTML_BODIES, "versioncreated", "versionCreated"}
    return "body" not in value and isinstance(value.get("uri"), str) and not own.isdisjoint(value)


def read_ninjs(text: str) -> dict[str, Any]:
    """The fields of `RawStory` that the item states, `body` as plain text. Values are not yet validated.

    Raises `Reject` where it is no JSON object, or holds no text and does not withdraw a story.
    """
    item = parse_json("body", text.encode("utf-8", "surrogatepass"))
    if not isinstance(item, dict):
        raise Reject("`body` is not a ninjs item, which is a JSON object: send one item per story.")
    found = {name: value for name, read in _READERS.items() if (value := read(item)) not in (None, "", [])}
    if "body" not in found and found.get("pub_status") != "canceled":
        raise Reject("The ninjs item in `body` has no text: fill `body_text`, `body_xhtml` or `bodies`.")
    return found


def _first(*names: str) -> Callable[[Item], Any]:
    """Reads the first of these fields that is filled."""

    def read(item: Item) -> Any:
        return next((item[name] for name in names if item.get(name) not in (None, "")), None)

    return read


def _string(*names: str) -> Callable[[Item], str | None]:
    read = _first(*names)

    def read_string(item: Item) -> str | None:
        value = read(item)
        return value if isinstance(value, str) else None

    return read_string


def _list(item: Item, name: str) -> Iterator[Item]:
    """The objects in a list of the item, whatever else it holds."""
    value = item.get(name)
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _body(item: Item) -> str | None:
    plain = item.get("body_text")
    if isinstance(plain, str) and plain.strip():
        return plain
    for name in _HTML_BODIES:
        if isinstance(item.get(name), str) and item[name].strip():
            return fragment_text(item[name])
    bodies = [body for body in _list(item, "bodies") if isinstance(body.get("value"), str)]
    bodies.sort(key=_preference)
    return _body_text(bodies[0]) if bodies else None


def _preference(body: Item) -> tuple[bool, bool]:
    return body.get("role") not in (None, "main", "body"), _is_markup(body)


def _is_markup(body: Item) -> bool:
    return "html" in str(body.get("contentType") or body.get("contenttype") or "")


def _body_text(body: Item) -> str:
    value: str = body["value"]
    return fragment_text(value) if _is_markup(body) else value


def _headline(item: Item) -> str | None:
    if isinstance(item.get("headline"), str):
        return str(item["headline"])
    headlines = [entry for entry in _list(item, "headlines") if isinstance(entry.get("value"), str)]
    headlines.sort(key=lambda entry: entry.get("role") not in (None, "main"))
    return _line(headlines[0]) if headlines else None


def _line(entry: Item) -> str:
    return " ".join(_body_text(entry).split("\n"))


def _version(item: Item) -> int | None:
    """ninjs 1 has the version as a string. One that is no whole number cannot be compared: it is ignored."""
    value = item.get("version")
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 16:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 1 else None


def _provider(item: Item) -> str | None:
    for name in ("infoSources", "infosources", "infosource"):
        for source in _list(item, name):
            if isinstance(source.get("name"), str) and source["name"].strip():
                return str(source["name"])
    return _string("source", "provider")(item)


def _pub_status(item: Item) -> str | None:
    value = _first("pubStatus", "pubstatus")(item)
    return value.strip().lower() if isinstance(value, str) else value


def _keywords(item: Item) -> list[str]:
    words = [word for name in ("keyword", "keywords") for word in _texts(item.get(name))]
    named = [
        entry["name"] for name in ("subjects", "subject") for entry in _list(item, name) if _has_name(entry)
    ]
    unique = dict.fromkeys(word.strip() for word in [*words, *named])
    return [word for word in unique if 0 < len(word) <= _LONGEST_NAME][:MAX_KEYWORDS]


def _has_name(entry: Item) -> bool:
    return isinstance(entry.get("name"), str)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _url(item: Item) -> str | None:
    for entry in _list(item, "altIds"):
        value = entry.get("value")
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return value
    return _string("webUrl", "weburl", "url")(item)


_READERS: Mapping[str, Callable[[Item], Any]] = {
    "body": _body,
    "guid": _string("uri"),
    "headline": _headline,
    "byline": _string("by", "byline"),
    "dateline": _string("located", "dateline"),
    "slugline": _string("slugline"),
    "provider": _provider,
    "url": _url,
    "language": _string("language"),
    "published": _first("contentCreated", "contentcreated", "firstCreated", "firstcreated"),
    "version": _version,
    "version_created": _first("versionCreated", "versioncreated"),
    "pub_status": _pub_status,
    "embargoed_until": _first("embargoedUntil", "embargoeduntil", "embargoed"),
    "urgency": _first("urgency"),
    "keywords": _keywords,
}
