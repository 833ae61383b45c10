"""A worker's sign of life, in Redis, so that `wiredesk status` sees every worker wherever it runs."""

import asyncio
import logging
from collections.abc import Sequence

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.runtime.health import Health
from shared.runtime.resource import Resource
from shared.streaming import Names

logger = logging.getLogger(__name__)

PERIOD_SECONDS = 3.0
LIFE_SECONDS = 15
CHECK_SECONDS = 5.0


class Heartbeat:
    """Checks the dependencies and writes the health report, every few seconds."""

    def __init__(self, redis: Redis, names: Names, health: Health, resources: Sequence[Resource]) -> None:
        self._redis = redis
        self._key = names.health(health.service, health.worker)
        self._health = health
        self._resources = resources

    async def keep(self) -> None:
        """Beat until cancelled."""
        while True:
            await self.beat()
            await asyncio.sleep(PERIOD_SECONDS)

    async def beat(self) -> None:
        """Look at every dependency once and report."""
        for resource in self._resources:
            self._health.dependencies[resource.name.lower()] = await _problem(resource)
        try:
            await self._redis.set(self._key, orjson.dumps(self._health.report()), ex=LIFE_SECONDS)
            self._health.dependencies["redis"] = None
        except RedisError as error:
            self._health.dependencies["redis"] = str(error) or type(error).__name__

    async def farewell(self) -> None:
        """Take the sign away when the process leaves in order."""
        try:
            await self._redis.delete(self._key)
        except RedisError as error:
            logger.info("no farewell: %s", error)


async def _problem(resource: Resource) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await resource.check()
    except Exception as error:  # whatever is wrong with it, health says it
        return str(error) or type(error).__name__
    return None
