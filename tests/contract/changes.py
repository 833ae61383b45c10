"""Changes of the real schemas: those that break a reader, those that break a sender, those that do not."""

from collections.abc import Callable
from typing import Any

RAW = "wiredesk.story.raw.v1"
ACCEPTED = "wiredesk.story.accepted.v1"
ENRICHED = "wiredesk.story.enriched.v1"
EVENT = "wiredesk.story.event.v1"
DEAD = "wiredesk.story.dead.v1"

Json = dict[str, Any]
Change = Callable[[Json], None]


def _at(schema: Json, path: str) -> Json:
    node: Any = schema
    for part in path.split("/") if path != "." else ():
        node = node[int(part)] if isinstance(node, list) else node[part]
    found: Json = node
    return found


def put(path: str, **keywords: Any) -> Change:
    """Keywords are set in the node at `path`."""
    return lambda schema: _at(schema, path).update(keywords)


def drop(path: str, keyword: str) -> Change:
    return lambda schema: _at(schema, path).pop(keyword)


def optional(path: str, field: str) -> Change:
    return lambda schema: _at(schema, path)["required"].remove(field)


def required(field: str) -> Change:
    return lambda schema: schema["required"].append(field)


def replace(path: str, **keywords: Any) -> Change:
    def change(schema: Json) -> None:
        _at(schema, path).clear()
        _at(schema, path).update(keywords)

    return change


def both(first: Change, second: Change) -> Change:
    def change(schema: Json) -> None:
        first(schema)
        second(schema)

    return change


def rename(path: str, old: str, new: str) -> Change:
    def change(schema: Json) -> None:
        node = _at(schema, path)
        node["properties"][new] = node["properties"].pop(old)
        node["required"] = [new if name == old else name for name in node["required"]]

    return change


STORY = "$defs/Story"
FIELDS = "$defs/Story/properties"
TAGS = "$defs/Entity/properties"

BREAK_READERS: list[tuple[str, str, Change, str, str]] = [
    ("removed", ACCEPTED, drop(FIELDS, "byline"), "story.byline", "removed or renamed"),
    ("renamed", ACCEPTED, rename(STORY, "headline", "title"), "story.headline", "removed or renamed"),
    ("removed deep in a list", EVENT, drop("$defs/Mention/properties", "end"), "mentions[].end", "removed"),
    ("nullable", ENRICHED, put(f"{FIELDS}/headline", type=["string", "null"]), "story.headline", "be null"),
    ("optional", ENRICHED, optional(STORY, "captions"), "story.captions", "may now be missing"),
    ("nothing required", DEAD, optional(".", "deliveries"), "deliveries", "may now be missing"),
    ("type", ACCEPTED, replace(f"{FIELDS}/version", type="string"), "story.version", "changed its type"),
    ("type of a choice", ACCEPTED, put(f"{FIELDS}/urgency/anyOf/0", type="number"), "story.urgency", "type"),
    ("integer to number", DEAD, put("properties/cut", type="number"), "cut", "changed its type"),
    ("scalar to list", DEAD, put("properties/stage", type="array"), "stage", "changed its type"),
    ("enum widened", ACCEPTED, put(f"{FIELDS}/pub_status", enum=["usable", "held"]), "pub_status", "'held'"),
    ("enum opened", DEAD, drop("properties/reason", "enum"), "reason", "any string"),
    ("enum of events", EVENT, lambda s: s["properties"]["type"]["enum"].append("x.v1"), "type", "'x.v1'"),
    ("constant changed", EVENT, put("properties/specversion", const="1.1"), "specversion", "'1.1'"),
    ("longer text", ACCEPTED, put(f"{FIELDS}/headline", maxLength=2_000), "story.headline", "1000 to 2000"),
    ("endless text", DEAD, drop("properties/message", "maxLength"), "message", "no bound"),
    ("shorter text", EVENT, put("properties/id", minLength=0), "id", "minLength went from 1 to 0"),
    (
        "larger number",
        ENRICHED,
        put("$defs/Subject/properties/confidence", maximum=1000),
        "confidence",
        "maximum",
    ),
    ("smaller number", ENRICHED, put(f"{TAGS}/latitude/anyOf/0", minimum=-91), "latitude", "minimum"),
    (
        "longer list",
        ENRICHED,
        put("$defs/Tags/properties/subjects", maxItems=51),
        "tags.subjects",
        "maxItems",
    ),
    (
        "endless list",
        ENRICHED,
        drop("$defs/Tags/properties/entities", "maxItems"),
        "tags.entities",
        "no bound",
    ),
    ("pattern", ACCEPTED, put(f"{FIELDS}/digest", pattern="^[0-9a-f]{128}$"), "story.digest", "pattern"),
    ("pattern dropped", ACCEPTED, drop(f"{FIELDS}/digest", "pattern"), "story.digest", "pattern"),
    ("format dropped", EVENT, drop("properties/time", "format"), "time", "format"),
    ("items changed", ACCEPTED, put(f"{FIELDS}/keywords/items", type="integer"), "story.keywords[]", "type"),
    ("not understood", ACCEPTED, put(f"{FIELDS}/version", multipleOf=0.5), "story.version", "cannot tell"),
]

