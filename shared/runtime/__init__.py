"""How a service lives: settings, clock, health, metrics, and the one class that runs it."""

from shared.runtime.clock import Clock, SystemClock
from shared.runtime.health import Health
from shared.runtime.logs import configure_logs, redact
from shared.runtime.resource import Resource
from shared.runtime.service import Background, Service
from shared.runtime.settings import ServiceSettings, load

__all__ = [
    "Background",
    "Clock",
    "Health",
    "Resource",
    "Service",
    "ServiceSettings",
    "SystemClock",
    "configure_logs",
    "load",
    "redact",
]
