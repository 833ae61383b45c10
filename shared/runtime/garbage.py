"""Keeps Python's cyclic garbage collector out of the way of the stories."""

import gc


def spare_the_garbage_collector() -> None:
    """What is loaded at the start stays: look at it no more, and look less often at what comes and goes.

    Messages hold no cycles, they are freed as they go. Measured: the collector took 7 % of the engine's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
