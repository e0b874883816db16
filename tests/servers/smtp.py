"""An SMTP server on loopback that keeps what it is given, and misbehaves when told to."""

import asyncio
import base64
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificates import Certificates

Stage = Literal["connect", "mail", "rcpt", "data"]
Tls = Literal["none", "starttls", "implicit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """One thing to go wrong, once, at one stage of one delivery.

    Attributes:
        reply: what to answer instead, such as "451 try later"; None answers as usual.
        hang_up: close the connection instead of answering.
        keep: keep the message although the sender is told otherwise (stage "data" only).
        seconds: wait before answering.
    """

    stage: Stage
    reply: str | None = None
    hang_up: bool = False
    keep: bool = False
    seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One message that arrived."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    was_encrypted: bool
    login: str | None  # who had logged in

    @property
    def message(self) -> EmailMessage:
        """The content, parsed."""
        return message_from_bytes(self.content, policy=policy.default)


@dataclass(kw_only=True)
class TokenCheck:
    """Which tokens a server takes, and of each attempt whose token was shown.

    Attributes:
        is_good: of a user and a token.
        refusal: what it says to one that is not; each provider has its own words.
    """

    is_good: Callable[[str, str], bool]
    mechanism: Literal["XOAUTH2", "OAUTHBEARER"] = "XOAUTH2"
    refusal: str = "535 5.7.3 Authentication unsuccessful [LO0P265CA0001.GBRP265.PROD.OUTLOOK.COM]"
    shown: list[tuple[str, str]] = field(default_factory=list)


class SmtpServer:
    """Listens on 127.0.0.1; keeps messages in order of arrival."""

    def __init__(
        self,
        *,
        tls: Tls = "none",
        certificates: Certificates | None = None,
        login: tuple[str, str] | None = None,
        tokens: TokenCheck | None = None,
    ) -> None:
        """Any TLS needs `certificates`; `login` is the one name and password that it takes.

        With `tokens` it takes no password but what that finds good.
        """
        if tls != "none" and certificates is None:
            raise ValueError("TLS needs certificates")
        self.tls: Tls = tls
        self.login = login
        self.tokens = tokens
        self.host = "localhost"  # the name that the certificate is for
        self.port = 0  # known once started
        self._context = certificates.server_context() if certificates else None
        self._received: list[Received] = []
        self._mishaps: deque[Mishap] = deque()
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="smtp-server", daemon=True)
        self._listening = threading.Event()
        self._stop = asyncio.Event()

    @property
    def received(self) -> tuple[Received, ...]:
        """All that has arrived so far."""
        with self._changed:
            return tuple(self._received)

    def wait_for(self, count: int, *, seconds: float = 10) -> tuple[Received, ...]:
        """Return when `count` messages are there; fail when they are not in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._received) >= count, seconds):
                raise AssertionError(f"{len(self._received)} of {count} messages came in time")
            return tuple(self._received)

    def go_wrong(self, *mishaps: Mishap) -> None:
        """Let these happen in order, each once, when a command of its stage comes."""
        with self._changed:
            self._mishaps.extend(mishaps)

    def start(self) -> None:
        """Listen in a thread of its own."""
        self._thread.start()
        if not self._listening.wait(10):
            raise AssertionError("the SMTP server did not start")

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(10)

    def take_mishap(self, stage: Stage) -> Mishap | None:
        """The next mishap if it is for this stage."""
        with self._changed:
            if self._mishaps and self._mishaps[0].stage == stage:
                return self._mishaps.popleft()
            return None

    def keep(self, message: Received) -> None:
        """Record a message that has fully arrived."""
        with self._changed:
            self._received.append(message)
            self._changed.notify_all()

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        implicit = self._context if self.tls == "implicit" else None
        server = await self._loop.create_server(self._protocol, "127.0.0.1", 0, ssl=implicit)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        await self._stop.wait()
        # What is still connected is cut off as the runner cancels its tasks.
        server.close()

    def _protocol(self) -> SMTP:
        protocol = _Protocol(
            self,
            data_size_limit=None,
            enable_SMTPUTF8=True,
            hostname="localhost",
            tls_context=self._context if self.tls == "starttls" else None,
            require_starttls=self.tls == "starttls",
            auth_required=self.login is not None or self.tokens is not None,
            auth_exclude_mechanism=self._not_offered(),
            authenticator=self._authenticate,
            loop=self._loop,
        )
        # A test may log in without TLS; aiosmtpd takes the wish only with a warning.
        protocol._auth_require_tls = self.tls == "starttls"
        return protocol

    def _not_offered(self) -> list[str]:
        if self.tokens is None:
            return ["XOAUTH2", "OAUTHBEARER"]
        other = {"XOAUTH2", "OAUTHBEARER"} - {self.tokens.mechanism}
        return ["LOGIN", "PLAIN", *other]

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        if isinstance(data, LoginPassword):
            given = (data.login.decode(), data.password.decode())
            if given == self.login:
                return AuthResult(success=True, auth_data=given[0])
        return AuthResult(success=False, handled=False)


