"""The smallest service there is, to be run in a process of its own: `python -m tests.tiny_service`.

It reads notes and passes them on. Files, named by settings, tell it to misbehave.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from shared.runtime import Service, ServiceSettings
from shared.streaming import Delivery, Outcome, Stage
from tests.stages import SOURCE, Note, pass_on


class TinySettings(ServiceSettings):
    """How it shall misbehave."""

    tiny_pause: float = 0.0
    """Seconds that the handling of a batch takes."""
    tiny_broken: Path = Path()
    """While this file is there, the resource does not work, for the reason that stands in it."""
    tiny_deadly: Path = Path()
    """When this file appears, the background task dies."""


class Shelf:
    """A resource that works unless a file says otherwise."""

    name = "Shelf"

    def __init__(self, broken: Path) -> None:
        self._broken = broken

    async def start(self) -> None:
        await self.check()

    async def check(self) -> None:
        if self._broken.is_file():
            raise OSError(self._broken.read_text())

    async def close(self) -> None:
        pass


def build(settings: TinySettings) -> Service:
    """The service, connected to nothing yet."""

    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        await asyncio.sleep(settings.tiny_pause)
        return await pass_on(deliveries)

    async def live_dangerously(service: Service) -> None:
        while not settings.tiny_deadly.is_file():  # noqa: ASYNC110 - another process makes the file
            await asyncio.sleep(0.05)
        raise ValueError(settings.tiny_deadly.read_text())

    stage = Stage("ingest", SOURCE, Note, handle, batch=settings.batch_size, redelivery=settings.redelivery)
    return Service("tiny", settings, [stage], [Shelf(settings.tiny_broken)], [live_dangerously])


if __name__ == "__main__":
    build(TinySettings()).run()
