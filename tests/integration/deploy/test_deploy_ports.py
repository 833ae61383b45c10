import os
import socket
from collections.abc import Iterator

import pytest

from deploy.embedded.ports import is_free, taken
from tests.servers.free_port import free_port


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_that_somebody_listens_on_is_named_with_its_holder_and_the_way_out(listener: int) -> None:
    (busy,) = taken({"redis": free_port(), "enrichment": listener})
    assert f"Port {listener}, for enrichment" in str(busy)
    assert f"pid {os.getpid()}" in str(busy)
    assert "make up ENRICHMENT_PORT=" in str(busy)


def test_a_free_port_is_no_problem() -> None:
    port = free_port()
    assert is_free(port)
    assert taken({"redis": port}) == []


def test_a_port_is_free_again_although_old_connections_fade_away() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            connection, _ = server.accept()
            connection.close()  # the server closes first: its side waits out its time
    assert is_free(port)
