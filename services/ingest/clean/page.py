"""A page while it is being cleaned: what is left of it, what was named, what was taken out and why."""

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass, replace

from services.ingest.clean.line import Line
from shared.schemas.story import Removed

MAX_REMOVED = 1_000
"""Longest receipt. What would not fit on it stays in the text: nothing vanishes without a receipt."""


@dataclass(frozen=True, slots=True)
class Page:
    """Every rule takes one and returns one. `lines` are the paragraphs that are left, none of them empty."""

    lines: tuple[Line, ...]
    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    section: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    author_bio: str | None = None
    removed: tuple[Removed, ...] = ()

    def drop(self, indexes: Collection[int], rule: str, confidence: int) -> "Page":
        """Without these lines. Neighbours become one span of the receipt."""
        removed = []
        kept = set(range(len(self.lines)))
        for first, last in self._runs(sorted(indexes))[: max(MAX_REMOVED - len(self.removed), 0)]:
            run = self.lines[first : last + 1]
            text = "\n".join(line.text for line in run)
            span = Removed(text=text, start=run[0].start, end=run[-1].end, rule=rule, confidence=confidence)
            removed.append(span)
            kept.difference_update(range(first, last + 1))
        lines = tuple(line for index, line in enumerate(self.lines) if index in kept)
        return replace(self, lines=lines, removed=(*self.removed, *removed))

    def cut(self, index: int, begin: int, end: int, rule: str, confidence: int) -> "Page":
        """Without `text[begin:end]` of one line, which must touch the line's beginning or its end."""
        if len(self.removed) >= MAX_REMOVED:
            return self
        line = self.lines[index]
        gone = line.part(begin, end)
        left = line.part(end, len(line.text)) if begin == 0 else line.part(0, begin)
        lines = list(self.lines)
        lines[index : index + 1] = [left] if left.text else []
        receipt = Removed(text=gone.text, start=gone.start, end=gone.end, rule=rule, confidence=confidence)
        return replace(self, lines=tuple(lines), removed=(*self.removed, receipt))

    def move(self, index: int) -> "Page":
        """Without one line that was given a name of its own (a headline): no receipt is due for it."""
        return replace(self, lines=self.lines[:index] + self.lines[index + 1 :])

    def _runs(self, indexes: list[int]) -> list[tuple[int, int]]:
        """First and last of each run of neighbours, with nothing between them that was taken out before."""
        cuts = sorted(span.start for span in self.removed)
        runs: list[tuple[int, int]] = []
        for index in indexes:
            if runs and runs[-1][1] == index - 1 and not self._is_cut(cuts, index):
                runs[-1] = (runs[-1][0], index)
            else:
                runs.append((index, index))
        return runs

    def _is_cut(self, cuts: list[int], index: int) -> bool:
        before, line = self.lines[index - 1], self.lines[index]
        return bisect_left(cuts, before.end) < bisect_left(cuts, line.start)
