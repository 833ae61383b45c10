"""What a Redis server must be before a service trusts it with stories."""

from typing import Any

import hiredis
from redis.asyncio import Connection, ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ResponseError

MINIMUM_VERSION = (7, 0)
"""The commit script asks `redis.acl_check_cmd`, which came with Redis 7.0."""


class PackingConnection(Connection):
    """Packs commands in C. redis-py's synchronous client does so by itself, its asyncio client packs in
    Python: 28 instead of 25 µs of CPU for a message of 3 KB, in a plain loop of XREADGROUP, XADD and XACK."""

    def pack_command(self, *args: Any) -> list[bytes]:
        """One command in Redis' protocol; a command name may be of several words."""
        name = args[0].encode() if isinstance(args[0], str) else args[0]
        return [hiredis.pack_command((*name.split(), *args[1:]))]


class UnfitServer(Exception):
    """Raised when a server answers and must not be used as it is."""


def connect(url: str) -> Redis:
    """A client that connects when it is first used. Replies are bytes.

    Its time-outs end a half-open connection within ten seconds. A command whose reply was lost is sent
    again: every command of the engine may be repeated.
    """
    pool: ConnectionPool = ConnectionPool.from_url(
        url,
        connection_class=PackingConnection,
        socket_timeout=8,
        socket_connect_timeout=3,
        health_check_interval=15,
        retry=Retry(ExponentialWithJitterBackoff(cap=1, base=0.05), 2),
    )
    return Redis.from_pool(pool)


async def check_fit(redis: Redis) -> None:
    """Raises `UnfitServer` for a server that is too old, or that would throw stories away."""
    try:
        server, memory = await redis.info("server"), await redis.info("memory")
    except ResponseError as error:
        raise UnfitServer(f"Redis refused INFO: {error}; grant this user `+info`") from error
    version = str(server["redis_version"])
    if tuple(int(part) for part in version.split(".")[:2]) < MINIMUM_VERSION:
        raise UnfitServer(f"Redis {version} is too old: 7.0 or newer is needed")
    policy = memory.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        raise UnfitServer(
            f"Redis' maxmemory-policy is {policy}: it would throw stories away when memory is full. "
            "Set it to noeviction"
        )
