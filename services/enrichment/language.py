"""Which stories the English models may read: a model that does not know the language talks nonsense."""

import re

from shared.schemas import Story

COMMON_WORDS = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "had", "has", "he", "in", "is",
        "it", "of", "on", "or", "that", "the", "to", "was", "were", "with", "its", "their", "his", "her",
    }
)  # fmt: skip
_FEWEST_WORDS = 4
_SHARE = 0.15
"""Of running English text a quarter to a third of the words are among the two dozen above."""
_LOOKED_AT = 2_000


def english(story: Story) -> bool:
    """True for English, and for a story of unknown language (`und`) that reads like it."""
    tag = story.language.lower().partition("-")[0]
    return (
        reads_as_english(f"{story.headline} {story.body_text[:_LOOKED_AT]}") if tag == "und" else tag == "en"
    )


def no_model(enricher: str, story: Story) -> str:
    """The reason that `Tags.skipped` gives."""
    return f"{enricher}: no model for language {story.language}"


def reads_as_english(text: str) -> bool:
    """Whether enough of the words are the commonest of English. Too short a text is not."""
    found = re.findall(r"[^\W\d_]+", text.lower())
    return len(found) >= _FEWEST_WORDS and sum(word in COMMON_WORDS for word in found) >= _SHARE * len(found)
