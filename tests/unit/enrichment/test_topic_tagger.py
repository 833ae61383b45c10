"""Topics, by the model that is shipped: clear stories get their topic, unclear ones none."""

import re

import pytest

from services.enrichment.topics import TopicTagger
from services.enrichment.topics.vocabulary import media_topics
from shared.schemas import Story, Tags
from tests.stories import story

CONFLICT = """The air force struck rebel positions on both sides of the border overnight, the army said.
Militants answered with rockets that hit a military base, killing three soldiers. The ceasefire that the
United Nations had brokered in May has collapsed, and troops are moving towards the front."""

CLEAR = {
    "01000000": """The film won four awards at the festival on Sunday, among them best director. The
        actress, who sang two songs of the soundtrack, thanked the band. The album is released in March.""",
    "02000000": """A court sentenced the man to twelve years in prison for fraud on Tuesday. Prosecutors
        said he had stolen millions; police arrested him at the airport last year. His lawyer will
        appeal.""",
    "03000000": """An earthquake of magnitude 6.8 struck the region early on Friday, killing at least 40
        people and injuring hundreds. Rescue workers searched collapsed buildings for survivors.""",
    "04000000": """Shares in the carmaker fell 7 percent after it cut its profit forecast. Analysts
        blamed weak sales and higher interest rates. The central bank raised its inflation estimate as
        well.""",
    "05000000": """Teachers at the primary school have rewritten the curriculum. Pupils will sit fewer
        exams, and homework is gone from the first two school years. The education ministry calls the
        classroom trial a success and will offer it to secondary schools. University lecturers helped
        with the textbooks.""",
    "06000000": """Conservationists warn that deforestation is driving endangered species from the
        rainforest. Carbon emissions rose, and air pollution along the river is toxic. The report on
        biodiversity asks for a national park to protect the wildlife and its habitat from climate
        change.""",
    "07000000": """Doctors reported 300 new cases of measles. The health ministry will vaccinate
        children in all hospitals of the city; patients with symptoms should stay at home, as the virus
        spreads quickly.""",
    "08000000": """A lost dog was reunited with its owner after nine years, thanks to a good samaritan
        who saw the stray dog in a car park. The video went viral; the pet got a birthday cake, and
        strangers sent toys. It was pure luck, said the lucky owner.""",
    "09000000": """Bus drivers began a strike on Monday after talks on wages failed. The trade union
        wants a pay rise of six percent; the employer offers two and threatens layoffs. Workers stood at
        the picket line in front of the depot. Unemployment in the region is low, and staff are hard to
        hire.""",
    "10000000": """Bake the cake for an hour in a hot oven, then let the kitchen fill with its smell.
        The chef, whose restaurant is a favourite with tourists, adds wine to the recipe. Other dishes
        of the cuisine taste best on holiday, after hiking, with a cocktail on the beach.""",
    "11000000": """The prime minister called an election for June after the opposition won a vote of no
        confidence in parliament. The president will appoint a caretaker government; parties named their
        candidates within hours.""",
    "12000000": """The archbishop led prayers in the cathedral on Easter Sunday. Worshippers filled the
        church; the pope sent a blessing. The bishop asked the congregation to pray for the priest, who
        begins his pilgrimage to the monastery. The parish thanks its clergy.""",
    "13000000": """Scientists have built a computer chip that learns from its errors. The researchers
        tested the software on a satellite, and NASA will launch a spacecraft with it. Their study of
        the technology is published in Nature.""",
    "14000000": """Homeless families wait for social housing while poverty grows. The charity runs a
        food bank with volunteers for refugees and immigrants, and speaks out against racism and
        discrimination. Asylum seekers, women and ethnic minorities in the community are hit hardest by
        inequality.""",
    "15000000": """The striker scored twice as the team won the cup final 3-1. The coach praised his
        players, and the champions lead the league by six points before the match in the next round of
        the tournament.""",
    "16000000": CONFLICT,
    "17000000": """Forecasters expect heavy snowfall and gusts of 60 mph in the north. The weather
        service issued a warning: temperatures fall to minus ten degrees Celsius, with frost and fog.
        Rain follows on Sunday, then sunshine. A thunderstorm is possible on the coast.""",
}


