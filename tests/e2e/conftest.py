"""The whole stack, started once, or the one that runs already where WIREDESK_STACK is set."""

from collections.abc import Iterator

import pytest

from tests.servers.stack import Stack
from tests.wire import Wire


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with Stack(MIN_IDLE_SECONDS="2", MAX_DELIVERIES="3", ENRICHMENT_FAULTS="1") as running:
        yield running


@pytest.fixture
def wire(stack: Stack) -> Iterator[Wire]:
    end = Wire(stack.redis_url)
    yield end
    end.close()
