"""Cuts a span to the name alone, and tells when nothing worth a name is left."""

import re
from collections.abc import Iterator

from services.enrichment.entities.lexicon import lexicon
from services.enrichment.entities.span import Span

_AROUND = " \t\r\n\u00a0\"'“”‘’«»()[]{}<>,;:.!?…|/\\*•–—-_#@=+&"
_BEFORE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\S+\s+")
_ABBREVIATED = re.compile(r"(?:^|[\s.])[A-Z]\.$|\b(?:Jr|Sr|Inc|Ltd|Co|Corp|St)\.$")
_LIST = re.compile(r",\s+(?:and\s+)?|\s+and\s+")
_LONGEST = 100
_MOST_WORDS = 9


def names(text: str, span: Span) -> Iterator[Span]:
    """The trimmed span, or the names of a list (`Hama, Raqqa and Idlib`) that was taken for one name."""
    for part in _parts(text, span):
        trimmed = trim(text, part)
        if trimmed is not None:
            yield trimmed


def trim(text: str, span: Span) -> Span | None:
    """Without line breaks, quotes, a leading article or title, a trailing possessive; None if that is all.

    The answer lies within the given span.
    """
    line = next((part for part in span.of(text).splitlines() if part.strip(_AROUND)), "")
    start = span.start + span.of(text).find(line)
    start, end = _strip(text, start, start + len(line))
    start = _skip_leading(text, start, end, titles=span.kind == "person")
    trimmed = Span(start, end, span.kind, span.sure)
    return trimmed if start < end and _is_name(trimmed.of(text)) else None


def _parts(text: str, span: Span) -> Iterator[Span]:
    """A comma makes a list, unless a word of the name says that it is one long name (`Department of …`)."""
    name = span.of(text)
    words = {word.strip(",.").lower() for word in name.split()}
    cues = lexicon()
    if (
        ", " not in name
        or span.kind == "event"
        or words & (cues.organisation_starts | cues.organisation_ends)
    ):
        yield span
        return
    at = span.start
    for separator in _LIST.finditer(text, span.start, span.end):
        yield Span(at, separator.start(), span.kind)
        at = separator.end()
    yield Span(at, span.end, span.kind)


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    """Take what surrounds a name away, but not the full stop of `U.S.` or `Jr.`."""
    while start < end and text[start] in _AROUND:
        start += 1
    while start < end:
        piece = text[start:end]
        possessive = _POSSESSIVE.search(piece)
        if possessive:
            end = start + possessive.start()
        elif piece[-1] in _AROUND and not _ABBREVIATED.search(piece):
            end -= 1
        else:
            break
    return start, end


def _skip_leading(text: str, start: int, end: int, *, titles: bool) -> int:
    """Past articles, words that begin small, and (for a person) titles; the last word always stays."""
    while True:
        match = _FIRST_WORD.match(text, start, end)
        if match is None:
            return start
        word = match.group().strip().rstrip(".,")
        small = word[:1].islower() and word.lower() not in lexicon().particles and "-" not in word
        titled = titles and word.lower() in lexicon().titles
        if not (small or titled or _BEFORE.match(match.group())):
            return start
        start = match.end()


def _is_name(name: str) -> bool:
    letters = sum(char.isalpha() for char in name)
    return (
        any(char.isupper() for char in name)
        and name[0].isalnum()
        and not (name[0].islower() and " " not in name and "-" not in name and not name[1:2].isupper())
        and letters >= 2
        and letters * 2 >= len(name)
        and len(name) <= _LONGEST
        and len(name.split()) <= _MOST_WORDS
        and "://" not in name
        and "@" not in name
        and name not in lexicon().generic
        and name not in lexicon().nationalities
    )
