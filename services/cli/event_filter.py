"""Which events a reader wants. Pure.

Values of one option are alternatives, different options must all fit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from services.cli.wire_event import WireEvent
from shared.schemas import Subject, Tags

_WORD = re.compile(r"\w+")


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


@dataclass(frozen=True, slots=True)
class EventFilter:
    """An empty filter lets everything pass."""

    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        topics: Sequence[str] = (),
        entities: Sequence[str] = (),
        languages: Sequence[str] = (),
        providers: Sequence[str] = (),
    ) -> Self:
        """From the options as typed; blank ones are left out."""
        return cls(_given(topics), _given(entities), _given(languages), _given(providers))

    def __bool__(self) -> bool:
        return bool(self.topics or self.entities or self.languages or self.providers)

    def wants(self, event: WireEvent) -> bool:
        """Whether the event passes. Cheap tests first: the JSON is parsed only when names are asked for.

        Raises `NotAnEvent` when it has to look inside an entry that holds none.
        """
        return (
            self._language_fits(event.text("language"))
            and self._provider_fits(event.text("provider"))
            and self._topic_fits(event)
            and self._entity_fits(event)
        )

    def _language_fits(self, language: str) -> bool:
        """`en` takes `en-GB` too."""
        tag = language.casefold()
        return not self.languages or any(tag == one or tag.startswith(f"{one}-") for one in self.languages)

    def _provider_fits(self, provider: str) -> bool:
        return not self.providers or provider.casefold() in self.providers

    def _topic_fits(self, event: WireEvent) -> bool:
        if not self.topics:
            return True
        codes = [code for code in map(_code, self.topics) if code]
        if any(on.startswith(code) for on in event.codes("topics") for code in codes):
            return True
        names = [topic for topic in self.topics if not _code(topic)]
        return bool(names) and any(
            _named(subject, name) for subject in event.event.data.tags.subjects for name in names
        )

    def _entity_fits(self, event: WireEvent) -> bool:
        return not self.entities or any(_mentions(event.event.data.tags, name) for name in self.entities)


def _given(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value.strip().casefold() for value in values if value.strip())


def _code(topic: str) -> str:
    """The digits of `16000000` or `medtop:16000000`, else nothing."""
    digits = topic.removeprefix("medtop:")
    return digits if digits.isascii() and digits.isdigit() else ""


def _named(subject: Subject, wanted: str) -> bool:
    """`war` fits `conflict, war and peace`: the beginning of any of its words."""
    have, want = _words(subject.name), _words(wanted)
    starts = (have[at : at + len(want)] for at in range(len(have)))
    return bool(want) and any(
        len(part) == len(want) and part[:-1] == want[:-1] and part[-1].startswith(want[-1]) for part in starts
    )


def _mentions(tags: Tags, wanted: str) -> bool:
    """`putin` fits `Vladimir Putin`, `us` does not fit `Russia`: whole words, in order."""
    want = _words(wanted)
    return bool(want) and any(_holds(_words(entity.name), want) for entity in tags.entities)


def _holds(have: tuple[str, ...], want: tuple[str, ...]) -> bool:
    return any(have[at : at + len(want)] == want for at in range(len(have) - len(want) + 1))
