"""What a page says about itself around a story: prompts, lists of other stories, legal lines."""

from services.ingest.clean.page import Page
from services.ingest.clean.words import count, is_sentence, one_of

PROMPT_RULE = "share_prompt"
RELATED_RULE = "related_list"
COPYRIGHT_RULE = "copyright"

# A whole line that is one of these, in a few words.
_SHORT_PROMPT = one_of(
    r"""
    share(?: this)?(?: (?:story|article|page|post|on|via)\b.*)?
    tweet(?: this)?
    print(?: this.*)?
    e-?mail(?: this.*)?
    facebook|twitter|whatsapp|linkedin|pinterest|reddit|telegram
    copy link|save(?: article)?|skip to (?:main )?content
    advertisement|sponsored(?: content)?|story continues below.*
    subscribe(?: now)?|sign in|log in|sign up
    comments?(?: \(?\d+\)?)?|leave a (?:comment|reply)|(?:show|view) comments
    read more|continue reading
    artikel teilen|teilen|drucken|anzeige|kommentare?
    partager(?: sur.*)?|imprimer|publicité|s.abonner
    compartir(?: en.*)?|publicidad|suscríbete
    """,
    after=r"[.!:]?$",
)
# The beginning of a longer one that speaks to the reader about the site.
_LONG_PROMPT = one_of(
    r"""
    (?:please )?share this (?:story|article|post) (?:on|with|via)
    (?:follow|like|find|join) us on
    subscribe to (?:our|the \w+ newsletter)
    sign up (?:for|to) (?:our|the \w+ newsletter|receive|get)
    get our (?:free )?(?:newsletter|app)
    download our (?:free )?app
    click here (?:to|for)
    join our (?:whatsapp|telegram|channel|newsletter|community)
    support (?:our|independent) journalism
    (?:this site|we) uses? cookies|by continuing to (?:use|browse)
    folgen sie uns|abonnieren sie|jetzt abonnieren|newsletter abonnieren
    suivez-nous|abonnez-vous|inscrivez-vous à
    síguenos en|suscríbete a
    """,
    after=r"\b",
)
_RELATED_HEAD = one_of(
    r"""
    related(?: (?:stories|articles|news|content|topics|posts|links|coverage))?
    (?:see also|also read|read also)
    more (?:stories|news|on this(?: story)?|from .{2,40})
    you (?:may|might) (?:also )?(?:like|be interested in)
    most (?:read|popular|viewed)|popular (?:stories|now)
    recommended(?: for you)?|trending(?: now)?|editors.? picks|top stories|latest news
    mehr zum thema|lesen sie auch|das könnte sie auch interessieren
    (?:à )?lire aussi|sur le même sujet
    te puede interesar|lea también|noticias relacionadas
    """,
    after=r"\s*:?$",
)
_RELATED_LINE = one_of(
    r"""
    related|read more|also read|read also|see also|more on this|don.t miss
    lesen sie auch|lire aussi|lea también
    """,
    after=r"\s*[:|›»]\s*\S",
)
_COPYRIGHT = one_of(
    r"""
    ©|\(c\) ?\d{4}|copyright\b.{0,10}(?:©|\(c\)|\d{4})
    all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados
    this material may not be published
    .{0,150}(?:©|\(c\)|copyright).{0,80}(?:all rights reserved|may not be (?:published|reproduced|broadcast))
    """,
    after="",
)
_LONGEST = 300
_LONGEST_LIST = 15


def prompts(page: Page) -> Page:
    """Drop lines that ask the reader to share, subscribe, follow, log in or accept."""
    gone = [index for index, line in enumerate(page.lines) if _is_prompt(line.text)]
    return page.drop(gone, PROMPT_RULE, 90)


def _is_prompt(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    words = count(text)
    short = words <= 10 and _SHORT_PROMPT.match(text) is not None
    return short or (words <= 35 and _LONG_PROMPT.match(text) is not None)


def related(page: Page) -> Page:
    """Drop a heading like `Related stories` with the titles under it, and lines like `Read more: …`."""
    gone: set[int] = set()
    listed = 0
    for index, line in enumerate(page.lines):
        if index and len(line.text) <= 60 and _RELATED_HEAD.match(line.text):
            gone.add(index)
            listed = _LONGEST_LIST
        elif listed and _is_listed(line.text):
            gone.add(index)
            listed -= 1
        else:
            listed = 0
            if index and _is_related_line(line.text):
                gone.add(index)
    return page.drop(sorted(gone), RELATED_RULE, 85)


def _is_listed(text: str) -> bool:
    return len(text) <= 160 and count(text) <= 22 and not is_sentence(text)


def _is_related_line(text: str) -> bool:
    return len(text) <= _LONGEST and count(text) <= 30 and _RELATED_LINE.match(text) is not None


def copyright_lines(page: Page) -> Page:
    """Drop lines that say whose the page is."""
    gone = [index for index, line in enumerate(page.lines) if index and _is_copyright(line.text)]
    return page.drop(gone, COPYRIGHT_RULE, 92)


def _is_copyright(text: str) -> bool:
    return len(text) <= 2 * _LONGEST and _COPYRIGHT.match(text[:_LONGEST]) is not None
