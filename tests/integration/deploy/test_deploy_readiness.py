import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from deploy.embedded.readiness import ask_mongo, ask_redis, ask_service, wait
from tests.servers.free_port import free_port
from tests.servers.mongo import MongoServer
from tests.servers.redis import RedisServer


class Answer(http.server.BaseHTTPRequestHandler):
    status, body = 200, b"ready"

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/readyz" else 404)
        self.end_headers()
        self.wfile.write(self.body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        return


class NotReady(Answer):
    status, body = 503, b"loading models\nmore"


@contextmanager
def service(answer: type[Answer]) -> Iterator[int]:
    with http.server.HTTPServer(("127.0.0.1", 0), answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_a_service_that_says_so_is_ready() -> None:
    with service(Answer) as port:
        assert ask_service(port) is None


def test_a_service_that_is_not_ready_says_why() -> None:
    with service(NotReady) as port:
        assert ask_service(port) == "loading models"


def test_nobody_there_is_not_ready() -> None:
    assert "refused" in (ask_service(free_port()) or "")
    assert "refused" in (ask_redis(f"redis://127.0.0.1:{free_port()}/0") or "")


def test_real_servers_are_ready(redis_server: RedisServer, mongo_server: MongoServer) -> None:
    assert ask_redis(redis_server.url) is None
    assert ask_mongo(mongo_server.url) is None


@pytest.mark.parametrize("url", ["nonsense://x", "mongodb://", "mongodb://127.0.0.1:1"])
def test_a_mongo_url_that_leads_nowhere_is_told_not_raised(url: str) -> None:
    assert ask_mongo(url)


def test_waiting_ends_as_soon_as_all_are_ready() -> None:
    rounds: list[Mapping[str, str | None]] = []
    answers = iter(["loading", None])
    missing = wait({"ingest": lambda: next(answers), "redis": lambda: None}, 30, tell=rounds.append)
    assert missing == {}
    assert rounds == [{"ingest": "loading", "redis": None}, {"ingest": None, "redis": None}]


def test_waiting_ends_at_the_limit_with_what_is_missing() -> None:
    missing = wait({"ingest": lambda: "no", "redis": lambda: None}, 0.0, tell=lambda _: None)
    assert missing == {"ingest": "no"}


def test_waiting_ends_when_it_makes_no_sense() -> None:
    missing = wait({"ingest": lambda: "no"}, 30, tell=lambda _: None, hopeless=lambda: "ingest")
    assert missing == {"ingest": "no"}
