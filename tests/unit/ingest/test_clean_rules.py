"""Each rule of cleaning: what it takes, what it names, and what it leaves alone."""

import pytest

from services.ingest.clean import Cleaned, clean

TITLE = "Council Votes to Build a New Bridge Over the River"
FIRST = "The council met on Tuesday evening and agreed to build a new bridge over the river."
SECOND = "Work on the bridge is expected to begin in the spring, the mayor said after the vote."
THIRD = "Residents of the old town have asked for a ferry until the bridge has been opened."


def page(*parts: str) -> str:
    return "\n\n".join(parts)


STORY = page(TITLE, FIRST, SECOND, THIRD)
BODY = page(FIRST, SECOND, THIRD)


def removed(cleaned: Cleaned) -> dict[str, str]:
    return {span.rule: span.text for span in cleaned.removed}


def test_a_clean_story_is_only_parted_from_its_title() -> None:
    cleaned = clean(STORY)
    assert (cleaned.headline, cleaned.body, cleaned.removed, cleaned.repaired) == (TITLE, BODY, (), ())


def test_a_stated_headline_stays_and_the_body_keeps_everything_else() -> None:
    cleaned = clean(BODY, headline="Another headline")
    assert (cleaned.headline, cleaned.body, cleaned.removed) == ("Another headline", BODY, ())


# --- breadcrumb and title


@pytest.mark.parametrize(
    ("crumbs", "section"),
    [
        ("Home World Middle East News", ("World", "Middle East")),
        ("Home Business", ("Business",)),
        ("News Riverside Valley Politics", ("Riverside Valley", "Politics")),
        ("Home > World > Europe >", ("World", "Europe")),
        ("Startseite | Politik |", ("Politik",)),
    ],
)
def test_crumbs_glued_to_a_title_that_follows_again(crumbs: str, section: tuple[str, ...]) -> None:
    cleaned = clean(page(f"{crumbs} {TITLE}", STORY))
    assert (cleaned.headline, cleaned.body, cleaned.section) == (TITLE, BODY, section)
    assert set(removed(cleaned)) == {"breadcrumb", "repeated_title"}
    assert removed(cleaned)["breadcrumb"] == crumbs


def test_crumbs_glued_to_a_title_that_is_said_once() -> None:
    cleaned = clean(page(f"Home World Middle East News {TITLE}", BODY))
    assert (cleaned.headline, cleaned.body, cleaned.section) == (TITLE, BODY, ("World", "Middle East"))


def test_crumbs_glued_to_the_stated_headline() -> None:
    cleaned = clean(page(f"Home Sport {TITLE}", BODY), headline=TITLE)
    assert (cleaned.body, cleaned.section) == (BODY, ("Sport",))


@pytest.mark.parametrize(
    "line", ["Home > World > Asia", "Home World Asia", "News › World › Asia", "Home / World / Asia"]
)
def test_a_line_of_crumbs(line: str) -> None:
    cleaned = clean(page(line, STORY))
    assert (cleaned.headline, cleaned.body, cleaned.section) == (TITLE, BODY, ("World", "Asia"))


@pytest.mark.parametrize(
    "title",
    [
        "Home Secretary Resigns After Vote on Asylum",
        "World Cup Final Moved to Another Stadium",
        "Breaking: Bridge Closed - Traffic Diverted for Weeks",
        "News Anchors Strike Over Pay",
    ],
)
def test_titles_that_only_look_like_crumbs(title: str) -> None:
    cleaned = clean(page(title, BODY))
    assert (cleaned.headline, cleaned.section, cleaned.removed) == (title, (), ())


def test_a_title_said_twice_is_said_once() -> None:
    cleaned = clean(page(TITLE, STORY))
    assert (cleaned.headline, cleaned.body) == (TITLE, BODY)
    assert removed(cleaned) == {"repeated_title": TITLE}


def test_a_title_that_repeats_the_stated_headline_in_capitals() -> None:
    assert clean(page(TITLE.upper(), BODY), headline=TITLE).body == BODY


def test_a_doubled_title_with_a_full_stop() -> None:
    cleaned = clean(page("The bridge is open.", "The bridge is open.", BODY))
    assert (cleaned.headline, cleaned.body) == ("The bridge is open.", BODY)


def test_a_story_of_one_line_keeps_it() -> None:
    cleaned = clean(TITLE)
    assert (cleaned.headline, cleaned.body) == (TITLE, TITLE)
    assert clean(TITLE, headline=TITLE).body == TITLE


@pytest.mark.parametrize("first", ["Friday, January 4, 2019", "4 January 2019", "2019-01-04", "04.01.2019"])
def test_a_date_is_no_title(first: str) -> None:
    cleaned = clean(page(first, BODY))
    assert cleaned.headline == FIRST.removesuffix(".")
    assert cleaned.body == page(first, BODY)


