"""Draw a picture again after decisions: only what they are about, where that is enough. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from inboxwatch.application.draw import Yardstick, judged
from inboxwatch.application.picture import Picture, in_order
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.overrides import Decisions, Override, Verb
from inboxwatch.domain.threads import Assembly

# These change how one thread is judged, and not what belongs to it.
_OF_ONE_THREAD = frozenset({Verb.MARK, Verb.LOG, Verb.SNOOZE, Verb.CASE, Verb.CLOCK, Verb.EVENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrawn:
    """A picture drawn again. Not `exact`: a closed wait may free mail for another thread."""

    picture: Picture
    exact: bool


def redrawn(
    picture: Picture,
    *,
    before: Iterable[Override],
    now: Iterable[Override],
    yardstick: Yardstick,
    watch: Watch,
) -> Redrawn | None:
    """Judge anew the threads that decisions were made about; None when all must be drawn.

    Args:
        before: every decision that the picture was drawn with.
        now: every decision there is.
    """
    decisions = Decisions.of(now)
    changed = set(Decisions.of(before).overrides) ^ set(decisions.overrides)
    if any(override.verb not in _OF_ONE_THREAD for override in changed):
        return None
    targets = {override.target for override in changed}
    threads = tuple(
        verdict.thread
        for verdict in picture.verdicts
        if any(placed.entry.message_id in targets for placed in verdict.thread.placed)
    )
    fresh = {
        verdict.thread.id: verdict
        for verdict in judged(
            Assembly(threads=threads), yardstick, watch, decisions, as_of=picture.as_of
        )
    }
    verdicts = tuple(fresh.get(v.thread.id, v) if fresh else v for v in picture.verdicts)
    return Redrawn(
        picture=replace(picture, verdicts=in_order(verdicts)),
        exact=all(override.verb is not Verb.MARK for override in changed),
    )
