"""The page over the sample mail, in a real store, with a clock that stands still."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
from argon2 import PasswordHasher

from inboxwatch.adapters.store import open_store
from inboxwatch.application.draw import read_mail
from inboxwatch.application.records import FolderState, PollRecord
from inboxwatch.bootstrap.known import Known
from inboxwatch.domain.keys import keys
from inboxwatch.domain.message import FolderRole
from inboxwatch.domain.threads import Entry
from inboxwatch.entrypoints.web.app import create_app
from inboxwatch.entrypoints.web.sessions import form_token
from inboxwatch.entrypoints.web.users import Token, User, Users
from inboxwatch.settings.model import AccountSettings, PageSettings, Settings
from tests.demo_mail import AS_OF, ME, demo_messages, demo_watch, demo_yardstick

NOW = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
PASSWORD = "four calm invented words"
TOKEN = "an-api-token-for-everything-0001"
HOST = "http://localhost"
# Cheap on purpose: the real cost is the library's business.
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class StillKnown(Known):
    """What is known, at a moment that does not pass."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


def settings_of(folder: Path, **changes: Any) -> Settings:
    given: dict[str, Any] = {
        "watch": ("kent.gov.uk", "medway.gov.uk"),
        "accounts": {"home": AccountSettings(address=ME, host="imap.example.org")},
        "data_folder": folder,
        "after": "10wd",
        "page": PageSettings(),
    }
    return Settings(**{**given, **changes})


def demo_entries() -> tuple[Entry, ...]:
    return read_mail(demo_messages(), demo_watch(), demo_yardstick()).entries


def known_of(
    folder: Path,
    entries: Iterable[Entry] | None = None,
    *,
    as_of: datetime = AS_OF,
    person: str = "me",
    **changes: Any,
) -> StillKnown:
    """A store that holds these messages, and what is known of it."""
    store = open_store(folder / "inboxwatch.db")
    known = StillKnown(settings=settings_of(folder, **changes), config=None, store=store)
    put(known, demo_entries() if entries is None else entries, as_of=as_of, person=person)
    return known


def put(
    known: Known,
    entries: Iterable[Entry],
    *,
    as_of: datetime = AS_OF,
    person: str = "me",
    account: str = "home",
) -> None:
    watch = known.watch(person)
    every = tuple(entries)
    with known.store.transaction() as tx:
        tx.save_entries(person, ((entry, keys(entry, watch)) for entry in every))
        tx.save_poll(
            PollRecord(
                account=account,
                person=person,
                started_at=as_of,
                ended_at=as_of,
                complete=True,
                scanned=len(every),
                found=len(every),
            )
        )
        for name, role in (("INBOX", FolderRole.INBOX), ("Sent", FolderRole.SENT)):
            tx.save_folder_state(
                FolderState(account=account, folder=name, role=role, messages=20, polled_at=as_of)
            )


def user(name: str, *, cases: Iterable[str] | None = None) -> User:
    return User(
        name=name,
        password_hash=HASHER.hash(PASSWORD),
        cases=None if cases is None else frozenset(cases),
    )


def token(text: str = TOKEN, *, name: str = "api", cases: Iterable[str] | None = None) -> Token:
    return Token(
        name=name,
        digest=hashlib.sha256(text.encode()).digest(),
        cases=None if cases is None else frozenset(cases),
    )


def users(*people: User, tokens: Iterable[Token] = ()) -> Users:
    return Users(users=people, tokens=tuple(tokens), hasher=HASHER)


class Browser:
    """What a browser does without JavaScript: keeps the cookie, sends the form token."""

    def __init__(self, known: Known, who: Users, base: str = HOST) -> None:
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(known, users=who)), base_url=base
        )

    @property
    def cookie(self) -> str:
        return next((c.value or "" for c in self.client.cookies.jar), "")

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def asking() -> httpx.Response:
            return await self.client.request(method, path, **options)

        return anyio.run(asking)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, *, with_token: bool = True, **fields: Any) -> httpx.Response:
        if with_token:
            fields["token"] = form_token(self.cookie)
        return self.request("POST", path, data=fields)

    def sign_in(self, name: str, password: str = PASSWORD, **fields: Any) -> httpx.Response:
        self.get("/sign-in")
        return self.post("/sign-in", name=name, password=password, **fields)

    def api(self, method: str, path: str, token: str = TOKEN, **options: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"}
        return self.request(method, f"/api{path}", headers=headers, **options)
