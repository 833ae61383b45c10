"""How the models can fail on a story.

    ModelError
    ├── ModelTimedOut  the story took too long: the process was killed
    ├── ModelDied      the process ended by itself: a crash, or out of memory
    └── ModelRefused   the process answered with an error

All are tried again, and end as a dead letter after the last delivery.
"""


class ModelError(Exception):
    """Base of what costs a story its enrichment."""


class ModelTimedOut(ModelError):
    """Raised when the models did not answer within the limit for a story of this length."""


class ModelDied(ModelError):
    """Raised when the model process ended while it read a story."""


class ModelRefused(ModelError):
    """Raised when the model process could not make tags of a story."""