def test_without_a_title_the_first_sentence_serves() -> None:
    assert clean(BODY).headline == FIRST.removesuffix(".")
    long = "The council " + "talked and " * 40 + "left."
    headline = clean(long).headline
    assert headline.endswith("…")
    assert long.startswith(headline[:-1])
    assert len(headline) <= 121


# --- byline and dates


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ada Lovelace", "Ada Lovelace"),
        ("By Ada Lovelace and Jan de Vries", "Ada Lovelace and Jan de Vries"),
        ("BY ADA LOVELACE", "ADA LOVELACE"),
        ("Von Änne Müller", "Änne Müller"),
        ("Par Jean-Luc O’Neill", "Jean-Luc O’Neill"),
    ],
)
def test_a_byline(line: str, name: str) -> None:
    cleaned = clean(page(TITLE, line, BODY))
    assert (cleaned.byline, cleaned.body, removed(cleaned)) == (name, BODY, {"byline": line})


def test_the_stated_byline_wins_and_the_line_goes() -> None:
    cleaned = clean(page(TITLE, "By Ada Lovelace", BODY), byline="A. Lovelace")
    assert (cleaned.byline, cleaned.body) == ("A. Lovelace", BODY)


@pytest.mark.parametrize(
    "line", ["By the river, nobody slept", "By night, they returned home", "By Tuesday it was over"]
)
def test_lines_that_are_no_byline(line: str) -> None:
    assert line in clean(page(TITLE, line, BODY)).body


@pytest.mark.parametrize(
    "line", ["Published: October 10, 2015", "Last updated 12:40, 3 May 2026", "Veröffentlicht am 3.5.2026"]
)
def test_a_published_line(line: str) -> None:
    assert removed(clean(page(TITLE, line, BODY))) == {"published_line": line}


def test_a_sentence_about_publishing_stays() -> None:
    line = "Published in 1843, the notes describe a machine that nobody had built."
    assert line in clean(page(TITLE, line, BODY)).body


# --- dateline and agency tags


@pytest.mark.parametrize(
    ("start", "dateline"),
    [
        ("LONDON, Nov 3 (Reuters) - ", "LONDON, Nov 3"),
        ("LONDON (AP) — ", "LONDON"),
        ("BERLIN (dpa) - ", "BERLIN"),
        ("WASHINGTON, D.C., March 3, 2026 (AFP) – ", "WASHINGTON, D.C., March 3, 2026"),
        ("UTRECHT, Netherlands (Wiredesk) — ", "UTRECHT, Netherlands"),
        ("Rio de Janeiro (EFE) - ", "Rio de Janeiro"),
        ("NAIROBI, Kenya — ", "NAIROBI, Kenya"),
        ("SÃO PAULO – ", "SÃO PAULO"),
    ],
)
def test_a_dateline(start: str, dateline: str) -> None:
    cleaned = clean(page(TITLE, start + FIRST, SECOND, THIRD))
    assert (cleaned.dateline, cleaned.body) == (dateline, BODY)
    assert removed(cleaned) == {"dateline": start.strip()}


@pytest.mark.parametrize(
    "sentence",
    [
        "On Thursday, the European Court of Justice (ECJ) — the highest in the union — ruled on the matter.",
        "The bridge (B12) - long closed - will be opened again, the mayor said on Tuesday.",
        "Paris - a city of bridges - will have one more next year, the mayor said on Tuesday.",
        "NASA and ESA agreed on a joint mission to the outer planets, officials said.",
    ],
)
def test_sentences_that_only_look_like_datelines(sentence: str) -> None:
    cleaned = clean(page(TITLE, sentence, SECOND))
    assert (cleaned.dateline, cleaned.body) == (None, page(sentence, SECOND))


@pytest.mark.parametrize(
    "line", ["(Reporting by Ada Lovelace; editing by Jan de Vries)", "ENDS", "-30-", "###"]
)
def test_what_an_agency_writes_after_the_story(line: str) -> None:
    cleaned = clean(page(STORY, line))
    assert (cleaned.body, removed(cleaned)) == (BODY, {"agency_tag": line})


# --- captions


def test_a_glued_caption() -> None:
    cleaned = clean(page(TITLE, FIRST, SECOND + "The old bridge at dawn", THIRD))
    assert (cleaned.body, cleaned.captions) == (BODY, ("The old bridge at dawn",))
    assert removed(cleaned) == {"glued_caption": "The old bridge at dawn"}


