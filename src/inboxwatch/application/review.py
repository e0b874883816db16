"""Review a person's mail: judge it, keep what was found, and file what they are to be told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from inboxwatch.application.basis import (
    Basis,
    basis_name,
    mark,
    read_basis,
    said_by,
    watch_mark,
    write_basis,
)
from inboxwatch.application.catchup import CatchUp
from inboxwatch.application.digest import ANSWERED, REMINDER_DOMAIN, Trouble
from inboxwatch.application.draw import Yardstick
from inboxwatch.application.filing import Filed
from inboxwatch.application.notes import notes_name
from inboxwatch.application.overall import Drawn, draw_all, keep_all, later_than
from inboxwatch.application.pausing import PAUSED_CASES, paused_cases
from inboxwatch.application.ports import Notifier, Store, Transaction
from inboxwatch.application.respond import respond
from inboxwatch.application.rethreading import ReachesFarther
from inboxwatch.application.telling import Findings, Manner, mark_of, tell
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.london import local_day
from inboxwatch.domain.reminders import Reminder
from inboxwatch.domain.threads import Direction, Entry

Between = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What a review found and filed. `threads` counts those that were judged, perhaps not all."""

    threads: int = 0
    filed: tuple[Reminder, ...] = ()
    answered: int = 0  # the user's answers to reminders that were acted on


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """How answers to reminders are proved to be the user's: see `respond`."""

    secret: bytes
    trusted: Collection[str] = ()


