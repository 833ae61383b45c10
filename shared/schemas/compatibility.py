"""The gate: would a change of a schema break whoever was written against its last version?

What we send must still fit what its readers were written for, and what we take in must still admit what
its senders were written to send. Both ask whether every value of one schema fits another: the new one's
values the old reader, or the old one's values the new reader. A field that is gone breaks both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from re import search
from typing import Any

from shared.schemas.shape import ANNOTATIONS, Schema, Shape, shapes

UPPER_BOUNDS = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
LOWER_BOUNDS = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")
FORMS = ("pattern", "format")

_JUDGED = frozenset(
    {*UPPER_BOUNDS, *LOWER_BOUNDS, *FORMS, *ANNOTATIONS, "type", "const", "enum"}
    | {"properties", "required", "additionalProperties", "items"}
)


class Direction(StrEnum):
    """Who wrote the other side: readers of what we send, or senders of what we take in."""

    OUT = "out"
    IN = "in"


_WORDS = {
    Direction.OUT: {
        "gone": "is removed or renamed, and readers of {last} read it",
        "presence": "was always there and may now be missing, which readers of {last} do not expect",
        "null": "may now be null, which readers of {last} do not expect",
        "type": "changed its type: it may now be {new}, where readers of {last} expect {old}",
        "enum": "may now be {new}, which a reader with the closed list of {last} does not know",
        "bound": "widened: {what} went from {old} to {new}, beyond what readers of {last} make room for",
        "form": "changed its {what} from {old} to {new}: readers of {last} may refuse what fits it",
        "closed": "may now hold fields that the closed object of {last} refuses",
        "unknown": "changed its {what} from {old} to {new}, and the gate cannot tell what that breaks",
    },
    Direction.IN: {
        "gone": "is removed or renamed, and what senders of {last} put there would be lost in silence",
        "presence": "is now required, and senders of {last} may leave it out",
        "null": "no longer accepts null, which senders of {last} may send",
        "type": "changed its type: it no longer accepts {old}, which senders of {last} may send",
        "enum": "no longer accepts {old}, which senders of {last} may send",
        "bound": "narrowed: {what} went from {old} to {new}, and refuses what senders of {last} may send",
        "form": "changed its {what} from {old} to {new}, and may refuse what senders of {last} send",
        "closed": "no longer accepts unknown fields, which senders of {last} may send",
        "default": "left out, it meant {old} to senders of {last} and now means {new}",
        "unknown": "changed its {what} from {old} to {new}, and the gate cannot tell what that breaks",
    },
}


def breaking_changes(old: Schema, new: Schema, direction: Direction) -> list[str]:
    """What in `new` breaks those who were written against `old`; empty where nothing does.

    Both are JSON Schemas as `shared.schemas.export` writes them. Titles, descriptions and other
    annotations may change freely. A change that the gate does not understand counts as breaking.
    Each message names the field, says what breaks and what to do.
    """
    values, reader = (new, old) if direction is Direction.OUT else (old, new)
    last = str(old.get("$id", "v1")).rpartition(":")[2]
    comparison = _Comparison(values, reader, direction, last)
    return list(dict.fromkeys(comparison.nodes(values, reader, "")))


def next_version(name: str) -> str:
    """`wiredesk.story.raw.v1` → `wiredesk.story.raw.v2`."""
    stem, _, number = name.rpartition("v")
    return f"{stem}v{int(number) + 1}" if number.isdigit() else "a new version"


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Looks for values that the reader does not admit. Every method yields messages."""

    values: Schema
    reader: Schema
    direction: Direction
    last: str
    active: set[tuple[int, int]] = field(default_factory=set)

    def nodes(self, values: Schema, reader: Schema, path: str) -> Iterator[str]:
        pair = (id(values), id(reader))
        if pair in self.active:  # a schema that refers to itself
            return
        self.active.add(pair)
        known = shapes(reader, self.reader)
        for shape in shapes(values, self.values):
            yield from self._fits_any(shape, known, path)
        self.active.discard(pair)

    def _fits_any(self, value: Shape, known: list[Shape], path: str) -> Iterator[str]:
        candidates = [shape for shape in known if _admits(shape.kind, value.kind)]
        if not candidates:
            kinds = " or ".join(shape.kind for shape in known)
            yield self._breaks(path, "null" if value.kind == "null" else "type", value.kind, kinds)
            return
        yield from min((list(self._fits(value, shape, path)) for shape in candidates), key=len)

    def _fits(self, value: Shape, reader: Shape, path: str) -> Iterator[str]:
        yield from self._enum(value, reader, path)
        yield from self._bounds(value, reader, path)
        yield from self._forms(value, reader, path)
        yield from self._unjudged(value, reader, path)
        if "items" in reader.schema:
            yield from self.nodes(value.schema.get("items", {}), reader.schema["items"], f"{path}[]")
        if reader.kind == "object":
            yield from self._fields(value, reader, path)
            yield from self._others(value, reader, path)

    def _enum(self, value: Shape, reader: Shape, path: str) -> Iterator[str]:
        if reader.values is None:
            return
        if value.values is None:
            yield self._breaks(path, "enum", f"any {value.kind}", f"one of {_listed(reader.values)}")
            return
        unknown = [item for item in value.values if item not in reader.values]
        if unknown:
            yield self._breaks(path, "enum", _listed(unknown), _listed(reader.values))

    def _bounds(self, value: Shape, reader: Shape, path: str) -> Iterator[str]:
        for keyword in (*UPPER_BOUNDS, *LOWER_BOUNDS):
            limit = reader.schema.get(keyword)
            if limit is None:
                continue
            reach = value.bound(keyword)
            beyond = reach is None or (reach > limit if keyword in UPPER_BOUNDS else reach < limit)
            if beyond:
                shown = "no bound" if reach is None else str(reach)
                yield self._breaks(path, "bound", shown, str(limit), keyword)

    def _forms(self, value: Shape, reader: Shape, path: str) -> Iterator[str]:
        for keyword in FORMS:
            asked, given = reader.schema.get(keyword), value.schema.get(keyword)
            if asked is None or asked == given or (keyword == "pattern" and _all_match(asked, value.values)):
                continue
            yield self._breaks(path, "form", str(given or "none"), str(asked), keyword)

    def _unjudged(self, value: Shape, reader: Shape, path: str) -> Iterator[str]:
        for keyword in sorted({*value.schema, *reader.schema} - _JUDGED):
            given, asked = value.schema.get(keyword), reader.schema.get(keyword)
            if given != asked:
                yield self._breaks(path, "unknown", str(given), str(asked), keyword)

    def _fields(self, value: Shape, reader: Shape, path: str) -> Iterator[str]:
        old, new = self._in_time(value, reader)
        for name in sorted(old.properties.keys() - new.properties.keys()):
            yield self._breaks(_join(path, name), "gone", "", "")
        for name in sorted((reader.required - value.required) & new.properties.keys()):
            yield self._breaks(_join(path, name), "presence", "", "")
        for name in sorted(value.properties.keys() & reader.properties.keys()):
            yield from self.nodes(value.properties[name], reader.properties[name], _join(path, name))
            if self.direction is Direction.IN and name not in value.required | reader.required:
                yield from self._default(value.properties[name], reader.properties[name], _join(path, name))

    def _default(self, value: Schema, reader: Schema, path: str) -> Iterator[str]:
        meant, means = (repr(node["default"]) if "default" in node else "nothing" for node in (value, reader))
        if meant != means:
            yield self._breaks(path, "default", meant, means)

    def _others(self, value: Shape, reader: Shape, path: str) -> Iterator[str]:
        """Fields that the reader does not name: most readers accept any."""
        asked, given = (shape.schema.get("additionalProperties", True) for shape in (reader, value))
        if asked is True:
            return
        extra = value.properties.keys() - reader.properties.keys()
        if asked is False:
            if extra or given is not False:
                yield self._breaks(path, "closed", "", "")
            return
        if given is not False:
            yield from self.nodes({} if given is True else given, asked, _join(path, "*"))
        for name in sorted(extra):
            yield from self.nodes(value.properties[name], asked, _join(path, name))

    def _in_time(self, value: Any, reader: Any) -> tuple[Any, Any]:
        return (reader, value) if self.direction is Direction.OUT else (value, reader)

    def _breaks(self, path: str, kind: str, value: str, reader: str, what: str = "") -> str:
        old, new = self._in_time(value, reader)
        words = _WORDS[self.direction][kind].format(last=self.last, old=old, new=new, what=what)
        return f"`{path or 'the message'}` {words}. Keep it as it was, or make it {next_version(self.last)}."


def _admits(reader: str, value: str) -> bool:
    return reader in {value, "any"} or (reader == "number" and value == "integer")


def _all_match(pattern: str, values: tuple[Any, ...] | None) -> bool:
    return values is not None and all(isinstance(item, str) and search(pattern, item) for item in values)


def _listed(values: Any) -> str:
    return ", ".join(repr(value) for value in values)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
