"""Any message that the models admit, for property tests."""

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

from hypothesis import strategies as st

from shared import schemas as s
from shared.schemas.base import MAX_INTEGER, Message

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
uris = st.from_regex(r"[^\s]{1,60}", fullmatch=True).filter(lambda uri: uri.isprintable())
zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(
    datetime(1, 1, 2, tzinfo=UTC).replace(tzinfo=None),
    datetime(9999, 12, 30, tzinfo=UTC).replace(tzinfo=None),
    timezones=st.one_of(st.just(UTC), zones),
)
percents = st.integers(0, 100)
whole = st.integers(0, MAX_INTEGER)
versions = st.integers(1, MAX_INTEGER)
urgencies = st.none() | st.integers(1, 9)
languages = st.sampled_from(["und", "en", "en-GB", "zh-Hant-TW"])
statuses = st.sampled_from(get_args(s.PubStatus))
lists = st.lists(names, max_size=4).map(tuple)


def _maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


raw_stories = st.builds(
    s.RawStory,
    body=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200),
    provider=_maybe(names),
    guid=_maybe(text),
    url=_maybe(text),
    headline=_maybe(text),
    byline=_maybe(text),
    dateline=_maybe(text),
    slugline=_maybe(names),
    content_type=st.sampled_from(get_args(s.ContentType)),
    language=_maybe(languages),
    published=_maybe(moments),
    version=_maybe(versions),
    version_created=_maybe(moments),
    keywords=lists,
    section=lists,
    pub_status=statuses,
    embargoed_until=_maybe(moments),
    urgency=urgencies,
)
stories = st.builds(
    s.Story,
    uri=uris,
    version=versions,
    headline=text,
    body_text=text,
    byline=_maybe(text),
    dateline=_maybe(text),
    slugline=_maybe(names),
    language=languages,
    provider=names,
    guid=_maybe(text),
    source_url=_maybe(text),
    pub_status=statuses,
    embargoed_until=_maybe(moments),
    content_created=_maybe(moments),
    version_created=moments,
    urgency=urgencies,
    keywords=lists,
    section=lists,
    captions=st.lists(text, max_size=2).map(tuple),
    author_bio=_maybe(text),
    digest=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    removed=st.lists(
        st.builds(s.Removed, text=text, start=whole, end=whole, rule=names, confidence=percents), max_size=2
    ),
    repaired=st.lists(st.builds(s.Repaired, rule=names, count=versions), max_size=2),
)
mentions = st.builds(
    lambda start, length: s.Mention(start=start, end=start + length),
    st.integers(0, 2**52),
    st.integers(1, 2**52 - 1),
)
subjects = st.builds(
    s.Subject,
    code=st.from_regex(r"[0-9]{8}", fullmatch=True),
    name=names,
    confidence=percents,
    relevance=_maybe(percents),
    rel=st.sampled_from(get_args(s.Relation)),
    evidence=lists,
    creator=names,
)
entities = st.builds(
    s.Entity,
    kind=st.sampled_from(get_args(s.EntityKind)),
    name=names,
    mentions=st.lists(mentions, max_size=3).map(tuple),
    uri=_maybe(text),
    country=_maybe(st.from_regex(r"[A-Z]{2}", fullmatch=True)),
    latitude=_maybe(st.floats(-90, 90)),
    longitude=_maybe(st.floats(-180, 180)),
    confidence=_maybe(percents),
    relevance=_maybe(percents),
    rel=st.sampled_from(get_args(s.Relation)),
    creator=names,
)
tags = st.builds(
    s.Tags,
    subjects=st.lists(subjects, max_size=2).map(tuple),
    entities=st.lists(entities, max_size=2).map(tuple),
    undecided=lists,
    skipped=lists,
)
hops = st.builds(
    s.Hop,
    stage=names,
    stream=names,
    entry_id=names,
    time=moments,
    duration_ms=st.floats(0, allow_infinity=False),
    outcome=names,
    deliveries=versions,
)
events = st.builds(
    s.PublishedEvent,
    id=names,
    source=names,
    type=st.sampled_from(get_args(s.EventType)),
    subject=uris,
    time=moments,
    data=st.builds(s.PublishedStory, story=stories, tags=tags),
)
dead_letters = st.builds(
    s.DeadLetter,
    reason=st.sampled_from(get_args(s.Reason)),
    error=names,
    message=text,
    traceback=_maybe(text),
    stage=names,
    stream=names,
    entry_id=names,
    deliveries=versions,
    time=moments,
    uri=_maybe(uris),
    fields=st.lists(st.builds(s.RawField.of, st.binary(max_size=20), st.binary(max_size=60)), max_size=4),
    cut=whole,
)

MESSAGES: dict[type[Message], st.SearchStrategy[Message]] = {
    s.RawStory: raw_stories,
    s.StoryAccepted: st.builds(s.StoryAccepted, story=stories),
    s.StoryEnriched: st.builds(s.StoryEnriched, story=stories, tags=tags),
    s.PublishedEvent: events,
    s.DeadLetter: dead_letters,
    s.Hop: hops,
}