def review(
    store: Store,
    notifiers: Iterable[Notifier],
    person: str,
    *,
    watch: Watch,
    yardstick: Yardstick,
    as_of: datetime,
    now: datetime,
    manner: Manner,
    troubles: tuple[Trouble, ...] = (),
    answering: Answering | None = None,
    everything: bool = False,
    between: Between = lambda _step: None,
) -> Reviewed:
    """Judge what changed, or everything, and file what is due with what is to be sent for it.

    What changed is judged where all that stored judgements rest on is as it was: settings, rules,
    wording, program, the day. The result is that of judging everything. Doing it twice files
    nothing new.

    Args:
        as_of: the end of the last complete poll; `now` only decides when a digest may go out.
        answering: None leaves answers to reminders unread.
        everything: judge everything whatever changed.
        between: called with the name of each step that is over, committed: judged, answered,
            kept, filed.
    """
    work = _Review(
        store=store,
        targets=tuple(notifiers),
        person=person,
        watch=watch,
        yardstick=yardstick,
        as_of=as_of,
        now=now,
        manner=manner,
        troubles=troubles,
        answering=answering,
        between=between,
    )
    if not everything:
        try:
            done = work.of_changes()
        except ReachesFarther:
            done = None
        if done is not None:
            return done
    done = work.of_everything()
    while done is None:  # another review came between
        done = work.of_everything()
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class _Review:
    """One review; see `review`."""

    store: Store
    targets: tuple[Notifier, ...]
    person: str
    watch: Watch
    yardstick: Yardstick
    as_of: datetime
    now: datetime
    manner: Manner
    troubles: tuple[Trouble, ...]
    answering: Answering | None
    between: Between

    def of_changes(self) -> Reviewed | None:
        """Judge what changed and file, in one transaction; None when that is not enough.

        Raises:
            ReachesFarther: a change reaches further than can be told; nothing was stored.
        """
        with self.store.transaction(durable=False) as tx:  # each delivery's claim is durable
            names = (basis_name(self.person), PAUSED_CASES, notes_name(self.person))
            tx.settings(names)  # all at once what is asked for below
            basis = read_basis(tx, self.person)
            if not self._stands(tx, basis):
                return None
            changes = tx.changes(self.person)
            work = CatchUp(
                tx=tx,
                person=self.person,
                watch=self.watch,
                yardstick=self.yardstick,
                as_of=self.as_of,
                basis=basis,
            )
            if self._may_be_answered(work.shelf.get(changes.message_ids).values()):
                return None
            caught = work.catch_up(changes)
            filed = self._tell(
                tx,
                Findings(
                    as_of=self.as_of,
                    verdicts=caught.verdicts,
                    review=basis.in_review + caught.more_in_review,
                    unreadable=len(tx.unreadables(self.person)),
                    about=work.about,
                    reached=caught.reached,
                    checked=basis.checked,
                ),
                basis=replace(
                    basis,
                    lessons=caught.lessons,
                    in_review=basis.in_review + caught.more_in_review,
                ),
                last=changes.last,
                later=caught.later,
            )
        for step in ("judged", "answered", "kept", "filed"):
            self.between(step)
        return Reviewed(threads=len(caught.verdicts), filed=filed.reminders)

    def of_everything(self) -> Reviewed | None:
        """Judge everything, keep it, and file; None when another review came between."""
        with self.store.transaction(read_only=True) as tx:
            last = tx.changes(self.person).last
            drawn = self._draw(tx)
        self.between("judged")
        answered = self._respond(drawn)
        if answered:
            with self.store.transaction(read_only=True) as tx:
                last = tx.changes(self.person).last
                drawn = self._draw(tx)
        self.between("answered")
        with self.store.transaction(durable=False) as tx:
            basis = keep_all(tx, self.person, drawn, self.yardstick)
        if basis is None:
            return None
        self.between("kept")
        picture = drawn.picture
        with self.store.transaction(durable=False) as tx:
            if read_basis(tx, self.person).round != basis.round:
                return None
            filed = self._tell(
                tx,
                Findings.of(picture),
                basis=replace(basis, stands_on=self._ground(tx)),
                last=last,
                later=later_than(drawn.read.entries, picture.assembly.threads, self.as_of),
            )
        self.between("filed")
        return Reviewed(threads=len(picture.verdicts), filed=filed.reminders, answered=answered)

    def _tell(
        self,
        tx: Transaction,
        findings: Findings,
        *,
        basis: Basis,
        last: int,
        later: Iterable[str],
    ) -> Filed:
        """File what is to be told, and remember on what all that is stored rests."""
        filed = tell(
            tx,
            self.targets,
            self.person,
            findings,
            now=self.now,
            manner=self.manner,
            troubles=self.troubles,
        )
        tx.forget_changes(self.person, last)
        # One reminder a wait and review: a day of the user's own leaves room for another.
        told = {r.key.unanswered for r in filed.reminders if r.own_last_on is not None}
        tx.mark_changed(self.person, sorted({*later, *told}))
        checked = frozenset(mark_of(delivery) for delivery in filed.waiting)
        write_basis(
            tx,
            self.person,
            replace(basis, as_of=self.as_of, round=basis.round + 1, checked=checked),
        )
        return filed

    def _stands(self, tx: Transaction, basis: Basis) -> bool:
        """Tell whether all that is stored was judged on what is given now."""
        return (
            basis.judged_by == self.yardstick.judged_by
            and basis.as_of is not None
            and basis.as_of <= self.as_of
            and basis.stands_on == self._ground(tx)
        )

    def _ground(self, tx: Transaction) -> str:
        """Return a short text that changes with what verdicts and reminders depend on besides mail
        and decisions.
        """
        today = local_day(self.now)
        return mark(
            self.yardstick.measured_by,
            watch_mark(self.watch),
            local_day(self.as_of).isoformat(),
            today.isoformat(),
            said_by(paused_cases(tx, today)),
            said_by(self.manner.policy),
            self.manner.calendar.name,
            *(f"{target.name}|{target.accepts(ANSWERED)}" for target in self.targets),
            said_by(sorted(self.answering.trusted) if self.answering else "unread"),
        )

    def _draw(self, tx: Transaction) -> Drawn:
        return draw_all(
            tx,
            self.person,
            watch=self.watch,
            yardstick=self.yardstick,
            as_of=self.as_of,
        )

    def _respond(self, drawn: Drawn) -> int:
        """Act on the user's answers to reminders; return how many there were."""
        if self.answering is None or not self._may_be_answered(drawn.read.entries):
            return 0
        with self.store.transaction() as tx:
            return respond(
                tx,
                self.person,
                entries=drawn.read.entries,
                assembly=drawn.picture.assembly,
                secret=self.answering.secret,
                trusted=self.answering.trusted,
                now=self.now,
            )

    def _may_be_answered(self, entries: Iterable[Entry]) -> bool:
        """Tell whether any mail may answer a reminder, before more is done to find out."""
        return self.answering is not None and any(
            named.endswith("@" + REMINDER_DOMAIN)
            for entry in entries
            if entry.direction is Direction.SENT
            for named in (*entry.message.in_reply_to, *entry.message.references)
        )
