"""The contract as JSON Schema 2020-12, for readers and senders in any language.

    python -m shared.schemas.export DIR             writes a file per message type
    python -m shared.schemas.export --accept DIR    the same, unless that breaks a schema already there

The second accepts a deliberate change that adds to the contract: it renews the snapshot that the
contract tests hold the models against. docs/decisions/0004-schema-evolution.md says which changes do.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from shared.schemas.base import Message
from shared.schemas.compatibility import Direction, breaking_changes
from shared.schemas.dead_letter import DeadLetter
from shared.schemas.published_event import PublishedEvent
from shared.schemas.raw_story import RawStory
from shared.schemas.shape import Schema
from shared.schemas.stages import StoryAccepted, StoryEnriched

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Contract:
    """A message type: its name, which ends in its version, its model, and who relies on it."""

    name: str
    model: type[Message]
    direction: Direction

    def schema(self) -> dict[str, Any]:
        """The form that is promised: of what is sent to us, or of what we send."""
        return self._written("validation" if self.direction is Direction.IN else "serialization")

    def reading_schema(self) -> dict[str, Any]:
        """The form that our own reader takes in."""
        return self._written("validation")

    def _written(self, mode: Literal["validation", "serialization"]) -> dict[str, Any]:
        heading: dict[str, Any] = {"$schema": DIALECT, "$id": f"urn:wiredesk:schema:{self.name}"}
        return heading | self.model.model_json_schema(mode=mode)


CONTRACTS = (
    Contract("wiredesk.story.raw.v1", RawStory, Direction.IN),
    Contract("wiredesk.story.accepted.v1", StoryAccepted, Direction.OUT),
    Contract("wiredesk.story.enriched.v1", StoryEnriched, Direction.OUT),
    Contract("wiredesk.story.event.v1", PublishedEvent, Direction.OUT),
    Contract("wiredesk.story.dead.v1", DeadLetter, Direction.OUT),
)


def json_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of every message, by its type name."""
    return {contract.name: contract.schema() for contract in CONTRACTS}


def broken_promises(snapshots: Mapping[str, Schema], contracts: Sequence[Contract] = CONTRACTS) -> list[str]:
    """What today's models break of the schemas promised last, by type name; empty where nothing.

    Our own services read what they send. Entries wait in the streams while a new version starts, so
    today's reader must also take in whatever the last version has sent.
    """
    known = {contract.name: contract for contract in contracts}
    found = []
    for name, old in snapshots.items():
        if name not in known:
            found.append(f"{name}: this message type is gone. Keep it as long as anyone reads or sends it.")
            continue
        found += [f"{name}: {message}" for message in _broken(known[name], old)]
    return found


def _broken(contract: Contract, old: Schema) -> list[str]:
    for_others = breaking_changes(old, contract.schema(), contract.direction)
    return for_others or breaking_changes(old, contract.reading_schema(), Direction.IN)


def read_schemas(folder: Path) -> dict[str, Schema]:
    """The schemas in a folder that `write_schemas` wrote, by type name. Raises `ValueError` on bad JSON."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def write_schemas(folder: Path) -> list[Path]:
    """Write `<type>.json` for every message; what was there under these names is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in json_schemas().items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "utf-8")
        paths.append(path)
    return paths


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 1, and writes nothing, where `--accept` would break someone."""
    parser = argparse.ArgumentParser(
        prog="python -m shared.schemas.export", description="Write JSON Schemas."
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write them")
    parser.add_argument(
        "--accept", action="store_true", help="refuse to break a schema that is there already"
    )
    options = parser.parse_args(arguments)
    broken = broken_promises(read_schemas(options.folder)) if options.accept else []
    if broken:
        sys.stderr.write("\n".join(["Nothing was written: this breaks those who read or send.", *broken, ""]))
        return 1
    sys.stdout.writelines(f"{path}\n" for path in write_schemas(options.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
