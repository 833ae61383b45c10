"""Cleaning of plain text, with a receipt. Pure: one rule per function, every rule a `Page` → `Page`.

Rules only take spans out or give them a name; they never write text of their own. The order matters:
what stands above the story first (so that the next rule finds the title at the top), then what stands
around it, then what is glued to its sentences.
"""

from collections.abc import Callable
from dataclasses import dataclass

from services.ingest.clean.bio import author_bio
from services.ingest.clean.breadcrumb import breadcrumb
from services.ingest.clean.byline import byline, published_line
from services.ingest.clean.captions import credit_lines, glued_caption
from services.ingest.clean.chrome import copyright_lines, prompts, related
from services.ingest.clean.dateline import agency_tags, dateline
from services.ingest.clean.line import read_lines
from services.ingest.clean.page import Page
from services.ingest.clean.title import derived, title
from services.ingest.repair import Repairs
from shared.schemas.story import Removed, Repaired

__all__ = ["RULES", "Cleaned", "clean"]

Rule = Callable[[Page], Page]

RULES: tuple[Rule, ...] = (
    prompts,
    breadcrumb,
    title,
    published_line,
    byline,
    copyright_lines,
    related,
    agency_tags,
    credit_lines,
    author_bio,
    glued_caption,
    dateline,
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a text holds. Paragraphs of `body` are separated by a blank line; it is empty if nothing is left.

    `removed` has offsets in code points into the text that was cleaned; `repaired` counts repairs of
    characters. `headline` is the sender's, else the title found above the text, else its first sentence.
    """

    headline: str
    body: str
    byline: str | None
    dateline: str | None
    section: tuple[str, ...]
    captions: tuple[str, ...]
    author_bio: str | None
    removed: tuple[Removed, ...]
    repaired: tuple[Repaired, ...]


def clean(
    text: str, *, headline: str | None = None, byline: str | None = None, wrapped: bool = True
) -> Cleaned:
    """Clean any text; never raises. `headline` and `byline` are what the sender stated, already repaired.

    `wrapped`: lines may have been broken to fit a width; `False` where each line is known to be a paragraph.
    Linear in the length of the text.
    """
    repairs = Repairs()
    page = Page(read_lines(text, repairs, wrapped=wrapped), headline=headline, byline=byline)
    for rule in RULES:
        page = rule(page)
    body = "\n\n".join(line.text for line in page.lines)
    return Cleaned(
        headline=page.headline or derived(body),
        body=body,
        byline=page.byline,
        dateline=page.dateline,
        section=page.section,
        captions=page.captions,
        author_bio=page.author_bio,
        removed=tuple(sorted(page.removed, key=lambda span: (span.start, span.end))),
        repaired=tuple(Repaired(rule=rule, count=number) for rule, number in sorted(repairs.counts.items())),
    )