class _Protocol(SMTP):
    """One connection."""

    # A token is long: RFC 4954, section 4.
    command_size_limits = defaultdict(lambda: 12_288)  # noqa: RUF012
    line_length_limit = 12_290

    def __init__(self, server: SmtpServer, **options: Any) -> None:
        super().__init__(_Steps(server), **options)
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Also called a second time, when STARTTLS is done."""
        mishap = self._server.take_mishap("connect") if self.session is None else None
        super().connection_made(transport)
        if mishap is not None and isinstance(transport, asyncio.WriteTransport):
            if mishap.reply is not None:
                transport.write(mishap.reply.encode() + b"\r\n")
            transport.close()


class _Steps:
    """Answers each step of a delivery as the server's mishaps say, or as usual."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def auth_XOAUTH2(self, protocol: SMTP, words: list[str]) -> AuthResult:  # noqa: N802
        """As Google and Microsoft document it."""
        said = base64.b64decode(words[1]).decode()
        user, bearer, *rest = said.split("\x01")
        assert rest == ["", ""]
        return await self._token(protocol, user.removeprefix("user="), bearer, empty=b"")

    async def auth_OAUTHBEARER(self, protocol: SMTP, words: list[str]) -> AuthResult:  # noqa: N802
        """RFC 7628."""
        said = base64.b64decode(words[1]).decode()
        head, bearer, *rest = said.split("\x01")
        assert rest == ["", ""]
        user = head.removeprefix("n,a=").removesuffix(",")
        return await self._token(protocol, user, bearer, empty=b"\x01")

    async def _token(self, protocol: SMTP, user: str, bearer: str, *, empty: bytes) -> AuthResult:
        check = self._server.tokens
        assert check is not None
        token = bearer.removeprefix("auth=Bearer ")
        check.shown.append((user, token))
        if check.is_good(user, token):
            return AuthResult(success=True, auth_data=user)
        if check.refusal.startswith("5"):  # the reason in JSON, which wants an answer
            answer = await protocol.challenge_auth('{"status":"401","schemes":"bearer"}')
            assert answer == empty, answer
        return AuthResult(success=False, handled=False, message=check.refusal)

    async def handle_MAIL(  # noqa: N802 (the library's name)
        self, protocol: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        reply = await self._reply("mail", protocol)
        if reply is None:
            envelope.mail_from = sender
            envelope.mail_options.extend(options)
        return reply or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, protocol: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        reply = await self._reply("rcpt", protocol)
        if reply is None:
            envelope.rcpt_tos.append(to)
            envelope.rcpt_options.extend(options)
        return reply or "250 OK"

    async def handle_DATA(  # noqa: N802
        self, protocol: SMTP, session: Session, envelope: Envelope
    ) -> str:
        mishap = self._server.take_mishap("data")
        if mishap is None or mishap.keep:
            content = envelope.content
            assert isinstance(content, bytes)
            self._server.keep(
                Received(
                    sender=envelope.mail_from or "",
                    recipients=tuple(address for address in envelope.rcpt_tos if address),
                    content=content,
                    was_encrypted=self._server.tls == "implicit" or session.ssl is not None,
                    login=session.auth_data if isinstance(session.auth_data, str) else None,
                )
            )
        return await _happen(mishap, protocol) or "250 OK"

    async def _reply(self, stage: Stage, protocol: SMTP) -> str | None:
        return await _happen(self._server.take_mishap(stage), protocol)


async def _happen(mishap: Mishap | None, protocol: SMTP) -> str | None:
    """What to say instead of OK, if anything; hangs up when the mishap says so."""
    if mishap is None:
        return None
    await asyncio.sleep(mishap.seconds)
    if mishap.hang_up:
        transport = protocol.transport
        assert isinstance(transport, asyncio.Transport)
        transport.abort()
        raise ConnectionResetError
    return mishap.reply
