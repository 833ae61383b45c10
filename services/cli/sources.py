"""Reads stories from files, folders and pipes, one at a time: memory does not grow with their number."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.cli.payload import Payload, Refused, StoryRefused, encode
from services.cli.problem import ExitCode, Problem
from services.ingest.file_formats import EXTENSIONS, FileRefused, raw_from_file, raw_from_json

JSONL = ".jsonl"
STDIN = "-"
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<article", b"<p>", b"<div")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that holds one story, or with `jsonl` one per line. `path` None is standard input."""

    label: str
    path: Path | None
    jsonl: bool
    size: int | None

    @property
    def single(self) -> bool:
        """Whether it holds exactly one story."""
        return not self.jsonl


def find(targets: Sequence[str], jsonl: bool) -> list[Source]:
    """The sources that the arguments name, folders in name order. Raises `Problem` for what is not there."""
    if not targets and not jsonl:
        raise Problem("nothing to push", "name files or a folder, or `-` for standard input", ExitCode.USAGE)
    sources = [source for target in targets or [STDIN] for source in _expand(target, jsonl)]
    if sum(source.path is None for source in sources) > 1:
        raise Problem("standard input can be read only once", "give `-` once", ExitCode.USAGE)
    return sources


def _expand(target: str, jsonl: bool) -> list[Source]:
    if target == STDIN:
        return [Source("stdin", None, jsonl, None)]
    path = Path(target)
    if path.is_dir():
        return _folder(path)
    if not path.is_file() and not path.is_fifo():
        raise Problem(f"there is no file or folder {target}", "check the path", ExitCode.USAGE)
    return [_file(path, jsonl)]


def _folder(path: Path) -> list[Source]:
    known = EXTENSIONS | {JSONL}
    found = sorted(
        file
        for file in path.rglob("*")
        if file.suffix.lower() in known and file.is_file() and not _hidden(file.relative_to(path))
    )
    if not found:
        raise Problem(
            f"the folder {path} holds no stories", f"files that end in {', '.join(sorted(known))} are taken"
        )
    return [_file(file, jsonl=False) for file in found]


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _file(path: Path, jsonl: bool) -> Source:
    size = path.stat().st_size if path.is_file() else None
    return Source(str(path), path, jsonl or path.suffix.lower() == JSONL, size)


def read(
    sources: Sequence[Source], fields: dict[str, str], max_bytes: int, stdin: BinaryIO
) -> Iterator[Payload | Refused]:
    """The stories of all sources in order, ready to push, or why one cannot be.

    `fields` are set on every story. At most one story, and never more than about `max_bytes` of it, is held.
    """
    for source in sources:
        try:
            with _open(source, stdin) as stream:
                if source.jsonl:
                    yield from _lines(source, stream, fields, max_bytes)
                else:
                    yield _whole(source, stream, fields, max_bytes)
        except OSError as error:
            yield Refused(source.label, f"cannot be read: {error.strerror or error}", source.size or 0)


def _open(source: Source, stdin: BinaryIO) -> AbstractContextManager[BinaryIO]:
    return source.path.open("rb") if source.path else nullcontext(stdin)


def _whole(source: Source, stream: BinaryIO, fields: dict[str, str], max_bytes: int) -> Payload | Refused:
    content = stream.read(max_bytes + 1)
    read_bytes = source.size or len(content)
    if len(content) > max_bytes:
        return Refused(source.label, too_large(max_bytes), read_bytes)
    try:
        name = sniff(content) if source.path is None else source.label
        return encode(source.label, raw_from_file(name, content), fields, max_bytes, read_bytes)
    except (FileRefused, StoryRefused) as error:
        return Refused(source.label, str(error), read_bytes)


def sniff(content: bytes) -> str:
    """A file name with the extension that fits the content of a pipe: JSON object, HTML, else text."""
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    if start.startswith(b"{"):
        try:
            raw_from_json(content)
        except FileRefused:
            return "stdin.txt"
        return "stdin.json"
    return "stdin.html" if start.startswith(_HTML) else "stdin.txt"


def _lines(
    source: Source, stream: BinaryIO, fields: dict[str, str], max_bytes: int
) -> Iterator[Payload | Refused]:
    number = 0
    while line := stream.readline(max_bytes + 2):
        number += 1
        label, size = f"{source.label}:{number}", len(line)
        if len(line) > max_bytes and not line.endswith(b"\n"):
            yield Refused(label, too_large(max_bytes), size + _skip_line(stream))
        elif line.strip():
            yield _line(label, line, fields, max_bytes, size)


def _line(label: str, line: bytes, fields: dict[str, str], max_bytes: int, size: int) -> Payload | Refused:
    try:
        return encode(label, raw_from_json(line), fields, max_bytes, size)
    except (FileRefused, StoryRefused) as error:
        return Refused(label, str(error), size)


def _skip_line(stream: BinaryIO) -> int:
    skipped = 0
    while part := stream.readline(65_536):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def too_large(max_bytes: int) -> str:
    """Why a story is not even sent."""
    return f"larger than {max_bytes:,} bytes, the limit of a story (MAX_STORY_BYTES)"
