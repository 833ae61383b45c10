"""A TCP proxy that loses what a test tells it to lose."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LossyProxy:
    """Passes bytes on to a server. A reply with the bytes `lose` in it is lost once, with its connection."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.lose = b""
        self.lost = asyncio.Event()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    async def accept(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        server, onward = await asyncio.open_connection("127.0.0.1", self._server_port)
        writers = (back, onward)
        for source, target, watched in ((client, onward, False), (server, back, True)):
            task = asyncio.create_task(self._pump(source, target, watched, writers))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Cut every connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pump(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        watched: bool,
        writers: tuple[asyncio.StreamWriter, ...],
    ) -> None:
        try:
            while data := await source.read(65_536):
                if watched and self.lose and self.lose in data:
                    self.lose = b""
                    self.lost.set()
                    return
                target.write(data)
                await target.drain()
        except OSError:
            return
        finally:
            for writer in writers:
                writer.close()


@asynccontextmanager
async def lossy_proxy(port: int) -> AsyncIterator[LossyProxy]:
    """A proxy before the server on this port of 127.0.0.1."""
    proxy = LossyProxy(port)
    listener = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.port = listener.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        listener.close()
        await proxy.close()
