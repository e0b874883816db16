"""Map every fault of smtplib to NotifierError: what is worth another try. Never quotes a server.

A server's own words may hold addresses or the subject, so only its codes are kept.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import MessageError

from inboxwatch.domain.errors import NotifierError


@contextmanager
def map_errors(name: str, host: str, *, sending: bool = False) -> Iterator[None]:
    """Raise NotifierError for every fault of smtplib, the network, TLS or an address.

    Args:
        sending: the mail itself is under way, so that after a lost connection it may have arrived.
    """
    try:
        yield
    except NotifierError:
        raise
    except (smtplib.SMTPException, OSError, ValueError, MessageError) as error:
        raise _mapped(error, f"{name}: {host}", sending=sending) from None


def _mapped(
    error: smtplib.SMTPException | OSError | ValueError | MessageError, who: str, *, sending: bool
) -> NotifierError:
    match error:
        case smtplib.SMTPAuthenticationError():
            return _coded(
                f"{who} refused the log-in",
                error.smtp_code,
                remedy="Check the login and the password file. Many providers want an app "
                "password. Then run `inboxwatch resume`.",
                disables=True,
            )
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _text in error.recipients.values()]
            return _coded(
                f"{who} refused every recipient",
                min(codes, default=550),  # one that may yet be taken is worth another try
                remedy="Check the recipients' addresses, then run `inboxwatch resume`.",
                disables=True,
            )
        case smtplib.SMTPSenderRefused():
            return _coded(
                f"{who} refused the sender's address",
                error.smtp_code,
                remedy="Send from an address that belongs to the login, then run "
                "`inboxwatch resume`.",
                disables=True,
            )
        case smtplib.SMTPDataError():
            return _coded(
                f"{who} refused the mail itself",
                error.smtp_code,
                remedy="The reminders are in `inboxwatch list` and in the next digest.",
                disables=False,
            )
        case smtplib.SMTPResponseException():  # SMTPConnectError, SMTPHeloError and the like
            return _coded(
                f"{who} did not let us in",
                error.smtp_code,
                remedy="Check host, port and security. It will be tried again.",
                disables=False,
                always_transient=True,
            )
        case smtplib.SMTPNotSupportedError():
            return NotifierError(
                f"{who} lacks something that is needed to log in or to send",
                remedy="Check host, port, security and login, then run `inboxwatch resume`.",
                permanent=True,
                disables_target=True,
            )
        case ssl.SSLCertVerificationError():
            return NotifierError(
                f"{who} has a certificate that cannot be verified, so nothing was sent",
                remedy="Check the host name. A private server needs its authority in the settings.",
                permanent=False,
            )
        case ssl.SSLError():
            return NotifierError(
                f"{who} could not agree on an encrypted connection",
                remedy='Port 465 needs security = "tls", port 587 "starttls".',
                permanent=False,
                may_have_arrived=sending,
            )
        case ValueError() | MessageError():  # a line break in an address, a host name that is none
            return NotifierError(
                f"{who}: an address or the host name cannot be used",
                remedy="Check host, sender and recipients, then run `inboxwatch resume`.",
                permanent=True,
                disables_target=True,
            )
        case _:  # disconnected, timed out, unknown host, refused, unreachable
            return NotifierError(
                f"{who} {_unreachable(error)}",
                remedy="Check the network, host and port. It will be tried again.",
                permanent=False,
                may_have_arrived=sending,
            )


def _unreachable(error: BaseException) -> str:
    match error:
        case socket.gaierror():
            return "cannot be found: no server of that name is known here"
        case ConnectionRefusedError():
            return "accepts no connection on this port"
        case TimeoutError():
            return "did not answer in time"
        case _:
            return "cannot be reached, or hung up"


def _coded(
    problem: str, code: int, *, remedy: str, disables: bool, always_transient: bool = False
) -> NotifierError:
    permanent = code >= 500 and not always_transient
    return NotifierError(
        f"{problem} ({code})" if code > 0 else problem,
        remedy=remedy if permanent or always_transient else "It will be tried again.",
        permanent=permanent,
        disables_target=disables and permanent,
    )