@pytest.fixture(scope="module")
def tagger() -> TopicTagger:
    return TopicTagger()


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def tag(tagger: TopicTagger, known: Story) -> Tags:
    return tagger.tag([known])[0]


@pytest.mark.parametrize("code", sorted(CLEAR))
def test_a_clear_story_gets_its_topic(tagger: TopicTagger, code: str) -> None:
    tags = tag(tagger, story(body=flat(CLEAR[code]), headline=""))
    assert code in {subject.code for subject in tags.subjects}


def test_every_topic_at_the_top_has_a_clear_story() -> None:
    assert set(CLEAR) == set(media_topics())
    assert len(media_topics()) == 17


def test_evidence_stands_in_the_text(tagger: TopicTagger) -> None:
    for code, text in CLEAR.items():
        for subject in tag(tagger, story(body=flat(text), headline="")).subjects:
            assert subject.evidence, code
            assert all(
                set(term.split()) <= set(re.findall(r"[\w'-]+", text.lower())) for term in subject.evidence
            )


def test_a_subject_carries_name_confidence_and_creator(tagger: TopicTagger) -> None:
    subject = tag(tagger, story(body=flat(CONFLICT), headline="")).subjects[0]
    assert (subject.code, subject.name) == ("16000000", "conflict, war and peace")
    assert 50 <= subject.confidence <= 99
    assert re.fullmatch(r"wiredesk-topics/\S+", subject.creator)


def test_the_most_confident_comes_first(tagger: TopicTagger) -> None:
    text = flat(CONFLICT + CLEAR["11000000"] + CLEAR["12000000"])
    confidences = [subject.confidence for subject in tag(tagger, story(body=text, headline="")).subjects]
    assert confidences == sorted(confidences, reverse=True)


def test_two_topics_in_one_story_are_both_told(tagger: TopicTagger) -> None:
    text = flat(CLEAR["09000000"].replace("Bus drivers", "Teachers") + CLEAR["05000000"])
    codes = {subject.code for subject in tag(tagger, story(body=text, headline="")).subjects}
    assert {"05000000", "09000000"} <= codes


@pytest.mark.parametrize(
    "body", ["Please see below for what we have.", "It was that and this.", "12 34 56", "…", "A" * 500]
)
def test_a_story_about_nothing_is_undecided(tagger: TopicTagger, body: str) -> None:
    tags = tag(tagger, story(body=body, headline=""))
    assert tags.subjects == ()
    assert tags.undecided == ("topics",)


def test_the_headline_speaks_too(tagger: TopicTagger) -> None:
    body = "More on this as we have it."
    said = tag(
        tagger, story(body=body, headline="Rebels kill twelve soldiers in airstrike as ceasefire collapses")
    )
    assert [subject.code for subject in said.subjects][:1] == ["16000000"]


@pytest.mark.parametrize("language", ["fr", "ar", "de-AT"])
def test_a_language_without_a_model_is_skipped(tagger: TopicTagger, language: str) -> None:
    tags = tag(tagger, story(body=flat(CONFLICT), language=language))
    assert tags.subjects == ()
    assert tags.undecided == ()
    assert tags.skipped == (f"topics: no model for language {language}",)


def test_stories_of_several_languages_keep_their_order(tagger: TopicTagger) -> None:
    english, french = story(body=flat(CONFLICT)), story(body="Le président a parlé.", language="fr")
    first, second, third = tagger.tag([french, english, french])
    assert first.skipped
    assert second.subjects
    assert third.skipped


def test_the_same_story_gets_the_same_tags_in_any_company(tagger: TopicTagger) -> None:
    stories = [story(body=flat(text)) for text in CLEAR.values()]
    assert tagger.tag(stories) == [tag(tagger, one) for one in stories]
