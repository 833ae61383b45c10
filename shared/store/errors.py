"""What can go wrong in the store.

    StoreError
    └── StoreUnavailable   the server is down, slow or not primary: wait and ask again

A StoreError that is not StoreUnavailable means that the server answered and refused: the document or the
request is wrong, and asking again will not help.
"""


class StoreError(Exception):
    """Raised when the store refuses a request. The message holds no credentials."""


class StoreUnavailable(StoreError):
    """Raised when the store does not answer, or answers that it cannot serve now."""

    dependency = "mongo"
