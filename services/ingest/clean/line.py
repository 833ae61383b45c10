"""A paragraph of the input, repaired, that still knows where it stood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.ingest.repair import Repairs, is_invisible, repair

# U+0085 (next line) is not among the ends of lines: in mojibake it is half of a letter.
_RAW_LINE = re.compile(r"[^\n\r\x0b\x0c\u2028\u2029]+")
# All white space but U+0085 and the ends of lines.
_WHITE = " \t\x1c\x1d\x1e\x1f\xa0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_WORD = re.compile(r"\S+")
_ENDS = (".", "!", "?", ":", "…", '"', "”", "’", "»", ")")
_WRAP_MIN, _WRAP_MAX, _WRAP_SPREAD = 45, 100, 25


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is repaired; `raw` is what it came from, which begins at `start` (code points) of the input.

    `block` counts the blank lines before it.
    """

    text: str
    raw: str
    start: int
    block: int

    @property
    def end(self) -> int:
        """Where `raw` ends in the input, exclusive."""
        return self.start + len(self.raw)

    def part(self, begin: int, end: int) -> "Line":
        """The line made of `text[begin:end]`, without white space at its ends."""
        while begin < end and self.text[begin].isspace():
            begin += 1
        while end > begin and self.text[end - 1].isspace():
            end -= 1
        first, last = self._raw_index(begin, opening=True), self._raw_index(end, opening=False)
        raw = self.raw[first : max(first, last)]
        return Line(self.text[begin:end], raw, self.start + first, self.block)

    def _raw_index(self, index: int, *, opening: bool) -> int:
        """Where `text[index]` stood in `raw`: exact where nothing was repaired around it, else that word."""
        if self.raw.startswith(self.text[:index]):
            return index
        if self.raw.endswith(self.text[index:]):
            return len(self.raw) - (len(self.text) - index)
        words = list(_WORD.finditer(self.text))
        raws = [word for word in _WORD.finditer(self.raw) if not is_invisible(word[0])]
        if len(words) != len(raws):
            return 0 if opening else len(self.raw)
        for word, raw in zip(words, raws, strict=True):
            if index <= word.end():
                inside = index - word.start()
                if word[0] == raw[0] and inside >= 0:
                    return raw.start() + inside
                return raw.start() if opening else raw.end()
        return len(self.raw)


def read_lines(text: str, repairs: Repairs, *, wrapped: bool) -> tuple[Line, ...]:
    """The non-blank lines of `text`, repaired; what was repaired is counted in `repairs`.

    With `wrapped`, lines that were broken to fit a width are put together again.
    """
    lines = list(_physical(text, repairs))
    return tuple(_unwrapped(text, lines)) if wrapped else tuple(lines)


def _physical(text: str, repairs: Repairs) -> Iterator[Line]:
    block, last = 0, 0
    for match in _RAW_LINE.finditer(text):
        repaired = repair(match[0], repairs)
        if not repaired:
            continue
        if last and _is_blank_between(text[last : match.start()]):
            block += 1
        raw = match[0].strip(_WHITE)
        yield Line(repaired, raw, match.start() + match[0].index(raw[0]), block)
        last = match.end()


def _is_blank_between(gap: str) -> bool:
    """Two line ends in a row, whatever invisible characters stand between them."""
    ends = gap.replace("\r\n", "\n")
    return sum(ends.count(end) for end in "\n\r\x0b\x0c\u2028\u2029") > 1


def _unwrapped(text: str, lines: list[Line]) -> Iterator[Line]:
    begin = 0
    while begin < len(lines):
        end = begin + 1
        while end < len(lines) and lines[end].block == lines[begin].block:
            end += 1
        yield from _joined(text, lines[begin:end])
        begin = end


def _joined(text: str, block: list[Line]) -> Iterator[Line]:
    width = _width(block)
    group = [block[0]]
    for line in block[1:]:
        if _goes_on(group[-1].text, line.text, width):
            group.append(line)
        else:
            yield _one(text, group)
            group = [line]
    yield _one(text, group)


def _width(block: list[Line]) -> int | None:
    """The width a block was wrapped to, where its lines look so: alike in length, ending mid-sentence."""
    inner = [line.text for line in block[:-1]]
    if len(inner) < 2:
        return None
    lengths = sorted(len(text) for text in inner)
    typical = lengths[len(lengths) // 2]
    close = sum(abs(length - typical) <= _WRAP_SPREAD for length in lengths)
    open_ended = sum(not text.endswith(_ENDS) for text in inner)
    fits = typical >= _WRAP_MIN and lengths[-1] <= _WRAP_MAX and close >= 0.8 * len(inner)
    return lengths[-1] if fits and open_ended >= 0.6 * len(inner) else None


def _goes_on(text: str, following: str, width: int | None) -> bool:
    if not text.endswith(_ENDS) and following[0].islower() and len(text) >= _WRAP_MIN:
        return True
    if width is None:
        return False
    # A line with room for the next word ends its paragraph.
    room = width - len(text)
    return room <= len(following.split(" ", 1)[0]) or not text.endswith(_ENDS)


def _one(text: str, group: list[Line]) -> Line:
    first = group[0]
    if len(group) == 1:
        return first
    joined = " ".join(line.text for line in group)
    return Line(joined, text[first.start : group[-1].end], first.start, first.block)
