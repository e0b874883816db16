"""The program, put together: what a command or the service needs, each made when first used."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from inboxwatch.adapters.imap.endpoint import Endpoint
from inboxwatch.adapters.imap.source import ImapSource
from inboxwatch.adapters.store import open_store
from inboxwatch.application.filing import file_alert
from inboxwatch.application.gate import Gate
from inboxwatch.application.originals import keep_originals
from inboxwatch.application.outbox import local_secret
from inboxwatch.application.overall import draw_all, keep_all
from inboxwatch.application.pausing import is_paused
from inboxwatch.application.poll import Polled, poll
from inboxwatch.application.ports import Progress
from inboxwatch.application.purge import may_delete_by_clock, purge_age
from inboxwatch.application.reading import Surroundings, first_opinion
from inboxwatch.application.remind import RemindResult, remind
from inboxwatch.application.review import Answering, Reviewed, review
from inboxwatch.application.starting import Start, start_of
from inboxwatch.bootstrap import keeping
from inboxwatch.bootstrap.notifiers import ping_of
from inboxwatch.bootstrap.places import store_place
from inboxwatch.bootstrap.signing import sign_in
from inboxwatch.bootstrap.sources import endpoint_of, source_of
from inboxwatch.bootstrap.telling import Telling
from inboxwatch.domain.errors import StoreError
from inboxwatch.domain.keys import keys
from inboxwatch.domain.london import LONDON, local_day
from inboxwatch.domain.message import Message
from inboxwatch.domain.threads import Entry
from inboxwatch.settings.load import load

if TYPE_CHECKING:
    from inboxwatch.bootstrap.signing import Told


def open_app(config: Path | None, *, migrate: bool = False) -> App:
    """Open the program on a configuration.

    Args:
        migrate: bring an older store up to date first, after copying it; make a new one.

    Raises:
        ConfigError, StoreError: something is not usable; says what and the remedy.
    """
    settings, path = load(config)
    if migrate and not keeping.is_current(settings):
        keeping.migrate_store(settings)
    return App(settings=settings, config=path, store=open_store(store_place(settings)))


@dataclass
class App(Telling):
    """Everything for one configuration. Close it when done."""

    _sources: dict[str, ImapSource] = field(default_factory=dict)
    _sources_lock: threading.Lock = field(default_factory=threading.Lock)
    _refused_originals: set[str] = field(default_factory=set)
    _starts: dict[str, Start] = field(default_factory=dict)  # of the last polls, by account

    def close(self) -> None:
        """Log out everywhere and close the store."""
        for source in self._sources.values():
            source.close()
        self._sources.clear()
        with suppress(StoreError):  # polls without news that nobody will know of
            self.record.flush()
        self.store.close()

    # Stages

    def source(self, account: str) -> ImapSource:
        """Return an account's mail source; its connection is kept open between polls."""
        with self._sources_lock:
            if account not in self._sources:
                self._sources[account] = source_of(
                    self.settings, account, context=self._tls, now=self.now
                )
            return self._sources[account]

    def sign_in(
        self, account: str, *, show: Callable[[Told], None], ask: Callable[[], str] | None = None
    ) -> str:
        """Sign in at an account's provider; return who did, where the provider tells."""
        return sign_in(self.settings, account, context=self._tls, show=show, ask=ask)

    def poll_every(self, account: str) -> timedelta:
        """Return the time between two polls of an account."""
        own = self.settings.accounts[account].poll_every_minutes
        return timedelta(minutes=own or self.settings.service.poll_every_minutes)

    def poll(self, account: str, *, progress: Progress | None = None) -> Polled:
        """Read an account's news into the store."""
        chosen = self.settings.accounts[account]
        start = start_of(
            self.store,
            account,
            chosen.person,
            self.watch(chosen.person),
            before=self._starts.get(account),
        )
        self._starts[account] = start
        watch = start.watch
        around = Surroundings(
            watch=watch,
            wording=self.yardstick.wording,
            calendar=self.yardstick.calendars[self.yardstick.calendar],
        )

        def judge(message: Message) -> Entry:
            return first_opinion(message, around)

        since = chosen.scan_from
        return poll(
            self.store,
            self.source(account),
            account=account,
            person=chosen.person,
            start=start,
            judge=judge,
            judged_by=self.yardstick.judged_by,
            keys=lambda entry: keys(entry, watch),
            now=self.now,
            since=datetime.combine(since, time(), LONDON).astimezone(UTC) if since else None,
            excluded=frozenset(chosen.exclude_folders),
            progress=progress,
            record=self.record,
        )

    def place(self, person: str) -> None:
        """Store where each message stands, so that originals of threads can be kept."""
        as_of = self._as_of(person)
        if as_of is None:
            return
        with self.store.transaction() as tx:
            own = self.watch(person)
            drawn = draw_all(tx, person, watch=own, yardstick=self.yardstick, as_of=as_of)
            keep_all(tx, person, drawn, self.yardstick)

    def keep_originals(self, account: str) -> int:
        """Keep the originals of an account's messages in threads, unless the settings say no."""
        if not self.settings.store.keep_originals:
            return 0
        return keep_originals(
            self.store,
            self.source(account),
            person=self.settings.accounts[account].person,
            account=account,
            refused=self._refused_originals,
        )

    def review(self, person: str, *, everything: bool = True) -> Reviewed:
        """Judge a person's mail, or only what changed of it, and file what they are to be told."""
        self.record.flush()  # so that it is judged by all that is known
        as_of = self._as_of(person)
        now = self.now()
        troubles = self._troubles(person, now)
        if as_of is None:  # nothing is known of the mail, but that itself may need telling
            with self.store.transaction() as tx:
                file_alert(
                    tx,
                    self.notifiers,
                    person=person,
                    troubles=troubles,
                    as_of=None,
                    at=now,
                    on=local_day(now),
                )
            return Reviewed()
        answering = self._answering()
        return review(
            self.store,
            self.notifiers,
            person,
            watch=self.watch(person),
            yardstick=self.yardstick,
            as_of=as_of,
            now=now,
            manner=self._manner(person, now, answers_by_reply=answering is not None),
            troubles=troubles,
            answering=answering,
            everything=everything,
        )

    def review_if_changed(self, person: str) -> Reviewed | None:
        """Review what changed of a person; None when nothing can have since the last time."""
        sign = self.due_sign(person)
        if sign is None:
            return None
        done = self.review(person, everything=False)
        self.remember_sign(person, sign)
        return done

    def review_after_poll(self, person: str, polled: Polled | None = None) -> Reviewed | None:
        """Review what changed of a person; as good as free where nothing was written meanwhile.

        That is: since it was found last that nothing is to be reviewed, on the same day. What time
        alone brings (an account that stalls), and what others wrote during the poll, `people_due`
        finds.

        Args:
            polled: what the poll did, so that the store need not be asked after one without news.
        """
        version = (polled.version if polled else "") or self.store.version()
        return None if self.is_as_it_was(person, version) else self.review_if_changed(person)

    def _answering(self) -> Answering | None:
        if not self.settings.reminders.answer_by_reply:
            return None
        trusted = (name.lower() for name in self.settings.reminders.trusted_servers)
        return Answering(secret=self._local_secret(), trusted=frozenset(trusted))

    def remind(self) -> RemindResult:
        """Send what waits in the outbox."""
        with self.store.transaction() as tx:
            secret = local_secret(tx)
            paused = is_paused(tx, local_day(self.now()))
        return remind(
            self.store,
            self.notifiers,
            now=self.now,
            secret=secret,
            paused=Gate(
                store=self.store,
                slots=self.slots,
                now=self.now,
                paused=paused,
                at_once=frozenset(self.settings.webhooks),
            ),
            jitter=random.random,
        )

    def endpoint(self, account: str) -> Endpoint:
        """Return where an account's mail is and who asks for it.

        Raises:
            ConfigError: the server is not known.
        """
        return endpoint_of(self.settings, account, context=self._tls)

    def ping(self) -> None:
        """Tell the dead-man switch of the settings that a cycle went well.

        Raises:
            NotifierError: it was not heard.
        """
        ping = ping_of(self.settings, context=self._tls)
        if ping is not None:
            ping.good()

    def retain(self) -> int:
        """Delete finished threads past the retention time; none without a setting."""
        months = self.settings.store.retention_months
        if months is None:
            return 0
        with self.store.transaction() as tx:
            if not may_delete_by_clock(tx, self.now()):
                return 0
        gone = 0
        for person in self.people(None):
            if self._as_of(person) is None:
                continue
            plan = purge_age(
                self.picture(person), before=self.now() - timedelta(days=round(months * 30.44))
            )
            if plan.message_ids:
                with self.store.transaction() as tx:
                    gone += tx.purge(person, plan.message_ids)
        return gone
