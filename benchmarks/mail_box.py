"""Fills an account of a real Dovecot with a big mailbox of invented mail, the same every time.

One message in a hundred is the council's or to it; a few more only look so: domains that end alike,
the council's name before another domain, its address as a display name.
"""

from __future__ import annotations

import base64
import os
import random
import re
import shutil
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from tests.servers.dovecot import DovecotServer, User

ME = "parent@example.org"
COUNCIL = "kent.gov.uk"
DECOYS = 30
START = datetime(2024, 1, 1, 8, tzinfo=UTC)
_SIZES = (1_500, 2_500, 4_000, 6_000, 9_000, 14_000, 45_000)
_WORDS = (
    "school", "plan", "review", "meeting", "letter", "term", "week", "request", "annual", "list",
    "support", "need", "child", "answer", "train", "order", "parcel", "offer", "news", "club",
    "garden", "holiday", "photo", "ticket", "recipe", "invoice", "account", "evening", "weather",
)  # fmt: skip
_LOOKALIKES = (
    "Offers <deals@not{council}>",
    "Council <send@{council}.phish.example>",
    '"send@{council}" <win@prize.example>',
)
_PER_COMMAND = 500  # MULTIAPPEND: one command, one transaction of the server


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many messages each folder holds."""

    inbox: int = 100_000
    sent: int = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message, when it came, and whether it is the council's or to it."""

    id: str
    raw: bytes
    at: datetime
    wanted: bool


