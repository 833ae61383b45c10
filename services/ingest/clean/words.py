"""What several rules ask about a text: its words, its shape."""

import re

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_DATE_ONLY = re.compile(
    r"^(?:\w{3,10},? +)?(?:\d{1,4}|\w{3,9}\.?)[ ./-](?:\d{1,2}|\w{3,9}\.?)[,./ -]+\d{1,4}"
    r"(?:,? +\d{1,2}:\d{2}.{0,12})?$"
)


def word_set(words: str) -> frozenset[str]:
    """The words of a text, or its names, where they are separated by semicolons."""
    parts = words.split(";") if ";" in words else words.split()
    return frozenset(" ".join(part.split()) for part in parts)


def one_of(patterns: str, after: str) -> re.Pattern[str]:
    """Matches at the beginning one of these patterns, given one a line, and then `after`. Any case."""
    lines = [line.strip() for line in patterns.strip().splitlines()]
    return re.compile(f"(?:{'|'.join(lines)}){after}", re.IGNORECASE)


def folded(text: str) -> str:
    """The text for comparing: no case, no punctuation at its ends, single spaces."""
    return " ".join(text.casefold().split()).strip(".:;,-–—|· \"'“”‘’")


def count(text: str) -> int:
    """How many words."""
    return len(text.split())


def ends_sentence(text: str) -> bool:
    """It ends as a sentence does, closing quotes and brackets allowed."""
    return _SENTENCE_END.search(text[-6:]) is not None


def is_sentence(text: str) -> bool:
    """Running text rather than a label: at least eight words that end as a sentence does."""
    return count(text[:400]) >= 8 and ends_sentence(text)


def is_date(text: str) -> bool:
    """Nothing but a date, such as `Friday, January 4, 2019`."""
    return len(text) <= 50 and any(char.isdigit() for char in text) and _DATE_ONLY.match(text) is not None
