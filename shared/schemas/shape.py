"""The parts of a JSON Schema as pydantic writes it, laid out so that two schemas can be compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

ANNOTATIONS = frozenset(
    {"$comment", "$defs", "$id", "$schema", "default", "deprecated", "description", "discriminator"}
    | {"examples", "readOnly", "title", "writeOnly"}
)
"""Keywords that no value can violate."""

_UNIONS = ("anyOf", "oneOf")
_KINDS: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of value that a schema admits: `kind` is a JSON type, or `any`."""

    kind: str
    schema: Schema

    @property
    def values(self) -> tuple[Any, ...] | None:
        """The closed list of values, where there is one."""
        if "const" in self.schema:
            return (self.schema["const"],)
        return tuple(self.schema["enum"]) if "enum" in self.schema else None

    @property
    def properties(self) -> Mapping[str, Schema]:
        """The fields of an object."""
        found: Mapping[str, Schema] = self.schema.get("properties", {})
        return found

    @property
    def required(self) -> frozenset[str]:
        """The names of those that are always there."""
        return frozenset(self.schema.get("required", ()))

    def bound(self, keyword: str) -> int | float | None:
        """The bound that the schema sets, or that follows from its closed list of texts."""
        if keyword in self.schema:
            found: int | float = self.schema[keyword]
            return found
        lengths = [len(value) for value in self.values or () if isinstance(value, str)]
        if keyword == "maxLength":
            return max(lengths, default=None)
        if keyword == "minLength":
            return min(lengths, default=0)
        return 0 if keyword in {"minItems", "minProperties"} else None


def shapes(schema: Schema, root: Schema) -> list[Shape]:
    """Every kind of value that `schema` admits, its references looked up in `root`."""
    node = _resolved(schema, root)
    for union in _UNIONS:
        if union in node:
            rest = {key: value for key, value in node.items() if key != union}
            return [shape for branch in node[union] for shape in shapes({**rest, **branch}, root)]
    return [Shape(kind, node) for kind in _kinds(node)]


def _resolved(schema: Schema, root: Schema) -> Schema:
    node = schema
    while "$ref" in node or len(node.get("allOf", ())) == 1:
        rest = {key: value for key, value in node.items() if key not in {"$ref", "allOf"}}
        target = _looked_up(node["$ref"], root) if "$ref" in node else node["allOf"][0]
        node = {**target, **rest}
    return node


def _looked_up(reference: str, root: Schema) -> Schema:
    node: Any = root
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    found: Schema = node
    return found


def _kinds(node: Schema) -> Iterator[str]:
    if "type" in node:
        yield from [node["type"]] if isinstance(node["type"], str) else node["type"]
    elif "const" in node or "enum" in node:
        values = [node["const"]] if "const" in node else node["enum"]
        yield from sorted({_KINDS.get(type(value), "null") for value in values})
    else:
        yield "any"
