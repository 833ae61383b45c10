"""The golden messages: JSON as it was on the wire when each version was current. They never change.

`golden/<type>/<name>.json` is what was sent. `<name>.read.json`, where it is there, is what it means;
else it means what it says.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.schemas.base import Message
from shared.schemas.export import CONTRACTS

HERE = Path(__file__).parent
SNAPSHOTS = HERE / "schemas"
MODELS = {contract.name: contract.model for contract in CONTRACTS}


@dataclass(frozen=True, slots=True)
class Golden:
    """One message of one version, and what it means."""

    type: str
    name: str
    sent: dict[str, Any]
    meaning: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.type}/{self.name}"

    def parsed(self) -> Message:
        """The message, as today's model of its type reads it."""
        return MODELS[self.type].model_validate_json(json.dumps(self.sent))


def _loaded(path: Path) -> Golden:
    sent = json.loads(path.read_text("utf-8"))
    meaning = path.with_suffix(".read.json")
    read = json.loads(meaning.read_text("utf-8")) if meaning.exists() else sent
    return Golden(path.parent.name, path.stem, sent, read)


GOLDENS = [
    _loaded(path)
    for path in sorted((HERE / "golden").glob("*/*.json"))
    if not path.name.endswith(".read.json")
]
