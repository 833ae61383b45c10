"""One entity per document: the mentions of one person, organisation or place, brought together."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.enrichment.entities.span import Span
from services.enrichment.places import Place, Places
from shared.schemas import EntityKind

_CAPITALS = re.compile(r"\b[A-Z]")
_NOT_COUNTED = frozenset({"The"})


@dataclass(slots=True)
class Cluster:
    """The spans of one entity, in order. `place` is what the table knows of it."""

    kind: EntityKind
    spans: list[Span] = field(default_factory=list)
    place: Place | None = None

    def name(self, text: str) -> str:
        """A place's commonest name in this text; otherwise the longest: a full name before its surname."""
        names = Counter(span.of(text) for span in self.spans)
        return names.most_common(1)[0][0] if self.kind == "place" else max(names, key=len)


def cluster(text: str, spans: Sequence[Span], places: Places) -> list[Cluster]:
    """The entities of a text in the order of their first mention. `spans` are settled, in order."""
    clusters: dict[tuple[EntityKind, str], Cluster] = {}
    full = _FullNames(text, spans)
    for span in spans:
        name = full.of(span)
        place = places.find(name) if span.kind == "place" else None
        key = (span.kind, str(place.geonames) if place else name.casefold())
        clusters.setdefault(key, Cluster(span.kind, place=place)).spans.append(span)
    return list(clusters.values())


class _FullNames:
    """Tells which longer name of the text a surname or an acronym stands for."""

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        self._text = text
        self._people: dict[str, list[tuple[int, str]]] = {}
        self._organisations: dict[str, str] = {}
        for span in spans:
            name = span.of(text)
            parts = name.split()
            if span.kind == "person" and len(parts) > 1:
                for part in {parts[0], parts[-1]}:
                    self._people.setdefault(part, []).append((span.start, name))
            elif span.kind == "organisation" and len(parts) > 1:
                self._organisations.setdefault(initials(name), name)

    def of(self, span: Span) -> str:
        """The full name, or the name itself. Of two people of one name, the one named last before."""
        name = span.of(self._text)
        if span.kind == "organisation":
            return self._organisations.get(name.replace(".", "").upper(), name)
        if span.kind != "person" or name not in self._people:
            return name
        known = self._people[name]
        return next((full for start, full in reversed(known) if start < span.start), known[0][1])


def initials(name: str) -> str:
    """`Department of Defense` → `DD`: the capitals that begin its words."""
    return "".join(_CAPITALS.findall(" ".join(word for word in name.split() if word not in _NOT_COUNTED)))
