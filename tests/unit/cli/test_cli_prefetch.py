"""Reading ahead."""

import threading
from collections.abc import Iterator

import pytest

from services.cli.payload import Payload, Refused
from services.cli.prefetch import MAX_AHEAD, MAX_BATCH_BYTES, Item, Prefetch


def payloads(count: int, size: int = 10) -> list[Item]:
    return [Payload(str(number), b"x" * size, size) for number in range(count)]


async def collect(prefetch: Prefetch) -> list[list[Item]]:
    return [batch async for batch in prefetch.batches()]


async def test_everything_comes_in_order_in_batches_no_larger_than_asked() -> None:
    items: list[Item] = [*payloads(250), Refused("r", "why", 1)]
    batches = await collect(Prefetch(iter(items), size=30))
    assert [item for batch in batches for item in batch] == items
    assert max(map(len, batches)) <= 30
    assert all(batches)


async def test_a_batch_ends_when_it_is_large() -> None:
    large = payloads(9, size=MAX_BATCH_BYTES // 2)
    assert max(map(len, await collect(Prefetch(iter(large), size=100)))) == 2


async def test_nothing_is_no_batch() -> None:
    assert await collect(Prefetch(iter([]), size=10)) == []


async def test_what_a_slow_source_has_given_is_handed_on_before_it_gives_more() -> None:
    more = threading.Event()

    def slow() -> Iterator[Item]:
        yield from payloads(2)
        assert more.wait(10)
        yield from payloads(1)

    batches = Prefetch(slow(), size=100).batches()
    first = await anext(batches)
    while len(first) < 2:
        first += await anext(batches)
    more.set()
    assert len(first) == 2
    assert [len(batch) async for batch in batches] == [1]


async def test_an_error_of_the_source_is_raised_to_the_reader() -> None:
    def broken() -> Iterator[Item]:
        yield from payloads(1)
        raise RuntimeError("disk on fire")

    with pytest.raises(RuntimeError, match="disk on fire"):
        await collect(Prefetch(broken(), size=1))


async def test_only_so_much_is_read_ahead() -> None:
    given = 0
    stopped = threading.Event()

    def endless() -> Iterator[Item]:
        nonlocal given
        try:
            while True:
                given += 1
                yield Payload("x", b"x", 1)
        finally:
            stopped.set()

    source = endless()
    batches = Prefetch(source, size=10).batches()
    assert len(await anext(batches)) <= 10
    await batches.aclose()
    assert given <= MAX_AHEAD + 10 + 2