@pytest.mark.parametrize(
    "text",
    [
        "He served in the U.S.Army for eleven years before he came home",
        "The book by J.K.Rowling was sold in many countries of the world",
        "The new company Booking.Com has opened an office in the town",
        "The council agreed to build the bridge.The mayor said that work begins soon.",
        "The council agreed to build the bridge.Soon after",
    ],
)
def test_what_only_looks_like_a_glued_caption(text: str) -> None:
    cleaned = clean(page(TITLE, FIRST, text))
    assert (cleaned.captions, cleaned.body) == ((), page(FIRST, text))


@pytest.mark.parametrize(
    "line", ["Photo: Ada Lovelace", "Image credit: Ada Lovelace / Example", "Foto: Ada Lovelace"]
)
def test_a_credit_becomes_a_caption(line: str) -> None:
    cleaned = clean(page(TITLE, FIRST, line, SECOND, THIRD))
    assert (cleaned.body, cleaned.captions, removed(cleaned)) == (BODY, (line,), {"credit": line})


# --- the author's bio


BIO = "Roy likes politics. He spends nearly all day writing articles, and another hobby of his is riding."


def test_a_bio_after_the_story() -> None:
    cleaned = clean(page(STORY, BIO))
    assert (cleaned.body, cleaned.author_bio, removed(cleaned)) == (BODY, BIO, {"author_bio": BIO})


def test_the_author_of_the_byline_is_known_by_name() -> None:
    bio = "Ada Lovelace covers city politics for the Example Post."
    assert clean(page(TITLE, "By Ada Lovelace", BODY, bio)).author_bio == bio


def test_a_bio_under_its_heading() -> None:
    cleaned = clean(page(STORY, "About the author", "Roy was born in Leeds.", "He writes."))
    assert cleaned.author_bio == "Roy was born in Leeds.\n\nHe writes."
    assert cleaned.body == BODY


@pytest.mark.parametrize(
    "last",
    [
        "Smith is a former reporter who lives in the old town, and she enjoys writing.",
        "The council is a body of forty members, elected every four years.",
        "Leeds is the largest city in the county and lives from trade.",
    ],
)
def test_the_people_of_the_story_are_not_its_author(last: str) -> None:
    story = page(
        TITLE, FIRST, "Jane Smith, who wrote a book about the river, welcomed the vote.", THIRD, last
    )
    cleaned = clean(story)
    assert cleaned.author_bio is None
    assert cleaned.body.endswith(last)


# --- chrome


@pytest.mark.parametrize(
    "line",
    [
        "Share this story",
        "Share on Facebook",
        "Tweet",
        "Advertisement",
        "Comments (12)",
        "Read more",
        "Follow us on Twitter and Facebook for the latest news",
        "Sign up for our free newsletter",
        "Subscribe to our newsletter to read the best stories of the week",
        "Artikel teilen",
        "Abonnez-vous à notre lettre",
        "This site uses cookies to give you the best experience",
    ],
)
def test_prompts(line: str) -> None:
    cleaned = clean(page(TITLE, FIRST, line, SECOND, THIRD))
    assert (cleaned.body, removed(cleaned)) == (BODY, {"share_prompt": line})


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell in Tokyo and Hong Kong on Tuesday morning.",
        "Print is not dead, the publisher told the meeting on Tuesday.",
        "Sign up closes on Friday, the organisers of the race said.",
        "Comments by the minister caused anger in the old town.",
    ],
)
def test_sentences_that_only_begin_like_prompts(line: str) -> None:
    assert clean(page(TITLE, FIRST, line, SECOND)).body == page(FIRST, line, SECOND)


def test_a_related_list_ends_where_the_story_goes_on() -> None:
    cleaned = clean(
        page(TITLE, FIRST, "Related stories\nFerry to be sold\nRiver at record low", SECOND, THIRD)
    )
    assert cleaned.body == BODY
    assert removed(cleaned) == {"related_list": "Related stories\nFerry to be sold\nRiver at record low"}


def test_a_single_related_line() -> None:
    cleaned = clean(page(TITLE, FIRST, "Read more: Ferry to be sold", SECOND, THIRD))
    assert (cleaned.body, removed(cleaned)) == (BODY, {"related_list": "Read more: Ferry to be sold"})


@pytest.mark.parametrize(
    "line",
    [
        "© 2026 Example Post",
        "Copyright 2026 Example Post. All rights reserved.",
        "(c) 2026 Example Post",
        "Alle Rechte vorbehalten.",
        "The Example Post, copyright 2026. This text may not be reproduced without permission.",
    ],
)
def test_copyright_lines(line: str) -> None:
    cleaned = clean(page(STORY, line))
    assert (cleaned.body, removed(cleaned)) == (BODY, {"copyright": line})


def test_a_sentence_about_copyright_stays() -> None:
    line = "Copyright law will be changed next year, the minister said on Tuesday."
    assert clean(page(STORY, line)).body == page(BODY, line)
