"""Builds and runs a service: FastStream's ASGI app around the stages, with health and an honest end."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NoReturn

import uvicorn
from faststream.asgi import AsgiFastStream
from faststream.redis import RedisBroker
from faststream.redis.prometheus import RedisPrometheusMiddleware
from faststream.specification import AsyncAPI
from prometheus_client import CollectorRegistry, make_asgi_app
from redis.exceptions import RedisError
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_not_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from shared.runtime.clock import Clock, SystemClock
from shared.runtime.garbage import spare_the_garbage_collector
from shared.runtime.health import Health
from shared.runtime.heartbeat import Heartbeat
from shared.runtime.logs import configure_logs, redact
from shared.runtime.metrics import StageCollector
from shared.runtime.resource import Resource
from shared.runtime.routes import health_routes
from shared.runtime.servers import UnfitServer, check_fit, connect
from shared.runtime.settings import ServiceSettings
from shared.streaming import Names, Runner, Stage
from shared.streaming.tasks import end

logger = logging.getLogger(__name__)

# A subscriber that dies of READONLY or NOPERM would be restarted by FastStream in a hot loop, thousands of
# times a second. The runner restarts it at its own pace, and gives up after a minute.
os.environ.setdefault("FASTSTREAM_SUPERVISOR_DISABLED", "1")

BEGIN_SECONDS = 10.0
"""How long an end waits for a start that is under way."""

Background = Callable[["Service"], Awaitable[None]]


class Service:
    """A process with one or more stages. Nothing connects before it runs."""

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        stages: Sequence[Stage[Any]],
        resources: Sequence[Resource] = (),
        background: Sequence[Background] = (),
        clock: Clock | None = None,
    ) -> None:
        self.name = name
        self.settings = settings
        self.clock = clock or SystemClock()
        self.names = Names(settings.stream_prefix)
        self.redis = connect(settings.redis_url.get_secret_value())
        self.stopping = asyncio.Event()
        self._begun = asyncio.Event()
        self.exit_code = 0
        self._start_failed = False
        self.health = Health(name, settings.worker, os.getpid(), datetime.now(UTC))
        self._resources = resources
        self._background = background
        self._tasks: list[asyncio.Task[None]] = []
        self._server: uvicorn.Server | None = None
        self._heartbeat = Heartbeat(self.redis, self.names, self.health, resources)
        self._registry = CollectorRegistry()
        self._registry.register(StageCollector(self.health))
        self._broker = self._build_broker(max((stage.timeout for stage in stages), default=0.0))
        self._runners = [
            Runner(
                stage,
                self._broker,
                self.redis,
                self.names,
                settings.worker,
                self.stopping,
                settings.give_up_seconds,
            )
            for stage in stages
        ]
        for runner in self._runners:
            self.health.stages[runner.stage.name] = (runner.stage, runner.worker.state)
        self.app = self._build_app()

    def run(self) -> NoReturn:
        """Run until told to stop. Exits with 1 when a stage could not be kept alive or a server is unfit."""
        configure_logs(self.name, self.settings.log_level, self.settings.log_format)
        config = uvicorn.Config(
            self._asgi,
            interface="asgi3",
            host=self.settings.health_host,
            port=self.settings.health_port,
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=5,
        )
        self._server = uvicorn.Server(config)
        spare_the_garbage_collector()
        for number in (signal.SIGTERM, signal.SIGINT):
            # uvicorn stops in order and then raises the signal once more: an orderly stop ends with 0.
            # Not SIG_IGN, which the model process would inherit
            signal.signal(number, lambda *_: None)
        with contextlib.suppress(SystemExit):  # of a start that failed; its code is not ours
            self._server.run()
        if not self._server.started and not self._told_to_stop():
            self.exit_code = 1
        sys.exit(self.exit_code)

    def fail(self, why: str) -> None:
        """End the process with a non-zero code, after the running work."""
        logger.critical("%s ends: %s", self.name, why)
        self.exit_code = 1
        if self._server:
            self._server.should_exit = True

    def _told_to_stop(self) -> bool:
        return self._server is not None and self._server.should_exit

    async def _asgi(self, scope: Any, receive: Any, send: Any) -> None:
        """The app, which keeps to itself the traceback of a start whose failure was logged in one line."""

        async def passed(message: Any) -> None:
            said = message["type"] == "lifespan.startup.failed" and self._start_failed
            await send({"type": message["type"]} if said else message)

        try:
            await self.app(scope, receive, passed)
        except Exception as error:
            # FastStream starts its broker after uvicorn was told that all is well
            if not self._start_failed and not self._told_to_stop():
                self.fail(f"it could not begin: {str(error) or type(error).__name__}")
            raise

    def _build_broker(self, timeout: float) -> RedisBroker:
        return RedisBroker(
            self.settings.redis_url.get_secret_value(),
            # the dead letters are the engine's; FastStream's types and acknowledgement are not used
            apply_types=False,
            graceful_timeout=timeout,
            logger=logging.getLogger("faststream"),
            log_level=logging.DEBUG,
            middlewares=[RedisPrometheusMiddleware(registry=self._registry, app_name=self.name)],
            socket_timeout=8,
            socket_connect_timeout=3,
            health_check_interval=15,
        )

    def _build_app(self) -> AsgiFastStream:
        return AsgiFastStream(
            self._broker,
            asgi_routes=[*health_routes(self.health), ("/metrics", make_asgi_app(self._registry))],
            asyncapi_path="/asyncapi",
            specification=AsyncAPI(title=f"Wiredesk {self.name}", version="0.1.0"),
            logger=logging.getLogger("faststream"),
            lifespan=self._lifespan,
            after_startup=[self._after_startup],
            on_shutdown=[self._on_shutdown],
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self) -> AsyncIterator[None]:
        """Wait for the servers, make the groups; at the end close what was opened."""
        try:
            await self._wait_for("Redis", self._prepare_redis)
            for resource in self._resources:
                await self._wait_for(resource.name, resource.start)
        except Exception as error:
            self._start_failed = True
            if self._told_to_stop():
                logger.info("%s was told to stop before it had started", self.name)
                raise SystemExit(0) from error
            self.exit_code = 1
            logger.critical("%s cannot start: %s", self.name, redact(str(error)))
            raise SystemExit(1) from error
        self._tasks.append(asyncio.create_task(self._heartbeat.keep(), name="heartbeat"))
        try:
            yield
        finally:
            await end(self._tasks)
            for resource in reversed(self._resources):
                await resource.close()
            await self._heartbeat.farewell()
            await self.redis.aclose()

    async def _wait_for(self, name: str, start: Callable[[], Awaitable[None]]) -> None:
        """Wait with a bound, and say for what: FastStream itself would end at once."""
        patience = stop_after_delay(self.settings.startup_seconds)
        async for attempt in AsyncRetrying(
            retry=retry_if_not_exception_type((UnfitServer, asyncio.CancelledError)),
            wait=wait_random_exponential(multiplier=0.1, max=2),
            stop=lambda state: patience(state) or self._told_to_stop(),
            before_sleep=lambda state: logger.warning(
                "%s waits for %s (try %d): %s", self.name, name, state.attempt_number, _reason(state)
            ),
            reraise=True,
        ):
            with attempt:
                await start()
        self.health.dependencies[name.lower()] = None

    async def _prepare_redis(self) -> None:
        await check_fit(self.redis)
        for runner in self._runners:
            await runner.prepare()

    async def _after_startup(self) -> None:
        for runner in self._runners:
            await runner.start()
            self._tasks.append(asyncio.create_task(self._end_with(runner), name=f"{runner.stage.name}:end"))
        for background in self._background:
            self._tasks.append(asyncio.create_task(self._guard(background)))
        self.health.phase = "ok"
        self._begun.set()
        await self._heartbeat.beat()  # or `wiredesk status` would say "starting" for some seconds more
        logger.info("%s is ready: %s", self.name, ", ".join(runner.stage.source for runner in self._runners))

    async def _on_shutdown(self) -> None:
        self.stopping.set()
        with contextlib.suppress(TimeoutError):
            # FastStream starts its broker in the background: one half started cannot be stopped
            async with asyncio.timeout(BEGIN_SECONDS):
                await self._begun.wait()
        self.health.phase = "stopping"
        for runner in self._runners:
            await runner.stop()

    async def _end_with(self, runner: Runner[Any]) -> None:
        await runner.failed.wait()
        self.fail(runner.why)

    async def _guard(self, background: Background) -> None:
        """A background task that ends with an error ends the process: nothing dies silently."""
        while True:
            try:
                await background(self)
                return
            except RedisError as error:
                logger.warning("%s: a background task waits for Redis: %s", self.name, error)
                await asyncio.sleep(1)
            except Exception as error:
                logger.exception("%s: a background task died", self.name)
                self.fail(f"a background task died: {error}")
                return


def _reason(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
