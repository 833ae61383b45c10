"""From stories to subjects: the trained model and the cue words, and the choice not to say."""

from collections.abc import Sequence

from services.enrichment.language import english, no_model
from services.enrichment.topics.cues import Cued, Cues
from services.enrichment.topics.model import Floats, TopicModel
from services.enrichment.topics.terms import words
from services.enrichment.topics.vocabulary import media_topics
from shared.schemas import Story, Subject, Tags

NAME = "topics"
VERSION = "1"

CUED = 0.5
"""From which confidence on the cue words are believed."""
MOST_CHARS = 6_000
"""A story says what it is about at its beginning: measured, more text moves no figure by 0.01."""
MOST_SUBJECTS = 5
MOST_TERMS = 8


class TopicTagger:
    """Loads the model once. Call it from one thread."""

    def __init__(self, model: TopicModel | None = None, cues: Cues | None = None) -> None:
        self._model = model or TopicModel.load()
        self._cues = cues or Cues.read()
        self._names = media_topics()

    def tag(self, stories: Sequence[Story]) -> list[Tags]:
        """The subjects of each story, the most confident first, or `undecided`, or `skipped`."""
        readable = [english(story) for story in stories]
        texts = [_beginning(story) for story, reads in zip(stories, readable, strict=True) if reads]
        cut = [words(text) for text in texts]
        probabilities = self._model.probabilities(texts, cut) if texts else []
        decided = iter([self._decide(*answer) for answer in zip(cut, probabilities, strict=True)])
        return [
            next(decided) if reads else Tags(skipped=(no_model(NAME, story),))
            for story, reads in zip(stories, readable, strict=True)
        ]

    def _decide(self, sequence: Sequence[str], probabilities: Floats) -> Tags:
        found = self._modelled(sequence, probabilities)
        for cued in self._cues.look(sequence):
            if cued.confidence >= CUED:
                known = found.get(cued.code)
                if known is None or known.confidence < percent(cued.confidence):
                    found[cued.code] = self._cued(cued)
        subjects = sorted(found.values(), key=lambda subject: (-subject.confidence, subject.code))
        return Tags(subjects=tuple(subjects[:MOST_SUBJECTS]), undecided=() if subjects else (NAME,))

    def _modelled(self, sequence: Sequence[str], probabilities: Floats) -> dict[str, Subject]:
        """Nothing where the best is not good enough; else the best and all that may be meant as well.

        A topic that no word speaks for is not told: nobody could see why.
        """
        facts = self._model.facts
        if not sequence or probabilities.max() < facts.decided:
            return {}
        each = zip(facts.classes, map(float, probabilities), strict=True)
        creator = f"wiredesk-topics/{facts.version}"
        return {
            code: Subject(
                code=code,
                name=self._names[code],
                confidence=percent(p),
                evidence=evidence,
                creator=creator,
            )
            for code, p in each
            if p >= facts.also and (evidence := self._model.evidence(sequence, code, MOST_TERMS))
        }

    def _cued(self, cued: Cued) -> Subject:
        return Subject(
            code=cued.code,
            name=self._names[cued.code],
            confidence=percent(cued.confidence),
            evidence=cued.terms[:MOST_TERMS],
            creator=f"wiredesk-topic-cues/{VERSION}",
        )


def _beginning(story: Story) -> str:
    return f"{story.headline}\n{story.body_text[:MOST_CHARS]}"


def percent(probability: float) -> int:
    """0–1 to 0–99: nothing here is certain."""
    return min(99, round(100 * probability))
