"""`python -m shared.schemas.export`: writes the schemas, and accepts only what breaks nobody."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.schemas.export import json_schemas, main, read_schemas

EVENT = "wiredesk.story.event.v1"


def _rewritten(folder: Path, schema: dict[str, Any]) -> Path:
    path = folder / f"{EVENT}.json"
    path.write_text(json.dumps(schema), "utf-8")
    return path


def test_writes_a_file_for_every_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "schemas"

    assert main([str(folder)]) == 0

    assert read_schemas(folder) == json_schemas()
    assert len(capsys.readouterr().out.splitlines()) == len(json_schemas())


def test_runs_as_a_command(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "shared.schemas.export", str(tmp_path)]

    subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[2])

    assert read_schemas(tmp_path) == json_schemas()


def test_accepts_a_change_that_adds(tmp_path: Path) -> None:
    """Today's event has a field that the last version did not have."""
    last = json_schemas()[EVENT]
    del last["properties"]["datacontenttype"]
    last["required"].remove("datacontenttype")
    _rewritten(tmp_path, last)

    assert main(["--accept", str(tmp_path)]) == 0

    assert read_schemas(tmp_path) == json_schemas()


def test_refuses_a_change_that_breaks_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = json_schemas()[EVENT]
    last["properties"]["dataschema"] = {"type": "string"}
    path = _rewritten(tmp_path, last)
    before = path.read_bytes()

    assert main(["--accept", str(tmp_path)]) == 1

    told = capsys.readouterr().err
    assert "Nothing was written" in told
    assert f"{EVENT}: `dataschema` is removed or renamed" in told
    assert "make it wiredesk.story.event.v2" in told
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_refuses_to_forget_a_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wiredesk.story.event.v0.json").write_text("{}", "utf-8")

    assert main(["--accept", str(tmp_path)]) == 1
    assert "this message type is gone" in capsys.readouterr().err


def test_without_the_option_it_writes_over_what_is_there(tmp_path: Path) -> None:
    _rewritten(tmp_path, {"$id": "urn:wiredesk:schema:other", "type": "string"})

    assert main([str(tmp_path)]) == 0
    assert read_schemas(tmp_path) == json_schemas()
