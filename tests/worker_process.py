"""A worker in a process of its own, so that a test can freeze it.

`python -m tests.worker_process engine|plain URL NAME SECONDS`: handles each batch for so many seconds.
`engine` is the stage engine, `plain` is what everyone writes first: XREADGROUP, XADD, XACK.
"""

import asyncio
import sys
from collections.abc import Sequence

import redis
from redis.asyncio import Redis

from shared.streaming import Delivery, Outcome, Redelivery
from tests.stages import SOURCE, TARGET, Client, Note, pass_on, running, stage

GROUP = "ingest"
IDLE_SECONDS = 0.5


async def engine(url: str, name: str, seconds: float) -> None:
    async def handle(deliveries: Sequence[Delivery[Note]]) -> Sequence[Outcome | Exception]:
        await client.sadd("begun", name)
        await asyncio.sleep(seconds if len(deliveries) > 1 else 0)
        return await pass_on(deliveries)

    client = Redis.from_url(url)
    policy = Redelivery(min_idle=IDLE_SECONDS, max_rest=1.0, max_deliveries=10)
    async with running(url, client, stage(handle, redelivery=policy, timeout=60.0), worker=name):
        await asyncio.Event().wait()


def plain(url: str, name: str, seconds: float) -> None:
    client: Client = redis.Redis.from_url(url)
    while True:
        client.sadd("begun", name)
        _, claimed, _ = client.xautoclaim(SOURCE, GROUP, name, int(IDLE_SECONDS * 1000), count=100)
        answer = client.xreadgroup(GROUP, name, {SOURCE: ">"}, count=100, block=100)
        entries = claimed + (answer[0][1] if answer else [])
        if not entries:
            continue
        client.blpop(["never"], timeout=seconds)  # the handling
        pipeline = client.pipeline(transaction=False)
        for entry_id, fields in entries:
            pipeline.xadd(TARGET, fields)
            pipeline.xack(SOURCE, GROUP, entry_id)
        pipeline.execute()


if __name__ == "__main__":
    how, server, who, pause = sys.argv[1:]
    if how == "engine":
        asyncio.run(engine(server, who, float(pause)))
    else:
        plain(server, who, float(pause))
