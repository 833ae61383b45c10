"""`wiredesk schema`: the JSON Schemas of the messages."""

import difflib
import json
from pathlib import Path
from typing import Any

from services.cli.problem import ExitCode, Problem
from services.cli.screen import err, write_line

Schemas = dict[str, dict[str, Any]]


def schema(schemas: Schemas, name: str | None, folder: Path | None) -> ExitCode:
    """Print one schema, or all as one JSON object; with a folder, write a `TYPE.json` for each there."""
    chosen = {found: schemas[found] for found in ([_find(schemas, name)] if name else schemas)}
    if folder:
        _write(chosen, folder)
    else:
        document: object = next(iter(chosen.values())) if name else chosen
        write_line(json.dumps(document, indent=2, ensure_ascii=False))
    return ExitCode.OK


def _find(schemas: Schemas, name: str) -> str:
    """The type that `name` means: `wiredesk.story.raw.v1`, `RawStory` or `raw`. Raises `Problem`."""
    known = {
        _letters(word): type_name for type_name in schemas for word in _names(type_name, schemas[type_name])
    }
    if found := known.get(_letters(name)):
        return found
    near = difflib.get_close_matches(_letters(name), known, n=1)
    guess = f"did you mean {known[near[0]]}? " if near else ""
    raise Problem(f"there is no schema {name}", f"{guess}there are: {', '.join(schemas)}", ExitCode.USAGE)


def _names(type_name: str, document: dict[str, Any]) -> tuple[str, ...]:
    title = str(document.get("title", type_name))
    return (type_name.split(".")[2] if type_name.count(".") > 1 else type_name, title, type_name)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def _write(schemas: Schemas, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, document in schemas.items():
            target = folder / f"{name}.json"
            target.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise Problem(
            f"cannot write to {folder}: {error.strerror or error}", "give a folder that you may write to"
        ) from None
    err().print(f"wrote {len(schemas)} schemas to {folder}", markup=False)
