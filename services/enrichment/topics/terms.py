"""How a text is cut into the terms that topics are told by: words and pairs of words, in lower case."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_][\w'’-]*[^\W_]")


def words(text: str) -> list[str]:
    """The words of two characters and more that begin with a letter, in lower case, in their order."""
    return _WORD.findall(text.lower())


def terms(sequence: Sequence[str]) -> Iterable[str]:
    """The words and each pair of neighbours, joined by a blank."""
    yield from sequence
    yield from map(" ".join, pairwise(sequence))
