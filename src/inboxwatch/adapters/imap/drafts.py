"""Put a draft into an account's Drafts folder: the one thing ever written to a mailbox.

Only APPEND, only there, only because the user asked for it. It opens and reads no folder.
"""

from __future__ import annotations

import contextlib
import imaplib
import ipaddress
from datetime import datetime

from imapclient import DRAFT, SEEN, IMAPClient, SocketTimeout, exceptions
from imapclient.imapclient import DRAFTS

from inboxwatch.adapters.imap.endpoint import Endpoint, Mechanism
from inboxwatch.adapters.imap.faults import SignInRefused, mapped
from inboxwatch.domain.errors import MailSourceError

_TIMEOUT = SocketTimeout(connect=30, read=60)


def save_draft(endpoint: Endpoint, raw: bytes, *, account: str, at: datetime) -> str:
    """Append a message to Drafts and return the folder's name.

    Args:
        raw: the whole message, lines ended by CRLF.
        account: its name in the settings, for what is said of a failure.
        at: aware, the draft's date in the folder.

    Raises:
        MailSourceError: it was not saved; there may be no Drafts folder.
    """
    with mapped(account, endpoint.host, endpoint.port):
        client = _connected(endpoint)
        try:
            folder = client.find_special_folder(DRAFTS)
            if folder is None:
                raise MailSourceError(
                    f"account '{account}': there is no Drafts folder to save to",
                    remedy="Make a folder called Drafts, or use --mailto, or copy the letter.",
                    transient=False,
                )
            client.append(folder, raw, flags=(DRAFT, SEEN), msg_time=at)
            return str(folder)
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()


def _connected(endpoint: Endpoint) -> IMAPClient:
    distant = not (endpoint.host == "localhost" or _is_loopback(endpoint.host))
    if endpoint.security == "plain" and distant and not endpoint.allow_plain:
        raise MailSourceError(
            f"{endpoint.host} would be used without encryption",
            remedy="Set security to tls (port 993) or starttls (port 143).",
            transient=False,
        )
    client = IMAPClient(
        endpoint.host,
        port=endpoint.port,
        ssl=endpoint.security == "tls",
        ssl_context=endpoint.ssl_context if endpoint.security == "tls" else None,
        timeout=_TIMEOUT,
    )
    try:
        if endpoint.security == "starttls":
            client.starttls(endpoint.ssl_context)
        _sign_in(client, endpoint)
    except BaseException:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            client.shutdown()
        raise
    return client


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _sign_in(client: IMAPClient, endpoint: Endpoint) -> None:
    credentials = endpoint.credentials()
    try:
        if credentials.mechanism is Mechanism.XOAUTH2:
            client.oauth2_login(endpoint.username, credentials.secret)
        elif credentials.mechanism is Mechanism.OAUTHBEARER:
            client.oauthbearer_login(endpoint.username, credentials.secret)
        elif not (endpoint.username + credentials.secret).isascii():
            client.plain_login(endpoint.username, credentials.secret)
        else:
            client.login(endpoint.username, credentials.secret)
    except exceptions.LoginError as error:
        said = str(error).replace(credentials.secret, "***")
        raise SignInRefused(said) from None
