"""The pages of a service for machines that look after it."""

from typing import Any

import orjson
from faststream.asgi import AsgiResponse, get

from shared.runtime.health import Health

JSON = {"content-type": "application/json"}


def health_routes(health: Health) -> list[tuple[str, Any]]:
    """`/livez`: the process answers. `/readyz`: it does its work. `/healthz`: everything, as JSON."""

    @get(description="204 while the process answers.")
    async def livez(scope: Any) -> AsgiResponse:
        return AsgiResponse(b"", status_code=204)

    @get(description="200 while the service does its work, 503 with the reason while it does not.")
    async def readyz(scope: Any) -> AsgiResponse:
        body = orjson.dumps({"status": health.status, "reason": "; ".join(health.problems()) or None})
        return AsgiResponse(body, status_code=200 if health.ready else 503, headers=JSON)

    @get(description="Dependencies, stages, lag, pending, last commit.")
    async def healthz(scope: Any) -> AsgiResponse:
        body = orjson.dumps(health.report())
        return AsgiResponse(body, status_code=200 if health.ready else 503, headers=JSON)

    return [("/livez", livez), ("/readyz", readyz), ("/healthz", healthz)]
