"""A Dovecot instance of the test run's own: its own config, users and loopback ports."""

import grp
import imaplib
import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import imapclient
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.servers import dovecot_config, programs
from tests.servers.certificates import Certificates, make_certificates

PACKAGE = "dovecot-imapd"
HOST = "localhost"  # the certificate's name; listens on 127.0.0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody whose mail the server keeps."""

    name: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DovecotServer:
    """A running server. A test that wants an empty account asks for a `new_user`."""

    folder: Path
    process: subprocess.Popen[bytes]
    port: int  # plain, with STARTTLS
    tls_port: int
    certificates: Certificates
    version: tuple[int, ...]
    mail_owner: programs.Identity
    token_key: rsa.RSAPrivateKey | None  # signs OAuth2 tokens, when the server takes them
    _count: Iterator[int] = field(default_factory=itertools.count)

    @property
    def host(self) -> str:
        """The name that the certificate is for."""
        return HOST

    @property
    def log(self) -> str:
        """All that the server has said."""
        return (self.folder / "log").read_text(errors="replace")

    def new_user(self, name: str | None = None, *, password: str = "secret") -> User:
        """Add a user with an empty INBOX (or give a known one a new password)."""
        user = User(name=name or f"parent{next(self._count)}@example.org", password=password)
        entry = self.folder / "users" / user.name
        if entry.exists():
            time.sleep(1.1)  # Dovecot looks for a change at most once a second
        entry.write_text(f"{user.name}:{{PLAIN}}{user.password}\n")
        home = self.home(user)
        if not home.exists():
            home.mkdir()
            if os.geteuid() == 0:
                os.chown(home, self.mail_owner.uid, self.mail_owner.gid)
        return user

    def home(self, user: User) -> Path:
        """Where the server keeps the user's mail."""
        return self.folder / "mail" / user.name

    def login(self, user: User) -> imapclient.IMAPClient:
        """A logged-in client over verified TLS; the caller logs it out or uses it in `with`."""
        client = imapclient.IMAPClient(
            HOST, port=self.tls_port, ssl_context=self.certificates.client_context(), timeout=30
        )
        client.login(user.name, user.password)
        return client

    def create_folder(self, user: User, name: str) -> None:
        """Create a folder; it gets the special use that the server was told for its name."""
        with self._session(user) as session:
            _check(session.create(_folder_argument(name)), session)

    def append(
        self,
        user: User,
        message: bytes,
        *,
        folder: str = "INBOX",
        at: datetime | None = None,
        flags: Iterable[str] = (),
    ) -> None:
        r"""Put one message into a folder; `at` (aware) is its INTERNALDATE, flags like `\Seen`."""
        self.append_all(user, [(message, at)], folder=folder, flags=flags)

    def append_all(
        self,
        user: User,
        messages: Iterable[tuple[bytes, datetime | None]],
        *,
        folder: str = "INBOX",
        flags: Iterable[str] = (),
    ) -> None:
        """Put many messages into one folder in one session, in order."""
        flag_list = f"({' '.join(flags)})"
        with self._session(user) as session:
            for message, at in messages:
                crlf = re.sub(rb"\r?\n", b"\r\n", message)
                when = at or datetime.now(UTC)
                _check(session.append(_folder_argument(folder), flag_list, when, crlf), session)

    def token(
        self, user: User, *, valid_for: timedelta = timedelta(hours=1), **claims: object
    ) -> str:
        """An OAuth2 access token (JWT, RS256) that this server accepts for `user`.

        Args:
            user: whose address goes into `sub` and `email`.
            valid_for: negative for a token that has run out.
            claims: laid over the usual ones.
        """
        if self.token_key is None:
            raise programs.ServerFailed("start_dovecot(oauth2=True) makes a server with tokens")
        now = datetime.now(UTC)
        payload = {
            "sub": user.name,
            "email": user.name,
            "iat": min(now, now + valid_for) - timedelta(seconds=5),
            "exp": now + valid_for,
            **claims,
        }
        return jwt.encode(payload, self.token_key, algorithm="RS256")

    def stop(self) -> None:
        """Hang up on everybody, stop, and remove every file."""
        programs.stop(self.process, signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def _session(self, user: User) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=30) as session:
            session.login(user.name, user.password)
            yield session


