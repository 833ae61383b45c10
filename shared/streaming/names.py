"""The names of streams, groups and keys. All derive from one prefix.

The prefix is empty by default. In a Redis Cluster it carries a hash tag (`{wire}:`), so that every key
that one commit touches lives in one slot.
"""

from dataclasses import dataclass

INGEST = "stories.ingest"
ACCEPTED = "stories.accepted"
ENRICHED = "stories.enriched"
PUBLISHED = "stories.published"
DEAD = "stories.dead"

STREAMS = (INGEST, ACCEPTED, ENRICHED, PUBLISHED, DEAD)

KEPT = (PUBLISHED, DEAD)
"""Streams that outsiders read: only the stage that owns their retention may trim them."""


@dataclass(frozen=True, slots=True)
class Names:
    """Turns the bare names above into keys of one deployment."""

    prefix: str = ""

    def stream(self, name: str) -> str:
        """The key of a stream."""
        return f"{self.prefix}{name}"

    @property
    def counters(self) -> str:
        """A hash: `<stage>.<outcome>` → how many entries ended so. Kept by the commit script."""
        return f"{self.prefix}stories.counters"

    def guard(self, identity: str) -> str:
        """A story's last published version, or the mark that an event id was published."""
        return f"{self.prefix}stories.guard:{identity}"

    def incarnation(self, stream: str) -> str:
        """A random id, new whenever the stream had to be made anew: entry ids may then repeat."""
        return f"{self.prefix}stories.incarnation:{stream}"

    def health(self, service: str, worker: str) -> str:
        """A worker's heartbeat, as JSON, with an expiry."""
        return f"{self.prefix}stories.health:{service}:{worker}"

    @property
    def health_pattern(self) -> str:
        """Matches the heartbeats of all workers."""
        return f"{self.prefix}stories.health:*"
