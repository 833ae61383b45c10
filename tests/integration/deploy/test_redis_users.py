"""The users of the container's Redis, on a real server: who may do what, and that nothing is lost by it."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from deploy.embedded.binaries import redis_binary
from tests.servers.free_port import free_port

USERS = Path(__file__).resolve().parents[3] / "deploy" / "docker" / "redis" / "users"
PASSWORDS = {name: f"{name}-secret" for name in ("admin", "services", "wire")}
Do = Callable[[redis.Redis], object]


def users_file() -> str:
    env = {f"REDIS_{name.upper()}_PASSWORD": password for name, password in PASSWORDS.items()}
    return subprocess.run(
        ["sh", str(USERS)], env={**os.environ, **env}, capture_output=True, text=True, check=True
    ).stdout


class GuardedRedis:
    """A server with append-only file and the users above, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        (folder / "users.acl").write_text(users_file())
        self.folder, self.port = folder, free_port()
        self.program = redis_binary(os.environ, folder).path

    @contextmanager
    def running(self) -> Iterator["GuardedRedis"]:
        options = (
            f"--port {self.port} --bind 127.0.0.1 --appendonly yes --appendfsync always --aclfile users.acl"
        )
        log = (self.folder / "log").open("ab")
        with (
            log,
            subprocess.Popen(
                [self.program, *options.split(), "--save", ""], cwd=self.folder, stdout=log
            ) as server,
        ):
            try:
                self._wait()
                yield self
            finally:
                server.kill()

    def user(self, name: str) -> redis.Redis:
        return self.login(username=name, password=PASSWORDS[name])

    def login(self, **who: str) -> redis.Redis:
        return redis.Redis(port=self.port, retry=Retry(NoBackoff(), 0), **who)  # type: ignore[arg-type]

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                with self.user("admin") as client:
                    client.ping()
                return
            except (redis.ConnectionError, redis.exceptions.BusyLoadingError):
                assert time.monotonic() < deadline, (self.folder / "log").read_text()[-1000:]
                time.sleep(0.02)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedRedis]:
    with GuardedRedis(tmp_path_factory.mktemp("guarded")).running() as server:
        yield server


def test_what_a_script_added_is_there_after_a_restart(tmp_path: Path) -> None:
    """A default user without rights would cost it: Redis checks rights while it loads a transaction."""
    server = GuardedRedis(tmp_path)
    script = "for n = 1, 2 do redis.call('XADD', KEYS[1], '*', 'data', n) end"
    with server.running(), server.user("services") as client:
        client.eval(script, 1, "stories.ingest")
    with server.running(), server.user("services") as client:
        assert client.xlen("stories.ingest") == 2


def test_nobody_gets_in_without_a_password(guarded: GuardedRedis) -> None:
    with guarded.login() as client, pytest.raises(redis.AuthenticationError):
        client.ping()
    with (
        guarded.login(username="default", password="") as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


ALLOWED: list[tuple[str, Do]] = [
    ("services", lambda r: r.xgroup_create("stories.accepted", "enrichment", "0", mkstream=True)),
    ("services", lambda r: r.set("stories.health:ingest:me", "{}", ex=15)),
    ("services", lambda r: r.hincrby("stories.counters", "ingest.accepted")),
    ("services", lambda r: r.info("memory")),
    ("services", lambda r: r.time()),
    ("services", lambda r: list(r.scan_iter("stories.health:*"))),
    ("wire", lambda r: r.xadd("stories.ingest", {"body": "A story."})),
    ("wire", lambda r: r.xread({"stories.published": "0"})),
    ("wire", lambda r: r.xrange("stories.published")),
]
REFUSED: list[tuple[str, Do]] = [
    ("services", lambda r: r.flushall()),
    ("services", lambda r: r.keys("*")),
    ("services", lambda r: r.config_get("*")),
    ("services", lambda r: r.set("somebody.elses", "x")),
    ("services", lambda r: r.acl_list()),
    ("wire", lambda r: r.xadd("stories.published", {"body": "forged"})),
    ("wire", lambda r: r.xrange("stories.ingest")),
    ("wire", lambda r: r.xtrim("stories.published", maxlen=0)),
    ("wire", lambda r: r.hgetall("stories.counters")),
    ("wire", lambda r: r.delete("stories.ingest")),
    ("wire", lambda r: r.eval("return 1", 0)),
    ("wire", lambda r: r.info()),
]


@pytest.mark.parametrize(("user", "do"), ALLOWED)
def test_what_each_user_needs_is_allowed(guarded: GuardedRedis, user: str, do: Do) -> None:
    with guarded.user(user) as client:
        do(client)


@pytest.mark.parametrize(("user", "do"), REFUSED)
def test_everything_else_is_refused(guarded: GuardedRedis, user: str, do: Do) -> None:
    with guarded.user(user) as client, pytest.raises(redis.exceptions.NoPermissionError):
        do(client)
