"""What can be typed, without any server."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.cli.app import app

NOWHERE = {"REDIS_URL": "redis://u:secret@127.0.0.1:1/0", "MONGO_URL": "mongodb://u:secret@127.0.0.1:1"}


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(
        app, arguments, input=stdin, env=NOWHERE | {"COLUMNS": "200", "WIREDESK_HOME": "/nowhere"}
    )


@pytest.mark.parametrize("command", ["push", "tail", "status", "story", "schema"])
def test_every_command_explains_itself(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"wiredesk {command}" in result.stdout.replace("root", "wiredesk")


@pytest.mark.parametrize("command", ["push", "tail", "story", "schema"])
def test_help_shows_examples(command: str) -> None:
    assert "Examples" in run(command, "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("push",),
        ("push", "nowhere.txt"),
        ("push", "a.txt", "--set", "nonsense"),
        ("push", "a.txt", "--timeout", "soon"),
        ("push", "a.txt", "--redis-url", "http://127.0.0.1"),
        ("tail", "--count", "-1"),
        ("schema", "Nothing"),
        ("story",),
        ("nothing",),
    ],
)
def test_what_is_not_understood_ends_with_2_and_says_why_on_stderr(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.strip()
    assert not result.stdout.strip()


@pytest.mark.parametrize("arguments", [("push", "-"), ("tail",), ("tail", "--json"), ("status",)])
def test_without_redis_each_command_says_how_to_start_and_never_the_password(
    arguments: tuple[str, ...],
) -> None:
    result = run(*arguments, stdin="A story.")
    assert result.exit_code == 1
    assert "Redis at redis://127.0.0.1:1/0 cannot be reached" in result.stderr
    assert "make up" in result.stderr
    assert "secret" not in result.output


def test_status_without_servers_is_json_when_asked_for() -> None:
    result = run("status", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["healthy"] is False
    assert len(answer["problems"]) == 2
    assert "secret" not in result.output


def test_story_without_mongo_says_how_to_start() -> None:
    result = run("story", "3f2a9c1e")
    assert result.exit_code == 1
    assert "MongoDB at mongodb://127.0.0.1:1 cannot be reached" in result.stderr
    assert "make up" in result.stderr
    assert "secret" not in result.output


@pytest.mark.parametrize("option", [("--guid", "1"), ("--url", "https://example.org"), ("--set", "guid=1")])
def test_an_identity_cannot_be_set_on_several_stories(tmp_path: Path, option: tuple[str, str]) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("x")
    for targets in (["--jsonl"], [str(tmp_path)], [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]):
        result = run("push", *targets, *option)
        assert result.exit_code == 2
        assert "versions of one" in result.stderr


@pytest.mark.parametrize(
    "name", ["RawStory", "raw", "wiredesk.story.raw.v1", "rawstory", "WIREDESK.STORY.RAW.V1"]
)
def test_a_schema_has_three_names(name: str) -> None:
    result = run("schema", name)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["title"] == "RawStory"


def test_all_schemas_are_one_object() -> None:
    schemas = json.loads(run("schema").stdout)
    assert {"wiredesk.story.raw.v1", "wiredesk.story.event.v1", "wiredesk.story.dead.v1"} <= set(schemas)


def test_a_mistyped_schema_is_guessed() -> None:
    assert "did you mean wiredesk.story.raw.v1?" in run("schema", "RawStori").stderr


def test_schemas_are_written_to_a_folder(tmp_path: Path) -> None:
    result = run("schema", "--out", str(tmp_path / "new"))
    assert result.exit_code == 0
    written = json.loads((tmp_path / "new" / "wiredesk.story.raw.v1.json").read_text())
    assert written["title"] == "RawStory"
    assert len(list((tmp_path / "new").iterdir())) == len(json.loads(run("schema").stdout))


def test_a_folder_that_cannot_be_written_is_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("schema", "--out", str(tmp_path / "file" / "below"))
    assert result.exit_code == 1
    assert "cannot write to" in result.stderr
