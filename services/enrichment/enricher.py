"""What a part of enrichment looks like: a name, a version, and a function from stories to tags."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.schemas import Story, Tags

Tag = Callable[[Sequence[Story]], Sequence[Tags]]
"""Answers each story's tags, in the order of the stories. What it raises costs these tags, not the story."""


@dataclass(frozen=True, slots=True)
class Enricher:
    """One source of tags. `name` is what `Tags.undecided` and `Tags.skipped` call it."""

    name: str
    version: str
    tag: Tag
