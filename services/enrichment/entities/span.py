"""A stretch of text that names something."""

from dataclasses import dataclass

from shared.schemas import EntityKind


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points into the text, `end` exclusive, and what kind of thing is named there.

    `sure` marks a kind that a table or a cue word gave: the model's own guesses do not outvote it.
    """

    start: int
    end: int
    kind: EntityKind
    sure: bool = False

    def of(self, text: str) -> str:
        """The name as it is written."""
        return text[self.start : self.end]
