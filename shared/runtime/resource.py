"""A dependency of a service that is opened, looked after and closed."""

from typing import Protocol


class Resource(Protocol):
    """Something outside that a service needs: a database, a pool of model processes."""

    @property
    def name(self) -> str:
        """What health calls it."""
        ...

    async def start(self) -> None:
        """Open it. Raises when it cannot be had; it is tried again until the service's patience ends."""
        ...

    async def check(self) -> None:
        """Raises when it does not work."""
        ...

    async def close(self) -> None:
        """Close it."""
        ...
