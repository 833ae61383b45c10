"""docs/configuration.md names every environment variable there is, with its default, and no other."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from deploy.embedded.settings import DEFAULT_PORTS, Settings, port_variable
from services.archive.settings import ArchiveSettings
from services.cli.connection import CliSettings
from services.enrichment.settings import EnrichmentSettings
from services.ingest.settings import IngestSettings
from services.publisher.settings import PublisherSettings
from shared.runtime import ServiceSettings
from tests.unit.docs.documents import ROOT, table_rows

PAGE = ROOT / "docs" / "configuration.md"
NOT_SET = "–"

OF_SERVICES: tuple[type[BaseSettings], ...] = (
    ServiceSettings,
    IngestSettings,
    EnrichmentSettings,
    PublisherSettings,
    ArchiveSettings,
    CliSettings,
)

OF_THE_SHELL = {"PATH", "HOME", "PWD", "RANDOM", "SECONDS", "PYTHONPATH", "BASH_SOURCE", "WITH"}
"""Named in scripts and set by the shell, by Docker or by the script itself."""

_EXPANSION = re.compile(r"\$\{([A-Z][A-Z_]+)(?::?([-?])([^}]*))?")
_OF_MAKE = re.compile(r"\$\(([A-Z]+)\)")
_OF_PYTHON = re.compile(r"""(?:env(?:iron)?\.get|_size|_seconds|_one_of)\((?:env, )?["']([A-Z_]+)["']""")
_ASSIGNMENT = re.compile(r"^#?([A-Z_]+)=", re.MULTILINE)


def page() -> dict[str, str]:
    """Variable → default, as the page has them, both without backticks."""
    rows = table_rows(PAGE, "variable", "default", "meaning")
    assert len(rows) > 40, "the tables were not found"
    return {cells[0].strip("`"): cells[1].strip("`") for cells in rows}


def shown(value: object) -> str:
    """A default as the page writes it."""
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    return NOT_SET if plain in ("", None) else str(plain)


def of_settings_classes() -> dict[str, str]:
    """Variable → default of every pydantic settings class. Where a service has its own, the common one."""
    found: dict[str, str] = {}
    for settings in OF_SERVICES:
        for name, field in settings.model_fields.items():
            default = None if field.default_factory else field.default
            found.setdefault(name.upper(), shown(default))
    return found


def of_embedded() -> dict[str, str]:
    """Variable → default of `make up` without Docker."""
    by_field = {field.name: field.default for field in fields(Settings)}
    found = {port_variable(name): str(port) for name, port in DEFAULT_PORTS.items()}
    found |= {name.upper(): str(by_field[name]) for name in ("appendfsync", "redis_maxmemory", "mongo_cache")}
    return found | {"READY_TIMEOUT": f"{by_field['ready_timeout']:.0f}"}


def scripts() -> list[Path]:
    """Everything in which a shell or Compose expands variables."""
    found = [path for path in (ROOT / "deploy").rglob("*") if path.is_file() and not path.suffix]
    return [*found, ROOT / "docker-compose.yml"]


def of_scripts() -> set[str]:
    """Variables that scripts, Compose, make, the example of .env and the embedded default ask for."""
    found: set[str] = set()
    for path in scripts():
        text = "\n".join(line for line in path.read_text().splitlines() if not line.lstrip().startswith("#"))
        found |= {match[1] for match in _EXPANSION.finditer(text)}
    found |= set(_OF_MAKE.findall((ROOT / "Makefile").read_text())) - {"PY", "PYTEST", "MAKEFILE_LIST"}
    for path in (ROOT / ".env.example", ROOT / "deploy" / "docker" / "stack"):  # what is set or written
        found |= set(_ASSIGNMENT.findall(path.read_text()))
    for path in (ROOT / "deploy" / "embedded").glob("*.py"):
        found |= set(_OF_PYTHON.findall(path.read_text()))
    return found - OF_THE_SHELL


def test_every_variable_is_on_the_page() -> None:
    known = of_settings_classes().keys() | of_embedded().keys() | of_scripts()
    assert known - page().keys() == set(), "add them to docs/configuration.md"


def test_the_page_names_no_variable_that_nothing_reads() -> None:
    known = of_settings_classes().keys() | of_embedded().keys() | of_scripts()
    assert page().keys() - known == set(), "take them out of docs/configuration.md"


@pytest.mark.parametrize("source", [of_settings_classes, of_embedded], ids=["services", "embedded"])
def test_the_defaults_are_those_of_the_code(source: object) -> None:
    assert callable(source)
    written = page()
    code: dict[str, str] = source()
    assert {name: written.get(name) for name in code} == code


def test_compose_has_the_same_defaults() -> None:
    written = page()
    text = (ROOT / "docker-compose.yml").read_text()
    found = {match[1]: match[3] for match in _EXPANSION.finditer(text) if match[2] == "-"}
    assert "APPENDFSYNC" in found
    assert {name: value or NOT_SET for name, value in found.items()} == {
        name: written.get(name) for name in found
    }


def test_no_variable_stands_there_twice() -> None:
    names = [cells[0] for cells in table_rows(PAGE, "variable", "default", "meaning")]
    assert sorted(names) == sorted(set(names))
