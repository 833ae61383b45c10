"""What runs inside the model process: it can be killed at any moment, and nothing outside is hurt.

Imported by the parent as well, which only names the functions: so the models are imported inside them.
"""

import faulthandler
import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from services.enrichment.faults import inject
from shared.schemas import Story

log = logging.getLogger(__name__)

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
_PR_SET_PDEATHSIG = 1
_OUT_OF_MEMORY = 70


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process is held to. `parent` is the process id that it must not outlive."""

    parent: int
    memory_mb: int
    max_chars: int
    faults: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: the tags as JSON in the order of the stories, or the error as text. An exception itself
    would have to survive the way between two processes, and not each does."""

    tags: tuple[str, ...] = ()
    error: str | None = None


_limits: list[Limits] = []


def prepare(limits: Limits) -> None:
    """Bind this process to its parent and its limits, then load the models. Called once, before any work."""
    _limits[:] = [limits]
    faulthandler.enable()
    # Out of the parent's group: Ctrl-C and a supervisor's signal are the parent's to answer, and it lets the
    # running batch end. The parent's own SIGTERM ends this process at once.
    os.setpgrp()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with(limits.parent)
    _bound_memory(limits.memory_mb)
    # One core per process: scale by more workers, they do not fight then
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"), TOKENIZERS_PARALLELISM="false")
    from services.enrichment.enrich import default_enrichers

    default_enrichers()


def ready() -> int:
    """Answered once the models are loaded: the process id."""
    return os.getpid()


def tag(stories: Sequence[str]) -> Answer:
    """Stories as JSON to their tags as JSON. Ends the process when memory runs out."""
    from services.enrichment.enrich import enrich

    limits = _limits[0]
    try:
        read = [Story.model_validate_json(story) for story in stories]
        if limits.faults:
            for story in read:
                inject(story.body_text)
        tagged = enrich(read, max_chars=limits.max_chars)
        return Answer(tags=tuple(tags.model_dump_json() for tags in tagged))
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except Exception as error:
        log.exception("the models refuse a batch of %d", len(stories))
        return Answer(error=f"{type(error).__name__}: {error}")


def _bound_memory(megabytes: int) -> None:
    limit = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _die_with(parent: int) -> None:
    """Not even a SIGKILL of the parent leaves this process behind."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
