"""Finds the mentions that the model missed: a name found once in a story is found everywhere in it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from services.enrichment.entities.lexicon import lexicon
from services.enrichment.entities.span import Span

_SHORTEST = 3
_MOST_NAMES = 400


def repeats(text: str, spans: Sequence[Span]) -> list[Span]:
    """The given spans and every further mention of their names, or of a person's surname, in order.

    Mentions do not overlap. Time grows with the length of the text only: one pass over it.
    """
    by_name = _names(text, spans)
    if not by_name:
        return list(spans)
    pattern = _any_of(by_name)
    taken = _Taken(spans)
    found = []
    for hit in pattern.finditer(text):
        like = by_name[hit.group()]
        if taken.free(hit.start(), hit.end()):
            found.append(Span(hit.start(), hit.end(), like.kind, like.sure))
    return sorted([*spans, *found])


def known_names(text: str, names: Iterable[str]) -> list[Span]:
    """Every mention of these places, in a text that no model read."""
    pattern = _any_of(sorted(names, key=len, reverse=True))
    return [Span(hit.start(), hit.end(), "place", sure=True) for hit in pattern.finditer(text)]


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Whole words only, and none that is part of an address or a compound."""
    return re.compile(rf"(?<![\w@.-])(?:{'|'.join(map(re.escape, names))})(?![\w@])")


def _names(text: str, spans: Sequence[Span]) -> Mapping[str, Span]:
    """What to look for, the longest first, so that a full name is not taken for its surname."""
    names: dict[str, Span] = {}
    for span in spans:
        names.setdefault(span.of(text), span)
    for name, span in list(names.items()):
        surname = name.split()[-1]
        if span.kind == "person" and surname != name and surname[:1].isupper() and surname.isalpha():
            names.setdefault(surname, span)
    skipped = lexicon().generic | lexicon().nationalities
    worth = [name for name in names if len(name) >= _SHORTEST and name not in skipped][:_MOST_NAMES]
    return {name: names[name] for name in sorted(worth, key=len, reverse=True)}


class _Taken:
    """Which code points are named already."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._points = {point for span in spans for point in range(span.start, span.end)}

    def free(self, start: int, end: int) -> bool:
        """True where nothing of the stretch is taken."""
        return self._points.isdisjoint(range(start, end))
