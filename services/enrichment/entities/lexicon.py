"""The word lists that tell one kind of name from another."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CUES_FILE = Path(__file__).with_name("cues.toml")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of words, as `cues.toml` explains them."""

    titles: frozenset[str]
    particles: frozenset[str]
    organisation_ends: frozenset[str]
    organisation_starts: frozenset[str]
    organisations: frozenset[str]
    place_ends: frozenset[str]
    place_before: frozenset[str]
    person_after: frozenset[str]
    generic: frozenset[str]
    nationalities: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The project's own lists; nationalities with their plurals."""
    lists = {
        name: frozenset(items) for name, items in tomllib.loads(CUES_FILE.read_text(encoding="utf-8")).items()
    }
    lists["nationalities"] |= {f"{word}s" for word in lists["nationalities"]}
    return Lexicon(**lists)
