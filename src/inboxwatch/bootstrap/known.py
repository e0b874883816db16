"""What is known of whose mail: people, watches, pictures. Reads the store only."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from inboxwatch.application.decide import Decider
from inboxwatch.application.digest import Trouble
from inboxwatch.application.draw import Yardstick
from inboxwatch.application.health import notices
from inboxwatch.application.outbox import delivery_troubles, local_secret
from inboxwatch.application.overall import draw_all
from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.application.ports import Notifier
from inboxwatch.application.records import NotScanned
from inboxwatch.application.wording import mail_of
from inboxwatch.bootstrap.accounts import Accounts
from inboxwatch.bootstrap.notifiers import notifiers_of
from inboxwatch.bootstrap.places import data_folder, health_file, tls
from inboxwatch.bootstrap.pure import load_presets, watch_of, yardstick_of
from inboxwatch.domain.bodies import Body, Watch
from inboxwatch.domain.clocks import find_clock
from inboxwatch.domain.errors import ConfigError, MailSourceError

_GIVEN_UP_SINCE = timedelta(days=7)


@dataclass
class Known(Accounts):
    """The settings, the store, and what follows from them."""

    _watches: dict[str, Watch] = field(default_factory=dict, init=False)

    @property
    def data_folder(self) -> Path:
        """Where our files are."""
        return data_folder(self.settings)

    @property
    def health_file(self) -> Path:
        """Where the health file is."""
        return health_file(self.settings)

    @cached_property
    def yardstick(self) -> Yardstick:
        """By what everything is judged."""
        return yardstick_of(self.settings)

    @cached_property
    def _bodies(self) -> Mapping[str, Body]:
        return load_presets(self.settings).bodies

    def watch(self, person: str) -> Watch:
        """Return whom a person's mail is watched for, as the settings say."""
        made = self._watches.get(person)
        if made is None:
            made = self._watches[person] = watch_of(self.settings, person, self._bodies)
        return made

    # Who

    def people(self, given: str | None) -> tuple[str, ...]:
        """Return the person named, or everyone.

        Raises:
            ConfigError: nobody of that name has an account.
        """
        known = tuple(dict.fromkeys(a.person for a in self.settings.accounts.values()))
        if given is None:
            return known or ("me",)
        if given not in known:
            raise ConfigError(
                f"nobody called '{given}' has an account here",
                remedy=f"Known: {', '.join(known) or 'nobody yet; run: inboxwatch init'}.",
            )
        return (given,)

    def person(self, given: str | None) -> str:
        """Return the person named, or the only one.

        Raises:
            ConfigError: there are several and none was named.
        """
        found = self.people(given)
        if len(found) > 1:
            raise ConfigError(
                "several people's mail is watched here",
                remedy=f"Say whose with --person: {', '.join(found)}.",
            )
        return found[0]

    def accounts(self, given: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the accounts named, or all.

        Raises:
            ConfigError: there is no such account, or none at all.
        """
        known = tuple(self.settings.accounts)
        unknown = [name for name in given if name not in known]
        if unknown or not known:
            raise ConfigError(
                f"there is no account '{unknown[0]}'" if unknown else "there is no account yet",
                remedy=f"Known: {', '.join(known)}." if known else "Run: inboxwatch init",
            )
        return given or known

    @cached_property
    def notifiers(self) -> tuple[Notifier, ...]:
        """Every way to reach the user."""
        watches = [self.watch(person) for person in self.people(None)]
        return notifiers_of(
            self.settings,
            context=self._tls,
            forbidden=lambda address: any(
                body.owns(address) for watch in watches for body in watch.bodies
            ),
            local_secret=self._local_secret,
        )

    def _local_secret(self) -> bytes:
        with self.store.transaction() as tx:
            return local_secret(tx)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        files = {a.ca_file for a in self.settings.accounts.values()}
        files |= {h.ca_file for h in self.settings.webhooks.values()}
        return tls(*files, self.settings.email.ca_file)

    # What is known

    def _troubles(self, person: str, now: datetime) -> tuple[Trouble, ...]:
        told = notices(self.accounts_health(person))
        troubles = [Trouble(what=line, remedy="Run: inboxwatch doctor") for line in told]
        with self.store.transaction(read_only=True) as tx:
            troubles += delivery_troubles(
                tx, self.notifiers, person=person, since=now - _GIVEN_UP_SINCE
            )
        return tuple(troubles)

    def picture(self, person: str, *, as_of: datetime | None = None) -> Picture:
        """Draw a person's picture.

        Args:
            as_of: an earlier moment; never later than the last complete poll.

        Raises:
            MailSourceError: no poll has been complete yet, so nothing can be said.
        """
        known = self._as_of(person)
        if known is None:
            raise MailSourceError(
                f"{mail_of(person)} has not been read completely yet",
                remedy="Run: inboxwatch poll   (and inboxwatch doctor if that fails)",
                transient=True,
            )
        notes = list(notices(self.accounts_health(person)))
        if as_of is not None and as_of > known:
            notes.append("The mail is only known up to the last complete poll, which is used.")
        with self.store.transaction(read_only=True) as tx:
            return draw_all(
                tx,
                person,
                watch=self.watch(person),
                yardstick=self.yardstick,
                as_of=min(as_of, known) if as_of is not None else known,
                scanned=self._scanned(person),
                notices=tuple(notes),
            ).picture

    def _scanned(self, person: str) -> Scanned:
        folders, left_out, messages = [], [], 0
        with self.store.transaction(read_only=True) as tx:
            for name in self.accounts_of(person):
                account = self.settings.accounts[name]
                for state in tx.folder_states(name).values():
                    why = state.problem
                    if state.excluded or state.folder in account.exclude_folders:
                        why = "excluded by you"
                    else:
                        folders.append(state.folder)
                        messages += state.messages
                    if why:
                        place = f"{name}: {state.folder}"
                        left_out.append(NotScanned(place=place, reason=why))
        return Scanned(messages=messages, folders=tuple(folders), not_scanned=tuple(left_out))

    def decider(
        self, person: str | None, *, thread: str | None = None, message: str | None = None
    ) -> Decider:
        """Return what records decisions; finds the person by the thread where none is named."""
        people = self.people(person)
        made = [
            Decider(
                store=self.store,
                person=name,
                by="cli",
                now=self.now,
                picture=self.picture(name),
            )
            for name in people
        ]
        if len(made) == 1:
            return made[0]
        for one in made:
            if thread is not None and one.picture.assembly.find(thread):
                return one
            if message is not None and one.has(message):
                return one
        return made[0]

    def check_clock(self, name: str) -> None:
        """Raise ConfigError when there is no such clock."""
        find_clock(name, self.yardstick.clocks)
