"""Which errors of the driver mean "wait", and what is told of them."""

from typing import Any

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WriteConcernError,
    WTimeoutError,
)

from shared.store import StoreError, StoreUnavailable
from shared.store.faults import describe, translate


def bulk(*codes: int, concern: bool = False) -> BulkWriteError:
    errors = [{"index": number, "code": code, "errmsg": f"code {code}"} for number, code in enumerate(codes)]
    concerns = [{"code": 64, "errmsg": "waiting for replication timed out"}] if concern else []
    return BulkWriteError({"writeErrors": errors, "writeConcernErrors": concerns})


def labelled(label: str) -> PyMongoError:
    return PyMongoError("cut off", error_labels=[label])


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("connection reset"),
        NetworkTimeout("timed out"),
        NotPrimaryError("not primary"),
        ServerSelectionTimeoutError("no servers"),
        WaitQueueTimeoutError("pool is busy"),
        ExecutionTimeout("too slow", 50),
        WriteConcernError("not replicated", 64),
        WTimeoutError("not replicated", 64),
        OperationFailure("shutting down", 91),
        OperationFailure("Authentication failed.", 18),
        OperationFailure("disk full", 14031),
        labelled("RetryableWriteError"),
        labelled("TransientTransactionError"),
        bulk(11600),
        bulk(11000, 91),
        bulk(concern=True),
    ],
    ids=repr,
)
def test_a_store_that_may_come_back_is_waited_for(error: PyMongoError) -> None:
    assert isinstance(translate(error), StoreUnavailable)


@pytest.mark.parametrize(
    "error",
    [
        DuplicateKeyError("E11000", 11000),
        OperationFailure("document failed validation", 121),
        OperationFailure("an index of that name exists with other keys", 86),
        bulk(11000),
        bulk(121),
        PyMongoError("something else"),
    ],
    ids=repr,
)
def test_a_refusal_that_would_come_again_is_not_waited_for(error: PyMongoError) -> None:
    assert type(translate(error)) is StoreError


def test_the_message_is_one_bounded_line_without_the_servers_whole_answer() -> None:
    noisy: Any = {"ok": 0, "$clusterTime": "…" * 1_000}
    error = OperationFailure("Authentication failed.\nnot you, full error: " + str(noisy), 18)
    assert describe(error) == "OperationFailure: Authentication failed. not you"
    assert len(describe(PyMongoError("x" * 10_000))) == 500


def test_a_batchs_message_tells_how_many_and_why() -> None:
    assert describe(bulk(121, 121)) == "2 writes of a batch were refused; the first: code 121"
    assert "no reason given" in describe(BulkWriteError({}))
