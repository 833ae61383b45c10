"""The project's Markdown documents, taken apart: code blocks, tables, links, headings."""

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced code block; `line` is where its fence stands, from 1."""

    document: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}:{self.language}"


def project_files() -> Iterator[Path]:
    """Every file of the project, tracked or not: all but what .gitignore names, and git's own."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()] + [".git"]
    waiting = [ROOT]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            if any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored) or path.is_symlink():
                continue
            if path.is_dir():
                waiting.append(path)
            else:
                yield path


def documents() -> list[Path]:
    """All Markdown files of the project."""
    return [path for path in project_files() if path.suffix == ".md"]


def name(path: Path) -> str:
    """A file as messages call it: relative to the project."""
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path) -> list[Block]:
    """The fenced code blocks of a document, in order."""
    text = path.read_text("utf-8")
    return [
        Block(name(path), text.count("\n", 0, found.start()) + 1, found[1], found[2])
        for found in _FENCE.finditer(text)
    ]


def prose(path: Path) -> str:
    """A document without its code blocks."""
    return _FENCE.sub("", path.read_text("utf-8"))


def links(path: Path) -> list[str]:
    """Where the links of a document lead."""
    return _LINK.findall(prose(path))


def code_words(path: Path) -> list[str]:
    """What stands between backticks in a document's prose."""
    return _CODE.findall(prose(path))


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def table_rows(path: Path, *header: str) -> list[list[str]]:
    """The rows, as cells, of all tables with this header."""
    rows: list[list[str]] = []
    inside = False
    for line in prose(path).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells == list(header):
            inside = True
        elif inside and set(line) - set("|- "):
            rows.append(cells)
    return rows
