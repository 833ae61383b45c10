"""The IPTC Media Topics that subjects are named by (IPTC, CC BY 4.0; the file carries its date)."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

VOCABULARY_FILE = Path(__file__).parents[1] / "models" / "mediatopics.json"


@cache
def media_topics() -> Mapping[str, str]:
    """Code of eight digits → English name, the 17 topics of the top level in the order of their codes."""
    topics = json.loads(VOCABULARY_FILE.read_text(encoding="utf-8"))["topics"]
    return MappingProxyType({topic["code"]: topic["name"] for topic in topics})