class Writer:
    """Invents messages. `wanted` of what it gives is the truth that every reader is checked by."""

    def __init__(self, seed: int = 7) -> None:
        self._dice = random.Random(seed)
        self._texts = [_text(self._dice, size) for size in _SIZES]
        self._files = [
            base64.encodebytes(self._dice.randbytes(size)).replace(b"\n", b"\r\n")
            for size in (9_000, 25_000)
        ]

    def inbox(self, count: int) -> Iterator[Mail]:
        """Yield an INBOX: every hundredth message is the council's, a few look like it."""
        lookalike_every = max(count // DECOYS, 1)
        for number in range(count):
            at = START + timedelta(minutes=10 * number)
            if number % 100 == 50:
                yield self.from_council(number, at)
            elif number % lookalike_every == 7:
                sender = _LOOKALIKES[number % 3].format(council=COUNCIL)
                yield self._other(f"d{number}", at, sender, f"A Parent <{ME}>", number)
            else:
                sender = f"Shop {number % 500} <news{number % 500}@shop{number % 300}.example>"
                yield self._other(f"i{number}", at, sender, f"A Parent <{ME}>", number)

    def sent(self, count: int) -> Iterator[Mail]:
        """Yield a Sent: every hundredth message is to the council."""
        for number in range(count):
            at = START + timedelta(minutes=50 * number)
            if number % 100 == 50:
                yield self._asks(number, at)
            else:
                to = f"Friend {number % 90} <friend{number % 90}@mail{number % 40}.example>"
                yield self._other(f"s{number}", at, f"A Parent <{ME}>", to, number)

    def news(self, count: int, start: int, at: datetime) -> Iterator[Mail]:
        """Yield new mail, one of it the council's."""
        for number in range(start, start + count):
            if number == start + count // 2:
                yield self.from_council(number, at)
            else:
                sender = f"Shop {number % 500} <news{number % 500}@shop{number % 300}.example>"
                yield self._other(f"i{number}", at, sender, f"A Parent <{ME}>", number)

    def from_council(self, number: int, at: datetime) -> Mail:
        """Return an answer, a receipt, or a message of the council's own."""
        kind = number // 100 % 5
        place = f"eastern.{COUNCIL}" if number // 100 % 10 == 9 else COUNCIL
        sender = f"SEND Team {number // 100 % 7} <send{number // 100 % 7}@{place}>"
        asked = 50 + 100 * (number // 500)  # the question that this one is about
        about = f"In-Reply-To: <s{asked}@example.org>\r\nReferences: <s{asked}@example.org>\r\n"
        extra, subject = "", f"Notice {number // 100}"
        words = "Please find below the notes of our meeting. Please tell us what you think.\r\n"
        if kind == 1:
            extra, subject = about + "Auto-Submitted: auto-replied\r\n", f"Re: Plan {asked // 100}"
            words = "Thank you for your email. This mailbox is read on working days.\r\n"
        elif kind == 2:
            extra, subject = about, f"Re: Plan {asked // 100}"
            words = "Dear parent,\r\n\r\nThe plan will come on Friday. Kind regards,\r\nAnna\r\n"
        elif kind == 3:
            extra = "List-Unsubscribe: <https://lists.example/u>\r\nPrecedence: bulk\r\n"
        body = self._text(number, words)
        return Mail(
            id=f"c{number}@example.org",
            raw=_head(f"c{number}", at, sender, f"A Parent <{ME}>", subject, extra) + body,
            at=at,
            wanted=True,
        )

    def _asks(self, number: int, at: datetime) -> Mail:
        box = number // 100 % 7
        head = _head(
            f"s{number}",
            at,
            f"A Parent <{ME}>",
            f"SEND Team {box} <send{box}@{COUNCIL}>",
            f"Plan {number // 100}",
            "",
        )
        words = "Dear team,\r\n\r\nPlease tell me when the plan will be issued.\r\n"
        return Mail(
            id=f"s{number}@example.org", raw=head + self._text(number, words), at=at, wanted=True
        )

    def _text(self, number: int, words: str) -> bytes:
        return (
            b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            + words.encode("ascii")
            + b"\r\n"
            + self._texts[number // 100 % 2]
        )

    def _other(self, id: str, at: datetime, sender: str, to: str, number: int) -> Mail:
        extra = f"List-Id: <list{number % 40}.example>\r\n"
        if number % 3 == 0:
            extra += f"References: <{number - 1}@mx.example> <{number - 2}@mx.example>\r\n"
        head = _head(id, at, sender, to, f"News {number}", extra)
        text = self._dice.choice(self._texts)
        if number % 7:
            body = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text
        else:
            mark = b"==%d==" % number
            body = b"".join(
                [
                    b'Content-Type: multipart/mixed; boundary="', mark, b'"\r\n\r\n--', mark,
                    b"\r\nContent-Type: text/plain\r\n\r\n", text, b"\r\n--", mark,
                    b"\r\nContent-Type: application/pdf; name=a.pdf\r\n"
                    b"Content-Transfer-Encoding: base64\r\n\r\n",
                    self._dice.choice(self._files), b"\r\n--", mark, b"--\r\n",
                ]
            )  # fmt: skip
        return Mail(id=f"{id}@example.org", raw=head + body, at=at, wanted=False)


def fill(server: DovecotServer, user: User, sizes: Sizes, *, kept: Path | None) -> frozenset[str]:
    """Give the account its mail and return the ids of what is the council's or to it.

    Args:
        kept: a folder in which the filled account is kept for the next run.
    """
    store = kept / f"{sizes.inbox}-{sizes.sent}" if kept is not None else None
    is_there = store is not None and (store / "whole").exists()
    if store is not None and is_there:
        shutil.rmtree(server.home(user))
        shutil.copytree(store / "home", server.home(user))
        _own(server, server.home(user))
    else:
        server.create_folder(user, "Sent")
    writer = Writer()
    wanted = set()
    for folder, mails in (("Sent", writer.sent(sizes.sent)), ("INBOX", writer.inbox(sizes.inbox))):
        if is_there:
            wanted |= {mail.id for mail in mails if mail.wanted}
        else:
            wanted |= append(server, user, folder, mails)
    if store is not None and not is_there:
        shutil.copytree(server.home(user), store / "home")
        (store / "whole").touch()
    return frozenset(wanted)


def append(server: DovecotServer, user: User, folder: str, mails: Iterable[Mail]) -> set[str]:
    """Put mail into a folder, many messages in one command; return the ids that are wanted."""
    wanted = set()
    with socket.create_connection(("127.0.0.1", server.port), timeout=120) as connection:
        said = connection.makefile("rb")
        said.readline()
        _told(connection, said, b'a LOGIN "%s" "%s"\r\n' % (user.name.encode(), b"secret"))
        waiting: list[bytes] = []
        for mail in mails:
            if mail.wanted:
                wanted.add(mail.id)
            waiting.append(
                b' "%s" {%d+}\r\n%s'
                % (mail.at.strftime("%d-%b-%Y %H:%M:%S +0000").encode(), len(mail.raw), mail.raw)
            )
            if len(waiting) == _PER_COMMAND:
                _told(connection, said, b'a APPEND "%s"' % folder.encode(), *waiting, b"\r\n")
                waiting = []
        if waiting:
            _told(connection, said, b'a APPEND "%s"' % folder.encode(), *waiting, b"\r\n")
    return wanted


def _told(connection: socket.socket, said: object, *pieces: bytes) -> None:
    connection.sendall(b"".join(pieces))
    for line in said:  # type: ignore[attr-defined]
        if line.startswith(b"a "):
            if not line.startswith(b"a OK"):
                raise SystemExit(f"Dovecot said {line!r}")
            return
    raise SystemExit("Dovecot hung up")


def _own(server: DovecotServer, folder: Path) -> None:
    if os.geteuid() != 0:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, server.mail_owner.uid, server.mail_owner.gid)


def _text(dice: random.Random, size: int) -> bytes:
    lines: list[str] = []
    while sum(map(len, lines)) < size:
        lines.append(" ".join(dice.choices(_WORDS, k=11)) + "\r\n")
    return "".join(lines).encode("ascii")


def _head(id: str, at: datetime, sender: str, to: str, subject: str, extra: str) -> bytes:
    stamp = format_datetime(at)
    number = re.sub(r"\D", "", id)
    hops = "".join(
        f"Received: from mx{hop}.example (mx{hop}.example [192.0.2.{hop}])\r\n\tby mx.example.org "
        f"with ESMTPS id {number}{hop}\r\n\tfor <{ME}>; {stamp}\r\n"
        for hop in range(1, 4)
    )
    signature = "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=a; b=" + "\r\n\t".join(
        ["x" * 70] * 6
    )
    return (
        f"Return-Path: <{number}@mx.example>\r\n{hops}{signature}\r\nFrom: {sender}\r\nTo: {to}\r\n"
        f"Subject: {subject}\r\nDate: {stamp}\r\nMessage-ID: <{id}@example.org>\r\n{extra}"
    ).encode("ascii")
