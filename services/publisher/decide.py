"""May a version of a story go out, and as what? Pure.

| the version                                                        | decision     | counted as  |
|--------------------------------------------------------------------|--------------|-------------|
| was decided about before, and is not an embargo being released     | that again   | as that     |
| a newer version was decided about                                  | superseded   | superseded  |
| `canceled`, and an earlier version is out                          | withdrawn    | published   |
| `canceled`, and none is out: there is nothing to withdraw          | withheld     | withheld    |
| `withheld`: what is out stays out, this version does not go out    | withheld     | withheld    |
| `usable`, its embargo is ahead and it is not being released        | embargoed    | withheld    |
| `usable`, and an earlier version is out (or was, and is withdrawn) | corrected    | published   |
| `usable`, and none is out                                          | published    | published   |

A newer version supersedes an embargoed one whatever its own status: its sender has spoken again, perhaps
to hold the story longer, so the old one must not slip out at its hour. A cancellation ignores embargoes.
The commit's guard has the last word on the order; this decides from what is written in the store.
"""

from collections.abc import Sequence
from datetime import datetime

from shared.schemas import Story
from shared.store import Decision, DecisionOutcome


def decide(story: Story, history: Sequence[Decision], now: datetime, *, released: bool) -> DecisionOutcome:
    """Decide about one version.

    `history` holds the decisions about its uri so far, in any order; `released` says that the entry comes
    from the release of an embargo.
    """
    before = own(story, history)
    if before and not (released and before.outcome == "embargoed"):
        return before.outcome
    if any(item.version > story.version for item in history):
        return "superseded"
    is_out = any(item.emitted and item.version < story.version for item in history)
    if story.pub_status == "canceled":
        return "withdrawn" if is_out else "withheld"
    if story.pub_status == "withheld":
        return "withheld"
    if story.embargoed_until and story.embargoed_until > now and not released:
        return "embargoed"
    return "corrected" if is_out else "published"


def own(story: Story, history: Sequence[Decision]) -> Decision | None:
    """The decision about this very version, if there is one."""
    return next((item for item in history if item.version == story.version), None)
