"""When a pending entry may be delivered again. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Redelivery:
    """The policy: how long an entry rests between deliveries, and how many it gets.

    With the defaults the rests are 10, 20, 40, 80 and 160 s: an entry reaches its sixth delivery after more
    than five minutes. A worker that is killed every few seconds still lets a good story through, because a
    redelivered entry runs alone and for a moment only.
    """

    min_idle: float = 10.0
    """Seconds without a sign of life before anyone may claim. A busy worker renews its lease long before."""
    max_rest: float = 300.0
    max_deliveries: int = 6

    def rest(self, deliveries: int) -> float:
        """Seconds that an entry rests after its delivery number `deliveries` (first = 1)."""
        doubled = self.min_idle * 2 ** min(max(deliveries - 1, 0), 32)
        # never below the idle time, however short `max_rest` is: or the work of a busy worker is claimed
        return float(max(min(doubled, self.max_rest), self.min_idle))

    def due(self, deliveries: int, idle: float) -> bool:
        """Whether an entry that has been idle for so many seconds may be delivered again."""
        return idle >= self.rest(deliveries)

    def exhausted(self, deliveries: int) -> bool:
        """Whether an entry has had all its deliveries."""
        return deliveries >= self.max_deliveries

    @property
    def renewal(self) -> float:
        """Seconds between two renewals of a lease: three chances before anyone may claim."""
        return self.min_idle / 3
