"""Whose message it really is: Sent copies and aligned results count, nothing else."""

import pytest

from inboxwatch.domain.authenticity import is_aligned, is_own_copy
from inboxwatch.domain.message import FolderRole, Message
from tests.builders import folder, from_us

TRUSTED = frozenset({"mx.example.org"})
PASS = "mx.example.org; dmarc=pass header.from=example.org"


def received(*results: str) -> Message:
    headers = tuple(("authentication-results", value) for value in results)
    inbox = (folder(FolderRole.INBOX),)
    return from_us("2026-06-01 10:00", headers=headers, locations=inbox).message


@pytest.mark.parametrize(
    "result",
    [
        PASS,
        "MX.EXAMPLE.ORG 1; spf=fail; dmarc = pass (p=none) header.from=Example.org",
        "mx.example.org; dkim=pass header.d=example.org header.s=one",
        "mx.example.org; dkim=pass header.i=@example.org",
        'mx.example.org; dkim=pass header.d="example.org"',
        "mx.example.org; dkim=fail header.d=other.example; dkim=pass header.d=example.org",
    ],
)
def test_a_trusted_server_that_vouches_for_the_from_domain_is_believed(result: str) -> None:
    assert is_aligned(received(result), TRUSTED)


@pytest.mark.parametrize(
    "results",
    [
        (),
        ("mx.evil.example; dmarc=pass header.from=example.org",),
        ("mx.evil.example; dmarc=fail", PASS),  # ours would stand on top
        ("mx.example.org; dmarc=fail header.from=example.org",),
        ("mx.example.org; dmarc=pass header.from=evil.example",),
        ("mx.example.org; spf=pass smtp.mailfrom=example.org",),
        ("mx.example.org; dkim=pass header.d=evil.example",),
        ("mx.example.org; dkim=pass header.d=org",),
        ("mx.example.org; dkim=pass",),
        ("mx.example.org; none",),
        ("mx.example.org; spf=pass (; dmarc=pass header.from=example.org)",),
        ('mx.example.org; spf=pass reason="; dmarc=pass header.from=example.org"',),
        ("mx.example.org; spf=pass (a \\) ; dmarc=pass header.from=example.org)",),
        ('mx.example.org; spf=fail reason="x dmarc=pass header.from=example.org"',),
        ("; dmarc=pass header.from=example.org",),
        ("",),
    ],
)
def test_nothing_else_is(results: tuple[str, ...]) -> None:
    assert not is_aligned(received(*results), TRUSTED)


def test_without_a_trusted_server_no_header_counts() -> None:
    assert not is_aligned(received(PASS), frozenset())


def test_only_the_sent_folder_proves_a_copy() -> None:
    assert is_own_copy(from_us("2026-06-01 10:00").message)
    assert not is_own_copy(received(PASS))
    everywhere = (folder(FolderRole.INBOX), folder(FolderRole.SENT))
    assert is_own_copy(from_us("2026-06-01 10:00", locations=everywhere).message)


def test_an_escape_in_a_quoted_word_hides_nothing() -> None:
    said = 'mx.example.org; spf=fail reason="a\\" ; dmarc=pass header.from=example.org"'
    assert not is_aligned(received(said), TRUSTED)
    assert is_aligned(
        received(f'mx.example.org; x=y z="a\\;b"; {PASS.partition("; ")[2]}'), TRUSTED
    )
