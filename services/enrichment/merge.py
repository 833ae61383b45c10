"""Puts the tags of several enrichers together."""

from collections.abc import Iterable
from itertools import chain

from shared.schemas import Tags
from shared.schemas.base import MAX_ENTITIES, MAX_SUBJECTS


def merge(parts: Iterable[Tags]) -> Tags:
    """All subjects, entities and remarks, in the order of the parts, up to the schema's bounds."""
    known = tuple(parts)
    return Tags(
        subjects=tuple(chain.from_iterable(tags.subjects for tags in known))[:MAX_SUBJECTS],
        entities=tuple(chain.from_iterable(tags.entities for tags in known))[:MAX_ENTITIES],
        undecided=tuple(chain.from_iterable(tags.undecided for tags in known)),
        skipped=tuple(chain.from_iterable(tags.skipped for tags in known)),
    )
