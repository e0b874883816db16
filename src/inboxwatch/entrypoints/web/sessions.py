"""Sessions: random tokens in a cookie, their hashes in the store, and tokens for forms."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxwatch.application.ports import Now, Store
from inboxwatch.entrypoints.web.users import User, Users

_SETTING = "page-sessions"
_AT_MOST = 200  # sessions at a time; the oldest goes
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """Return a random token of 256 bits."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a token of ours."""
    return _TOKEN.fullmatch(text) is not None


def form_token(token: str) -> str:
    """Return what the forms of one cookie carry; it does not give the cookie away."""
    made = hmac.new(token.encode(), b"form", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def is_form_token(given: str, token: str) -> bool:
    """Tell whether a form carries the token of this cookie."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), form_token(token).encode())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Who is signed in. The store knows hashes alone: a copy of it signs nobody in."""

    store: Store
    users: Users
    now: Now
    lasts: timedelta

    def start(self, user: User) -> str:
        """Sign somebody in; return the token of the new session."""
        token = new_token()
        fresh = {
            "session": _hash(token),
            "user": user.name,
            "password": user.mark,
            "started_at": self.now().isoformat(),
        }
        with self.store.transaction() as tx:
            kept = [one for one in _read(tx.setting(_SETTING)) if self._is_young(one)]
            tx.set_setting(_SETTING, json.dumps([*kept[-_AT_MOST + 1 :], fresh]))
        return token

    def user(self, token: str) -> User | None:
        """Return who is signed in with a token; None when nobody is (any more)."""
        wanted = _hash(token)
        with self.store.transaction(read_only=True) as tx:
            every = _read(tx.setting(_SETTING))
        found = None
        for one in every:
            if hmac.compare_digest(one["session"], wanted):
                found = one
        if found is None or not self._is_young(found):
            return None
        user = self.users.find(found["user"])
        return user if user is not None and user.mark == found["password"] else None

    def end(self, token: str) -> None:
        """Sign out."""
        gone = _hash(token)
        with self.store.transaction() as tx:
            kept = [one for one in _read(tx.setting(_SETTING)) if one["session"] != gone]
            tx.set_setting(_SETTING, json.dumps([one for one in kept if self._is_young(one)]))

    def _is_young(self, session: dict[str, str]) -> bool:
        age = self.now() - datetime.fromisoformat(session["started_at"])
        return timedelta() <= age < self.lasts


def _read(text: str | None) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(text) if text else []
    return found
