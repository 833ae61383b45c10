"""Repairs of the characters themselves: mojibake, control characters, Unicode form, white space."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

import ftfy
from ftfy.badness import is_bad

MOJIBAKE = "mojibake"
MARKS = "combining_marks"
CONTROL = "control_characters"
UNICODE = "unicode_nfc"

# What a reader cannot see and a story does not need: C0 and C1 controls except white space, soft hyphen,
# zero-width space and joiner-like marks, direction overrides (they can make text read as something else),
# invisible operators, the byte order mark, annotation and object marks, non-characters, tag characters and
# lone surrogates. ZWNJ and ZWJ (U+200C, U+200D) stay: Persian, Indic scripts and emoji need them.
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]+"
)
_LONGEST_WORD = 10_000
_DECODABLE = 200_000


def _combining() -> str:
    """All combining marks as a class of a regular expression. The last one stands far below U+1F000."""
    marks = (chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
    return f"[{''.join(marks)}]"


# Unicode's own bound for text in streams (UAX #15, Stream-Safe Text Format): no language needs more than
# 30 marks on one letter, and sorting more of them costs the square of their number.
_MARKS = re.compile(f"({_combining()}{{30}}){_combining()}+")


@dataclass(slots=True)
class Repairs:
    """What was repaired so far in one story: per rule, how often.

    `decodable` is how many more characters may be decoded again, which takes 2 s per million: a story with
    more of them keeps the rest as it came.
    """

    counts: Counter[str] = field(default_factory=Counter)
    decodable: int = _DECODABLE


def repair(text: str, repairs: Repairs) -> str:
    """One line of text, mended: runs of white space become one space, none at the ends.

    Counted in `repairs`: characters taken out (`control_characters`, `combining_marks`), lines that had to
    be decoded again (`mojibake`) or composed (`unicode_nfc`). White space is not counted. Linear in the
    length of `text`.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _decoded_again(text, repairs)
    text = _without(_CONTROLS, "", CONTROL, text, repairs)
    if not text.isascii():
        text = _without(_MARKS, r"\1", MARKS, text, repairs)
        text = _composed(text, repairs)
    return " ".join(text.split())


def is_invisible(text: str) -> bool:
    """Nothing of it would be left."""
    return not _CONTROLS.sub("", text).strip()


def _without(pattern: re.Pattern[str], left: str, rule: str, text: str, repairs: Repairs) -> str:
    kept = pattern.sub(left, text)
    if len(kept) < len(text):
        repairs.counts[rule] += len(text) - len(kept)
    return kept


def _composed(text: str, repairs: Repairs) -> str:
    if unicodedata.is_normalized("NFC", text):
        return text
    repairs.counts[UNICODE] += 1
    return unicodedata.normalize("NFC", text)


def _decoded_again(text: str, repairs: Repairs) -> str:
    """Undo UTF-8 that was read as another encoding, only where ftfy's statistics find the text broken.

    A "word" of more than 10,000 characters is left alone: no text, and slow to judge.
    """
    if text.isascii() or len(text) > repairs.decodable or not is_bad(text):
        return text
    if any(len(word) > _LONGEST_WORD for word in text.split()):
        return text
    repairs.decodable -= len(text)
    fixed = ftfy.fix_encoding(text)
    if fixed != text:
        repairs.counts[MOJIBAKE] += 1
    return fixed
