"""HTTPS to a provider's sign-in service: time limits, one mapping of errors. Logs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

from inboxwatch.adapters.oauth.client import Client
from inboxwatch.domain.errors import MailSourceError

_RETRY = "It will be tried again; check the network if it stays so."


class Wire:
    """A connection to one sign-in service; has the form that msal wants of an HTTP client.

    It is httpx's transport alone: no redirects are followed, no proxies or cookies are taken, and
    nothing is logged with a URL in it. Only JSON objects ever come out.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._transport = httpx.HTTPTransport(verify=client.context, retries=0)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """GET once.

        Raises:
            MailSourceError: as `post`.
        """
        return self._send("GET", url, params, None, headers)

    def post(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """POST a form once. The response holds a JSON object; its status may be a refusal's.

        Raises:
            MailSourceError: transient: no answer, a busy service, or an answer that is not JSON.
        """
        return self._send("POST", url, params, data, headers)

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _send(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        data: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> httpx.Response:
        with network_errors(self._client):
            response = self._transport.handle_request(
                httpx.Request(
                    method,
                    url,
                    params=params,
                    data=data,
                    headers={
                        "accept": "application/json",
                        "user-agent": "inboxwatch",
                        **(headers or {}),
                    },
                    extensions={"timeout": httpx.Timeout(self._client.timeout_seconds).as_dict()},
                )
            )
            try:
                response.read()
            finally:
                response.close()
        self._check(response)
        return response

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 429 or status >= 500:
            raise MailSourceError(
                f"{_who(self._client)} is busy (status {status})",
                remedy=_RETRY,
                transient=True,
                retry_after_seconds=_retry_after(response),
            )
        try:
            answer = response.json()
        except (ValueError, LookupError):  # LookupError: an unknown charset
            answer = None
        if not isinstance(answer, dict):
            # A hotel's log-in page, a filter of the network, or a wrong authority.
            raise MailSourceError(
                f"{_who(self._client)} gave an answer that is not its own (status {status})",
                remedy="Check that this machine reaches the internet without a log-in page.",
                transient=True,
            )


@contextmanager
def network_errors(client: Client) -> Iterator[None]:
    """Turn every fault of httpx on the way into a transient MailSourceError, without the URL."""
    try:
        yield
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, UnicodeError) as error:
        # Only the class: the text of some of these repeats what was sent.
        raise MailSourceError(
            f"{_who(client)} cannot be reached ({type(error).__name__})",
            remedy=_RETRY,
            transient=True,
        ) from None


def _who(client: Client) -> str:
    return f"account '{client.account}': {client.title}'s sign-in service"


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "").strip()
    return float(value) if value.isascii() and value.isdigit() and len(value) < 7 else None
