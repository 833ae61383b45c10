"""Tells a store that is away from a request that is wrong. Pure."""

from collections.abc import Mapping
from typing import Any

from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)

from shared.store.errors import StoreError, StoreUnavailable

DUPLICATE_KEY = 11000

PASSING_CODES = frozenset(
    {
        6,  # HostUnreachable
        7,  # HostNotFound
        13,  # Unauthorized: a password or role that is being rotated is no story's fault
        18,  # AuthenticationFailed
        24,  # LockTimeout
        46,  # LockBusy
        50,  # MaxTimeMSExpired
        64,  # WriteConcernTimeout
        89,  # NetworkTimeout
        91,  # ShutdownInProgress
        100,  # UnsatisfiableWriteConcern
        112,  # WriteConflict
        133,  # FailedToSatisfyReadPreference
        134,  # ReadConcernMajorityNotAvailableYet
        189,  # PrimarySteppedDown
        202,  # NetworkInterfaceExceededTimeLimit
        262,  # ExceededTimeLimit
        384,  # ConnectionError
        9001,  # SocketException
        10058,  # LegacyNotPrimary
        10107,  # NotWritablePrimary
        11600,  # InterruptedAtShutdown
        11602,  # InterruptedDueToReplStateChange
        13435,  # NotPrimaryNoSecondaryOk
        13436,  # NotPrimaryOrSecondary
        14031,  # OutOfDiskSpace
    }
)
"""Codes that say "not now", from MongoDB's error_codes.yml."""

PASSING_LABELS = ("RetryableWriteError", "TransientTransactionError")


def translate(error: PyMongoError) -> StoreError:
    """The store's own error for one of the driver's. Its message names the cause, never a credential:
    only the driver's words about servers and documents are taken over, not the connection string."""
    kind = StoreUnavailable if is_passing(error) else StoreError
    return kind(f"MongoDB: {describe(error)}")


def is_passing(error: PyMongoError) -> bool:
    """Whether the same request may succeed later."""
    if isinstance(error, ConnectionFailure | ExecutionTimeout | WriteConcernError):
        return True
    if any(error.has_error_label(label) for label in PASSING_LABELS):
        return True
    if isinstance(error, BulkWriteError):
        return _bulk_is_passing(error.details)
    return isinstance(error, OperationFailure) and error.code in PASSING_CODES


def describe(error: PyMongoError) -> str:
    """One line of at most 500 characters."""
    if isinstance(error, BulkWriteError):
        return _describe_bulk(error.details)
    words = str(error).split(", full error:")[0].split(", Timeout:")[0]
    return " ".join(f"{type(error).__name__}: {words}".split())[:500]


def _bulk_is_passing(details: Mapping[str, Any]) -> bool:
    codes = {item.get("code") for item in details.get("writeErrors", ())}
    return bool(details.get("writeConcernErrors")) or bool(codes & PASSING_CODES)


def _describe_bulk(details: Mapping[str, Any]) -> str:
    problems = [*details.get("writeErrors", ()), *details.get("writeConcernErrors", ())]
    first = str(problems[0].get("errmsg", "no reason given")) if problems else "no reason given"
    # The server may quote the document's keys, which can be long.
    return f"{len(problems)} writes of a batch were refused; the first: {first}"[:500]
