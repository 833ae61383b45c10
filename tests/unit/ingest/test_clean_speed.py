"""No input makes a rule superlinear: 1 MB of each nasty shape, as `prepare` would let it through."""

import time

import pytest

from services.ingest.clean import clean
from services.ingest.prepare import MAX_LINES

SIZE = 1_000_000
LINES = MAX_LINES - 1
NASTY = {
    "one word": "a",
    "capitals": "A",
    "capitalised words": "Ab ",
    "stops": ".",
    "seams": "ab.C",
    "spaces": " ",
    "no-break spaces": "\xa0a",
    "line ends": "\n",
    "crumbs": "World > ",
    "roots": "Home ",
    "sections": "Home World ",
    "names": "By Ab Cd ",
    "places": "LONDON, ",
    "dashes": "A - ",
    "brackets": "(",
    "agencies": "LONDON (A",
    "copyright": "copyright ",
    "mojibake": "â€œ",
    "mojibake in words": "â€œ Ã© ",
    "half mojibake": "Ã",
    "NUL": "\0",
    "overrides": "\u202ea ",
    "zero width": "a\u200b",
    "accents": "\u0301\u0316",
    "decomposed": "e\u0301 ",
    "jamo": "\u1100\u1161",
    "emoji": "\U0001f600",
    "next line": "a\x85",
    "quotes": "”",
    "bio": "Roy likes writing. ",
    "dates": "2019-01-01 ",
}
NASTY_LINES = {
    "captions": "one two three four five.Six seven eight\n\n",
    "prompts": "Share\nabc\n",
    "bylines": "By Ab Cd\n",
    "related": "Related\n",
    "related lines": "Related: x\n",
    "crumbs": "Home > World\n",
    "titles": "Same title here\n",
    "credits": "Photo: x\n",
    "wrapped": "the quick brown fox jumps over the lazy dog and then some\n",
    "wrapped and repaired": "the\u200b quick brown fox jumps over the lazy dog and then\n",
    "mojibake": "â€œ Ã© and so on, SÃ£o LuÃ­s\n",
    "endings": "ENDS\n",
}


HANG_SECONDS = 20.0
"""Not a speed, that is `make bench`'s: linear work on these takes about half a second on an idle core, and a
quadratic rule hours."""


def seconds(text: str) -> float:
    started = time.perf_counter()
    clean(text)
    return time.perf_counter() - started


@pytest.mark.parametrize("shape", NASTY.values(), ids=NASTY.keys())
def test_a_megabyte_does_not_hang(shape: str) -> None:
    assert seconds((shape * (SIZE // len(shape) + 1))[:SIZE]) < HANG_SECONDS


@pytest.mark.parametrize("shape", NASTY_LINES.values(), ids=NASTY_LINES.keys())
def test_as_many_lines_as_are_taken_do_not_hang(shape: str) -> None:
    count = LINES // shape.count("\n")
    assert seconds("Title here\n" + (shape * count)[:SIZE]) < HANG_SECONDS
