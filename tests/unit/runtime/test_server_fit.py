"""Which Redis servers a service trusts with stories."""

from dataclasses import dataclass, field
from typing import Any

import hiredis
import pytest
from redis.exceptions import NoPermissionError

from shared.runtime.servers import PackingConnection, UnfitServer, check_fit


@dataclass
class FakeRedis:
    """Answers INFO."""

    version: str = "7.0.15"
    memory: dict[str, str] = field(default_factory=lambda: {"maxmemory_policy": "noeviction"})
    refused: str = ""

    async def info(self, section: str) -> dict[str, str]:
        if self.refused:
            raise NoPermissionError(self.refused)
        return {"redis_version": self.version} if section == "server" else self.memory


async def fit(redis: Any) -> None:
    await check_fit(redis)


@pytest.mark.parametrize("version", ["7.0.0", "7.2.4", "8.1.8", "10.0.0", "7.0"])
async def test_a_server_that_is_new_enough_and_evicts_nothing_is_fit(version: str) -> None:
    await fit(FakeRedis(version))


@pytest.mark.parametrize("version", ["6.2.14", "5.0.7", "2.8"])
async def test_an_old_server_is_refused(version: str) -> None:
    with pytest.raises(UnfitServer, match=f"{version} is too old: 7.0"):
        await fit(FakeRedis(version))


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl", "allkeys-random"])
async def test_a_server_that_evicts_is_refused_with_what_to_set(policy: str) -> None:
    with pytest.raises(UnfitServer, match=f"policy is {policy}.*Set it to noeviction"):
        await fit(FakeRedis(memory={"maxmemory_policy": policy}))


async def test_a_server_that_does_not_tell_its_policy_is_taken() -> None:
    await fit(FakeRedis(memory={}))


async def test_a_user_that_may_not_ask_is_told_what_to_grant() -> None:
    with pytest.raises(UnfitServer, match=r"grant this user `\+info`"):
        await fit(FakeRedis(refused="no permissions to run 'info'"))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("GET", "k"), ("GET", "k")),
        (("XINFO GROUPS", "stories.ingest"), ("XINFO", "GROUPS", "stories.ingest")),
        ((b"SET", "k", 5), (b"SET", "k", 5)),
        (("SET", "k", b"\xff\x00\r\n"), ("SET", "k", b"\xff\x00\r\n")),
    ],
)
def test_commands_are_packed_as_redis_takes_them(command: tuple[Any, ...], words: tuple[Any, ...]) -> None:
    (packed,) = PackingConnection().pack_command(*command)
    assert packed == hiredis.pack_command(words)
    assert packed.startswith(f"*{len(words)}\r\n".encode())