BREAK_SENDERS: list[tuple[str, Change, str, str]] = [
    ("new required", required("provider"), "provider", "is now required"),
    (
        "unknown required",
        both(put("properties", licence={"type": "string"}), required("licence")),
        "licence",
        "is now required",
    ),
    ("removed", drop("properties", "byline"), "byline", "lost in silence"),
    (
        "enum narrowed",
        put("properties/pub_status/anyOf/0", enum=["usable"]),
        "pub_status",
        "'withheld', 'canceled'",
    ),
    ("closed list", put("properties/slugline/anyOf/0", enum=["A"]), "slugline", "any string"),
    ("shorter text", put("properties/body", maxLength=1000), "body", "1048576 to 1000"),
    ("longer text", put("properties/body", minLength=2), "body", "minLength went from 1 to 2"),
    ("new bound", put("properties/guid/anyOf/0", minLength=1), "guid", "minLength went from 0 to 1"),
    ("smaller number", put("properties/urgency/anyOf/0", maximum=5), "urgency", "maximum went from 9 to 5"),
    (
        "shorter list",
        put("properties/keywords/anyOf/0", maxItems=10),
        "keywords",
        "maxItems went from 100 to 10",
    ),
    (
        "list no longer as text",
        put("properties/keywords", anyOf=[{"type": "array", "items": {"type": "string"}}]),
        "keywords",
        "no longer accepts string",
    ),
    (
        "null refused",
        replace("properties/byline", type="string", maxLength=1000),
        "byline",
        "no longer accepts null",
    ),
    ("type", replace("properties/urgency/anyOf/0", type="string"), "urgency", "no longer accepts integer"),
    ("pattern", put("properties/guid/anyOf/0", pattern="^tag:"), "guid", "pattern from none to ^tag:"),
    ("format", put("properties/url/anyOf/0", format="uri"), "url", "format from none to uri"),
    ("default", put("properties/pub_status", default="withheld"), "pub_status", "it meant 'usable'"),
    ("default dropped", drop("properties/content_type", "default"), "content_type", "now means nothing"),
    (
        "closed object",
        put(".", additionalProperties=False),
        "the message",
        "no longer accepts unknown fields",
    ),
]

ALLOWED: list[tuple[str, str, Change]] = [
    ("output: new field", EVENT, put("properties", dataschema={"type": "string"})),
    (
        "output: new field that is always there",
        EVENT,
        both(put("properties", dataschema={"type": "string"}), required("dataschema")),
    ),
    ("output: new field deep in a list", ENRICHED, put(TAGS, wikipedia={"type": "string"})),
    ("output: never null again", ACCEPTED, replace(f"{FIELDS}/byline", type="string", maxLength=1000)),
    ("output: fewer values", EVENT, put("properties/type", enum=["wiredesk.story.published.v1"])),
    ("output: shorter", ACCEPTED, put(f"{FIELDS}/headline", maxLength=500)),
    ("output: a new form", ACCEPTED, put(f"{FIELDS}/headline", pattern="^[A-Z]")),
    ("output: another default", ACCEPTED, put(f"{FIELDS}/language", default="en")),
    ("output: other words", ACCEPTED, put(f"{FIELDS}/headline", description="Words.", title="Title")),
    ("input: new optional field", RAW, put("properties", licence={"type": "string", "default": ""})),
    (
        "input: one value more",
        RAW,
        put("properties/pub_status/anyOf/0", enum=["usable", "withheld", "canceled", "held"]),
    ),
    ("input: open list", RAW, drop("properties/pub_status/anyOf/0", "enum")),
    ("input: longer", RAW, put("properties/body", maxLength=2**21)),
    ("input: shorter", RAW, put("properties/body", minLength=0)),
    ("input: wider type", RAW, put("properties/urgency/anyOf/0", type="number")),
    ("input: any form", RAW, drop("properties/language/anyOf/0", "pattern")),
    ("input: nothing required", RAW, lambda s: s["required"].clear()),
    ("input: other words", RAW, put("properties/body", description="Words.", examples=["A story."])),
]
