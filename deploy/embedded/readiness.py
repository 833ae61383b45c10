"""Ready means ready: every server and service is asked until it says so itself."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pymongo
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from deploy.embedded.settings import SERVICES, Settings

# Asks one part; answers None when it is ready, else why not.
Probe = Callable[[], str | None]
POLL_SECONDS = 0.25
ASK_SECONDS = 2.0


def probes(settings: Settings) -> dict[str, Probe]:
    """A probe for each part of the deployment, in the order of the way of a story."""
    found: dict[str, Probe] = {
        "redis": lambda: ask_redis(settings.redis),
        "mongo": lambda: ask_mongo(settings.mongo),
    }
    for name in SERVICES:
        found[name] = _service_probe(settings.ports[name])
    return found


def wait(
    asked: Mapping[str, Probe],
    seconds: float,
    *,
    tell: Callable[[Mapping[str, str | None]], None],
    hopeless: Callable[[], str | None] = lambda: None,
) -> dict[str, str]:
    """Asks all probes at once, again and again. Returns those not ready in the end, with their reasons.

    `tell` gets every round's answers; `hopeless` may name a part for which waiting makes no sense any more.
    """
    deadline = time.monotonic() + seconds
    with ThreadPoolExecutor(max_workers=max(1, len(asked))) as pool:
        while True:
            answers = dict(zip(asked, pool.map(lambda probe: probe(), asked.values()), strict=True))
            tell(answers)
            missing = {name: why for name, why in answers.items() if why is not None}
            if not missing or time.monotonic() >= deadline or hopeless():
                return missing
            time.sleep(POLL_SECONDS)


def ask_redis(url: str) -> str | None:
    """Does it answer, has it loaded its data?"""
    try:
        client = redis.Redis.from_url(
            url, socket_timeout=ASK_SECONDS, socket_connect_timeout=ASK_SECONDS, retry=Retry(NoBackoff(), 0)
        )
        with client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        return _short(error)
    return None


def ask_mongo(url: str) -> str | None:
    """Does it answer a ping?"""
    patience = int(ASK_SECONDS * 1000)
    try:
        with pymongo.MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=patience) as client:
            client.admin.command("ping")
    except (pymongo.errors.PyMongoError, ValueError) as error:
        return _short(error)
    return None


def ask_service(port: int) -> str | None:
    """What its own /readyz says."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=ASK_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        with error:
            return _short(error.read().decode(errors="replace")) or f"HTTP {error.code}"
    except OSError as error:
        return _short(getattr(error, "reason", error))


def _service_probe(port: int) -> Probe:
    return lambda: ask_service(port)


def _short(what: object) -> str:
    """The first line, at most 160 characters."""
    lines = str(what).strip().splitlines()
    return lines[0][:160] if lines else type(what).__name__
