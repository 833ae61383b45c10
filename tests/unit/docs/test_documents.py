"""The documents hold together: links lead somewhere, commands exist, nothing names a foreign place."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.main import get_command

from services.cli.app import app
from tests.unit.docs.documents import ROOT, anchors, blocks, code_words, documents, links, name, project_files

REGISTRIES = {
    # in parts, or this file would name them too
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("npmjs", "com"),
        ("registry", "yarnpkg", "com"),
    )
}
SOMEBODYS_HOME = re.compile(rb"(?<![\w.])/(?:home|Users)/[a-z][\w.-]*")
MAKE = re.compile(r"^(?:[A-Z_]+=\S+ )*make ([a-z][a-z0-9-]*)")
WIREDESK = re.compile(r"^(?:\.venv/bin/)?wiredesk ([a-z]+)")

DOCUMENTS = documents()


def make_targets() -> set[str]:
    """The targets that `make help` lists: those with a `##` comment."""
    lines = re.findall(r"^([a-z][a-z0-9 -]*):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return {target for line in lines for target in line.split()}


def written(document: Path) -> list[str]:
    """All commands of a document, between backticks and in its shell blocks."""
    lines = [line for block in blocks(document) if block.language == "sh" for line in block.text.splitlines()]
    return [*code_words(document), *(line.strip() for line in lines)]


def registry_hosts() -> set[str]:
    """The well-known ones, and those that this machine is set up to use."""
    told = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    urls = re.findall(r"https?://[^\s'\"]+", told)
    return REGISTRIES | {host for url in urls if (host := urlsplit(url).hostname) and "." in host}


def test_the_project_has_its_documents() -> None:
    found = {name(path) for path in DOCUMENTS}
    assert {"README.md", "CONTRIBUTING.md", "docs/configuration.md", "docs/subscribing.md"} <= found


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_relative_links_lead_to_what_exists(document: Path) -> None:
    for link in links(document):
        target, _, anchor = link.partition("#")
        if urlsplit(link).scheme:
            continue
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), f"{name(document)} links to {link}, which is not there"
        assert path.is_relative_to(ROOT), f"{name(document)} links out of the project: {link}"
        if anchor:
            assert anchor in anchors(path), f"{name(document)} links to {link}; no heading makes that anchor"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_commands_that_are_written_down_exist(document: Path) -> None:
    commands = set(getattr(get_command(app), "commands", {}))
    assert {"push", "tail"} <= commands
    for line in written(document):
        if found := MAKE.match(line):
            assert found[1] in make_targets(), f"{name(document)}: there is no `make {found[1]}`"
        if found := WIREDESK.match(line):
            assert found[1] in commands, f"{name(document)}: there is no `wiredesk {found[1]}`"


def test_the_pages_of_the_docs_folder_are_listed() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / link).resolve() for link in links(index)}
    pages = {path for path in DOCUMENTS if path.is_relative_to(index.parent)} - {index}
    assert {name(path) for path in pages - listed} == set(), "docs/README.md does not list them"


def test_no_file_names_a_package_registry_or_somebodys_home() -> None:
    hosts = re.compile(
        rb"(?<![\w.-])(?:" + b"|".join(re.escape(host).encode() for host in registry_hosts()) + rb")\b"
    )
    here = str(ROOT).encode() if len(ROOT.parts) > 2 else None  # `/app` may stand anywhere
    found = []
    for path in project_files():
        if path == Path(__file__):
            continue
        content = path.read_bytes()
        home = SOMEBODYS_HOME.search(content) and "tests" not in path.parts  # tests make some up
        if hosts.search(content) or home or (here and here in content):
            found.append(name(path))
    assert found == []
