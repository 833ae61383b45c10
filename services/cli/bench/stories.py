"""Stories to measure with: about 500 words of newswire prose each, no two alike."""

import random
from collections.abc import Iterator

_PEOPLE = (
    "Maria Keller",
    "John Okafor",
    "Elena Petrova",
    "Ahmed Hassan",
    "Li Wei",
    "Anna Novak",
    "James Porter",
)
_PLACES = (
    "Berlin",
    "Nairobi",
    "Vienna",
    "Damascus",
    "Toronto",
    "Lima",
    "Warsaw",
    "Jakarta",
    "Oslo",
    "Madrid",
)
_BODIES = (
    "the Ministry of Transport",
    "Northern Rail",
    "the World Bank",
    "the Supreme Court",
    "Helios Energy",
)
_ACTS = (
    "announced a plan to rebuild the old harbour bridge before the end of the year",
    "rejected a proposal that would have cut spending on schools and hospitals",
    "said that talks on the ceasefire would go on for at least another week",
    "warned that heavy rain could flood low-lying districts along the river",
    "reported quarterly profits well above what analysts had expected",
    "opened an inquiry into the fire that destroyed a warehouse last month",
    "presented a vaccine study with more than four thousand volunteers",
    "signed an agreement to supply electricity to three neighbouring regions",
)
_FRAMES = (
    "{person}, a spokesperson for {body}, {act}, officials in {place} said on {day}.",
    "In {place}, {body} {act}, according to a statement seen by reporters on {day}.",
    "\u201cWe had no other choice,\u201d {person} told journalists in {place}, after {body} {act}.",
    "{body} {act}; critics in {place} called the step late, and {person} defended it on {day}.",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")

WORDS = 500


def stories(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """So many stories as the fields of an entry. The same seed gives the same stories."""
    chance = random.Random(seed)  # noqa: S311 - prose to measure with, not a secret
    for number in range(count):
        yield {
            "body": _body(chance),
            "headline": f"{chance.choice(_PLACES)}: {chance.choice(_ACTS)} ({number})",
            "provider": f"bench-{seed}",
            "guid": str(number),
            "language": "en",
        }


def _body(chance: random.Random) -> str:
    paragraphs: list[str] = []
    words = 0
    while words < WORDS:
        paragraph = " ".join(_sentence(chance) for _ in range(3))
        words += len(paragraph.split())
        paragraphs.append(paragraph)
    return "\n\n".join(paragraphs)


def _sentence(chance: random.Random) -> str:
    text = chance.choice(_FRAMES).format(
        person=chance.choice(_PEOPLE),
        body=chance.choice(_BODIES),
        act=chance.choice(_ACTS),
        place=chance.choice(_PLACES),
        day=chance.choice(_DAYS),
    )
    return text[0].upper() + text[1:]
