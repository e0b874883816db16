"""The HTTP receiver of the tests records what comes and answers by its script."""

import time

import httpx
import pytest

from tests.servers.certificates import Certificates
from tests.servers.http import Answer, HttpServer


def test_a_request_is_recorded_whole(http_server: HttpServer) -> None:
    answer = httpx.post(
        f"{http_server.url}/hook?a=1", json={"type": "digest"}, headers={"X-A": "b"}
    )
    assert answer.status_code == 200
    (request,) = http_server.requests
    assert (request.method, request.path) == ("POST", "/hook?a=1")
    assert request.headers["x-a"] == "b"
    assert request.json == {"type": "digest"}


def test_answers_come_in_the_order_of_the_script(http_server: HttpServer) -> None:
    http_server.will_answer(
        Answer(status=503, headers={"Retry-After": "1"}), Answer(status=200, body=b"fine")
    )
    with httpx.Client(base_url=http_server.url) as client:
        first, second, third = (client.get("/") for _ in range(3))
    assert (first.status_code, first.headers["retry-after"]) == (503, "1")
    assert second.content == b"fine"
    assert (third.status_code, third.content) == (200, b"")


@pytest.mark.parametrize("body", [b"", b"half of this"])
def test_it_hangs_up_when_told(http_server: HttpServer, body: bytes) -> None:
    http_server.will_answer(Answer(hang_up=True, body=body))
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(http_server.url)
    assert len(http_server.requests) == 1


def test_it_keeps_a_client_waiting_and_still_stops_at_once() -> None:
    server = HttpServer()
    server.start()
    server.will_answer(Answer(seconds=60))
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(server.url, timeout=0.2)
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 5


def test_https_is_verified(https_server: HttpServer, certificates: Certificates) -> None:
    trusting = certificates.client_context()
    assert httpx.put(https_server.url, verify=trusting).status_code == 200
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(https_server.url)
