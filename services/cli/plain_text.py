"""Makes text from outside safe to print.

A story is hostile input: its headline may hold terminal control sequences (which move the cursor, set the
title, or answer back as if typed), bidirectional overrides (which show another text than the one that is
there) and line breaks that forge a line of ours. Rich's own markup is never parsed in it: what comes from
outside is printed as `rich.text.Text`, made here.
"""

import re
import unicodedata

from rich.text import Text

_JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners: Persian, Hindi and emoji need them, and they hide nothing."""

_SPACES = re.compile(r"\s+")
_JSON_RISKS = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
REPLACEMENT = "\ufffd"


def plain(text: str, limit: int | None = None) -> str:
    """One printable line. Control characters and lone surrogates show as U+FFFD, format characters (bidi
    overrides, zero-width ones) go, white space becomes one space; above `limit` characters it is cut."""
    shown = "".join(map(_printable, _SPACES.sub(" ", text)))
    shown = _SPACES.sub(" ", shown).strip()
    return shown if limit is None or len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def safe(text: str, style: str = "", limit: int | None = None) -> Text:
    """The same as a rich Text, in which no markup is ever parsed."""
    return Text(plain(text, limit), style=style)


def paragraphs(text: str) -> str:
    """Printable text that keeps its line breaks; otherwise as `plain`."""
    return "\n".join(plain(line) for line in text.splitlines())


def json_line(document: str) -> str:
    """JSON on one line, in which what a terminal would act on stands as `\\uXXXX`.

    Means exactly the same JSON: such characters are legal only inside strings, where the escape says the
    same. `document` is valid JSON; C0 controls are escaped in it already.
    """
    one_line = (
        document.replace("\r", "").replace("\n", " ") if "\n" in document or "\r" in document else document
    )
    return _JSON_RISKS.sub(lambda match: f"\\u{ord(match.group()):04x}", one_line)


def _printable(character: str) -> str:
    if character.isascii() and character.isprintable():
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Cs"):
        return REPLACEMENT
    if category == "Cf" and character not in _JOINERS:
        return ""
    return character
