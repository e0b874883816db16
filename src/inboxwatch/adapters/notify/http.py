"""POST to a URL of the user's over verified HTTPS. Follows nothing, reads no body, logs nothing."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from inboxwatch.domain.errors import NotifierError

_RETRIED = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered: status, and the wait it asked for in Retry-After as it stands."""

    status: int
    retry_after: str | None = None


def check_url(name: str, url: str) -> httpx.URL:
    """Return the URL if it may be used: HTTPS, or HTTP to this machine only.

    Raises:
        NotifierError: permanent; never with the URL in it, which may hold a secret.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, UnicodeError):
        parsed = httpx.URL("")
    is_safe = parsed.scheme == "https" or (parsed.scheme == "http" and is_loopback(parsed.host))
    if not parsed.host or not is_safe:
        raise NotifierError(
            f"{name}: its address is not an https:// URL",
            remedy="Use https://; plain http:// is allowed only for this machine (127.0.0.1).",
            permanent=True,
            disables_target=True,
        )
    return parsed


def is_loopback(host: str) -> bool:
    """Tell whether a host of a URL is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def post(
    name: str,
    url: httpx.URL,
    body: bytes,
    headers: Mapping[str, str],
    *,
    context: ssl.SSLContext,
    timeout_seconds: float,
) -> Reply:
    """POST once.

    The transport is used without httpx's client, which would log the URL, follow redirects to
    other hosts and take cookies.

    Raises:
        NotifierError: no answer came; transient. It may have arrived unless connecting failed.
    """
    return _ask(name, "POST", url, body, headers, context, timeout_seconds)


def reach(name: str, url: httpx.URL, *, context: ssl.SSLContext, timeout_seconds: float) -> None:
    """See that a server answers at all; its answer is not judged.

    Raises:
        NotifierError: no answer came.
    """
    _ask(name, "HEAD", url, b"", {}, context, timeout_seconds)


def _ask(
    name: str,
    method: str,
    url: httpx.URL,
    body: bytes,
    headers: Mapping[str, str],
    context: ssl.SSLContext,
    timeout_seconds: float,
) -> Reply:
    timeout = httpx.Timeout(timeout_seconds)
    request = httpx.Request(
        method,
        url,
        content=body,
        headers={"user-agent": "inboxwatch", **headers},
        extensions={"timeout": timeout.as_dict()},
    )
    with _errors(name), httpx.HTTPTransport(verify=context, retries=0) as transport:
        response = transport.handle_request(request)
        # Closed unread: a server that never stops talking is not listened to.
        response.close()
        return Reply(status=response.status_code, retry_after=response.headers.get("retry-after"))


def check_status(name: str, reply: Reply, *, at: datetime) -> None:
    """Judge a status: 2xx is delivered, some are worth another try, the rest are final.

    Raises:
        NotifierError: `permanent` with the target disabled for a redirect or a 4xx other than
            408, 425 and 429; transient for those and for 5xx.
    """
    status = reply.status
    if 200 <= status < 300:
        return
    if status in _RETRIED or status >= 500:
        raise NotifierError(
            f"{name}: the server answered {status}",
            remedy="It will be tried again.",
            permanent=False,
            retry_after_seconds=_seconds(reply.retry_after, at),
            # A gateway that ran out of patience may have passed it on.
            may_have_arrived=status >= 500,
        )
    what = "sends us on to another address" if status < 400 else "refuses it"
    raise NotifierError(
        f"{name}: the server {what} (status {status}), so nothing more is sent there",
        remedy=f"Correct the address of {name}, then run `inboxwatch resume`.",
        permanent=True,
        disables_target=True,
    )


@contextmanager
def _errors(name: str) -> Iterator[None]:
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise _unreached(name, error, may_have_arrived=False) from None
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
        raise _unreached(name, error, may_have_arrived=True) from None
    except UnicodeError as error:
        raise _unreached(name, error, may_have_arrived=False) from None


def _unreached(name: str, error: Exception, *, may_have_arrived: bool) -> NotifierError:
    # Only the class: the text of some of these names the URL.
    return NotifierError(
        f"{name}: no answer from the server ({type(error).__name__})",
        remedy="Check the network and that the server runs. It will be tried again.",
        permanent=False,
        may_have_arrived=may_have_arrived,
    )


def _seconds(retry_after: str | None, at: datetime) -> float | None:
    """Read Retry-After, seconds or a date (RFC 9110 section 10.2.3); None when it is neither."""
    if retry_after is None:
        return None
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after.strip()[:9])
    try:
        until = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        return None
    return max((until - at).total_seconds(), 0.0)
