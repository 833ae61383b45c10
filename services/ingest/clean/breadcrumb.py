"""The way to the page in the site's navigation, above the title or glued to it: it becomes `section`."""

import re
from dataclasses import replace

from services.ingest.clean.page import Page
from services.ingest.clean.words import count, ends_sentence, folded, word_set

RULE = "breadcrumb"
_TOP_LINES = 3
_MOST_WORDS = 12
_LONGEST = 400
_SEPARATOR = re.compile(r"\s*[›»>|/→•]\s*|\s+[-–—]\s+|::")

_ROOTS = word_set(
    "home homepage start startseite accueil inicio portada news nachrichten noticias actualités"
)
# Section names of news sites, so that names of two words are not torn apart.
_SECTIONS = word_set(
    """
    world; middle east; africa; americas; asia; asia pacific; europe; latin america; north america; australia;
    china; india; russia; uk; us; u.s.; usa; us & canada; united kingdom; politics; us politics; business;
    economy; markets; finance; money; tech; technology; science; science & environment; environment; climate;
    health; sport; sports; football; soccer; tennis; cricket; culture; arts; entertainment; life; lifestyle;
    travel; opinion; education; weather; local; national; international; breaking; latest; conflict; defence;
    defense; crime; society; religion; food; war; energy; regional;
    politik; wirtschaft; wissen; wissenschaft; gesundheit; kultur; panorama; ausland; inland; wetter;
    monde; politique; économie; sciences; santé; société; météo; environnement;
    mundo; política; economía; deportes; ciencia; salud; sociedad; cultura; tiempo; medio ambiente
    """
)
_LONGEST_NAME = 3


def breadcrumb(page: Page) -> Page:
    """Drop lines of crumbs at the top, and cut the crumbs off the title that they are glued to."""
    for _ in range(_TOP_LINES):
        trail = [index for index, line in enumerate(page.lines[:_TOP_LINES]) if _is_trail(line.text)]
        if not trail or len(page.lines) < 2:
            break
        page = _named(page, page.lines[trail[0]].text).drop(trail[:1], RULE, 85)
    for index in range(min(_TOP_LINES, len(page.lines))):
        length = _glued(page, index)
        if length:
            confidence = 95 if _same_title_follows(page, index) else 80
            named = _named(page, page.lines[index].text[:length])
            return named.cut(index, 0, length, RULE, confidence)
    return page


def _glued(page: Page, index: int) -> int:
    """How many characters of crumbs stand before the title in this line."""
    text = page.lines[index].text
    if len(text) > _LONGEST:
        return 0
    for title in _titles(page, index):
        if len(title) < len(text) and text.casefold().endswith(title.casefold()) and count(title) >= 3:
            crumbs = text[: len(text) - len(title)]
            if count(crumbs) <= _MOST_WORDS and _looks_like_crumbs(crumbs):
                return len(crumbs)
    return _before_unknown_title(text) if index == 0 else 0


def _titles(page: Page, index: int) -> list[str]:
    following = [page.lines[index + 1].text] if index + 1 < len(page.lines) else []
    return [title for title in (page.headline, *following) if title]


def _same_title_follows(page: Page, index: int) -> bool:
    text = page.lines[index].text.casefold()
    return any(text.endswith(title.casefold()) for title in _titles(page, index))


def _looks_like_crumbs(crumbs: str) -> bool:
    if _SEPARATOR.search(crumbs):
        return True
    words = crumbs.split()
    return crumbs.endswith(" ") and all(word[0].isupper() or word == "&" for word in words)


def _before_unknown_title(text: str) -> int:
    """`Home World Sport Title…` without a second title: a root, then at least one known section."""
    words = text.split(" ")
    if folded(words[0]) not in _ROOTS:
        return 0
    taken, known = 1, 0
    while taken < len(words):
        size = _known_at(words, taken)
        if not size:
            break
        taken, known = taken + size, known + (folded(words[taken]) not in _ROOTS)
    rest = words[taken:]
    return len(" ".join(words[:taken])) + 1 if known and len(rest) >= 4 else 0


def _known_at(words: list[str], index: int) -> int:
    for size in range(_LONGEST_NAME, 0, -1):
        name = " ".join(words[index : index + size]).casefold()
        if len(words) >= index + size and (name in _SECTIONS or (size == 1 and name in _ROOTS)):
            return size
    return 0


def _is_trail(text: str) -> bool:
    """A line of nothing but crumbs: `Home › World › Middle East`."""
    if len(text) > _LONGEST or count(text) > _MOST_WORDS or ends_sentence(text):
        return False
    names = [name.casefold() for name in _SEPARATOR.split(text) if name.strip()]
    if len(names) < 2:
        words = text.split()
        names = [name.casefold() for name in _grouped(words)]
        return len(names) >= 2 and all(name in _SECTIONS | _ROOTS for name in names)
    return names[0].strip() in _SECTIONS | _ROOTS and all(count(name) <= 4 for name in names)


def _named(page: Page, crumbs: str) -> Page:
    pieces = [piece.strip() for piece in _SEPARATOR.split(crumbs) if piece.strip()]
    names = pieces if len(pieces) > 1 else _grouped(crumbs.split())
    section = tuple(name for name in names if folded(name) not in _ROOTS)
    return replace(page, section=page.section or section)


def _grouped(words: list[str]) -> list[str]:
    """Words without separators, known names kept whole, unknown neighbours taken for one name."""
    names: list[str] = []
    index, unknown = 0, False
    while index < len(words):
        size = _known_at(words, index)
        name = " ".join(words[index : index + (size or 1)])
        if not size and unknown:
            names[-1] += f" {name}"
        else:
            names.append(name)
        index, unknown = index + (size or 1), not size
    return names
