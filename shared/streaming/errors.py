"""How handling an entry can end when it does not end well.

    StageError
    ├── Reject       a dead letter now: no retry can help
    └── Unavailable  a dependency is down: wait, no delivery is burned

Any other exception of a handler means: try again, a dead letter after N deliveries.
"""


class StageError(Exception):
    """Base of what a handler raises on purpose."""


class Reject(StageError):
    """Raised when a story can never pass. `reason` is written for the person who will mend it."""

    def __init__(self, reason: str, *, uri: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.uri = uri


class Unavailable(StageError):
    """Raised when a dependency does not answer. The stage keeps its entries and waits for it."""

    def __init__(self, dependency: str, cause: BaseException | str) -> None:
        super().__init__(f"{dependency} is unavailable: {cause}")
        self.dependency = dependency