def start_dovecot(
    *,
    mail_format: str = "maildir",
    separator: str = "/",
    special_use: Mapping[str, str] = dovecot_config.SPECIAL_USE,
    oauth2: bool = False,
    connections: int = 500,
) -> DovecotServer:
    """Start an instance with no users and wait until it greets.

    Args:
        mail_format: maildir, mdbox or sdbox.
        separator: between the levels of a folder's name.
        special_use: folder name to flag, given when a folder of that name is created.
        connections: how many may be open at the same time.
        oauth2: also take XOAUTH2 and OAUTHBEARER with tokens that `token` makes.

    Raises:
        programs.ServerFailed: Dovecot is missing or did not start.
    """
    dovecot = programs.program("dovecot", package=PACKAGE)
    for attempt in itertools.count(1):
        try:
            return _start(
                dovecot,
                mail_format,
                separator,
                special_use,
                oauth2=oauth2,
                connections=connections,
            )
        except programs.ServerFailed as failed:
            # Somebody else may take a free port before Dovecot does.
            if attempt == 3 or "Address already in use" not in str(failed):
                raise
    raise AssertionError


def _start(
    dovecot: str,
    mail_format: str,
    separator: str,
    special_use: Mapping[str, str],
    *,
    oauth2: bool,
    connections: int,
) -> DovecotServer:
    is_root = os.geteuid() == 0
    # The mail's owner must not be root, and needs no entry in passwd.
    owner = programs.Identity(
        uid=5000 if is_root else os.geteuid(), gid=5000 if is_root else os.getegid()
    )
    version = _version(dovecot)
    folder = programs.folder_for("imap")
    for name in ("run", "state", "mail", "users"):
        (folder / name).mkdir()
    plan = dovecot_config.Plan(
        version=version,
        folder=folder,
        ports=(programs.free_port(), programs.free_port()),
        certificates=make_certificates(folder / "tls"),
        mail_format=mail_format,
        separator=separator,
        special_use=special_use,
        oauth2=oauth2,
        connections=connections,
        mail_owner=owner,
        rootless=None if is_root else _our_names(),
    )
    (folder / "dovecot.conf").write_text(dovecot_config.configuration(plan))
    (folder / "oauth2.conf.ext").write_text(dovecot_config.oauth2_settings(plan))
    key = _token_key(folder / "keys") if oauth2 else None
    log = folder / "log"
    process = programs.start(
        [dovecot, "-F", "-c", str(folder / "dovecot.conf")], log=log, death_signal="TERM"
    )
    server = DovecotServer(
        folder=folder,
        process=process,
        port=plan.ports[0],
        tls_port=plan.ports[1],
        certificates=plan.certificates,
        version=plan.version,
        mail_owner=owner,
        token_key=key,
    )
    try:
        programs.wait_until(lambda: _greets(server), process, what="dovecot", log=log)
    except BaseException:
        server.stop()
        raise
    return server


def _our_names() -> tuple[str, str]:
    return pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name


def _version(dovecot: str) -> tuple[int, ...]:
    said = subprocess.run([dovecot, "--version"], capture_output=True, text=True, check=True).stdout
    numbers = re.match(r"\d+(\.\d+)+", said)  # Debian appends its own, as in 2.4.1-4
    if numbers is None:
        raise programs.ServerFailed(f"dovecot calls its version {said!r}")
    return tuple(int(part) for part in numbers[0].split("."))


def _token_key(keys: Path) -> rsa.RSAPrivateKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = keys / "default" / "RS256" / "default"
    public.parent.mkdir(parents=True)
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return key


def _greets(server: DovecotServer) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
            return connection.recv(4) == b"* OK"
    except OSError:
        return False


def _folder_argument(name: str) -> str:
    encoded = str(imapclient.imap_utf7.encode(name), "ascii")
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _check(answer: tuple[str, Sequence[object]], session: imaplib.IMAP4) -> None:
    if answer[0] != "OK":
        raise AssertionError(f"Dovecot said {answer} (state {session.state})")
