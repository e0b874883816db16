"""What each header is taken for."""

from dataclasses import replace
from pathlib import Path

import pytest

from inboxwatch.domain import evidence
from inboxwatch.domain.evidence.headers import EVIDENCE_HEADERS, observe_headers
from inboxwatch.domain.evidence.weights import WEIGHTS
from tests.domain.evidence.mails import a_mail


def rows(headers: dict[str, str]) -> list[str]:
    return [seen.row for seen in observe_headers(a_mail(headers=headers))]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"auto-submitted": "auto-replied"}, ["auto-submitted: auto-replied"]),
        ({"auto-submitted": "auto-replied (vacation)"}, ["auto-submitted: auto-replied"]),
        ({"auto-submitted": "Auto-Generated; type=x"}, ["auto-submitted: auto-generated"]),
        ({"auto-submitted": "auto-notified"}, ["auto-submitted: auto-generated"]),
        ({"auto-submitted": "no"}, ["auto-submitted: no"]),
        ({"auto-submitted": "NO (comment)"}, ["auto-submitted: no"]),
        ({"auto-submitted": ""}, []),
        ({"precedence": "auto_reply"}, ["precedence: auto_reply"]),
        ({"precedence": "auto-reply"}, ["precedence: auto_reply"]),
        ({"precedence": "bulk"}, ["precedence: bulk"]),
        ({"precedence": "first-class"}, []),
        ({"x-precedence": "auto_reply"}, ["precedence: auto_reply"]),
        ({"x-autoreply": "yes"}, ["auto-reply header"]),
        ({"x-autoreply": "no"}, []),
        ({"x-autorespond": "Holiday"}, ["auto-reply header"]),
        ({"x-autorespond": ""}, []),
        ({"x-apple-action": "VACATION"}, ["vacation header"]),
        ({"x-post-messageclass": "9; Autoresponder"}, ["vacation header"]),
        ({"return-path": "<>"}, ["null return path"]),
        ({"return-path": "<ruth@brackford.gov.uk>"}, []),
        ({"x-failed-recipients": "a@b.gov.uk"}, ["failed recipients header"]),
        ({"x-failed-recipients": "none"}, []),
        (
            {"x-ms-exchange-generated-message-source": "Mailbox Rules Agent"},
            ["exchange rule"],
        ),
        (
            {"x-ms-exchange-inbox-rules-loop": "a@b", "x-auto-response-suppress": "All"},
            ["exchange rule loop and suppression"],
        ),
        ({"x-ms-exchange-inbox-rules-loop": "a@b"}, ["exchange rule loop"]),
        ({"x-auto-response-suppress": "All"}, ["suppresses all auto-replies"]),
        ({"x-auto-response-suppress": "OOF, AutoReply"}, ["suppresses all auto-replies"]),
        ({"x-auto-response-suppress": "DR, RN"}, ["suppresses auto-replies"]),
        ({"list-unsubscribe": "<https://x>"}, ["list-unsubscribe"]),
        ({"list-id": "<a.b>"}, ["list-id"]),
        ({"list-post": "<mailto:a@b>"}, ["discussion list"]),
        ({"x-mailer": "MailChimp Mailer"}, ["bulk mailer"]),
        ({"x-campaign-id": "7"}, ["bulk mailer"]),
        ({"x-mailer": "Microsoft Outlook 16.0"}, ["mail program of a person"]),
        ({"user-agent": "Mutt/2.2"}, ["mail program of a person"]),
        ({"x-mailer": "Something else"}, []),
    ],
)
def test_a_header_is_taken_for_what_it_is(headers: dict[str, str], expected: list[str]) -> None:
    assert rows(headers) == expected


def test_the_first_of_a_repeated_header_counts() -> None:
    repeated = (("auto-submitted", "no"), ("auto-submitted", "auto-replied"))
    mail = replace(a_mail(), headers=repeated)

    assert [seen.row for seen in observe_headers(mail)] == ["auto-submitted: no"]


def test_every_header_read_is_asked_for() -> None:
    asked = {"auto-submitted", "x-autoreply", "list-post", "user-agent", "x-campaign-id"}

    assert asked <= EVIDENCE_HEADERS


def test_a_long_header_is_shown_short() -> None:
    (seen,) = observe_headers(a_mail(headers={"list-id": "x" * 500}))

    assert len(seen.text) < 100


def test_every_row_of_the_table_is_observed_somewhere() -> None:
    """A weight that nothing refers to would be a rule nobody follows."""
    folder = Path(evidence.__file__).parent
    observers = ("headers", "senders", "shape", "timing", "../classify")
    code = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in observers)

    assert [row for row in WEIGHTS if ", " not in row and f'"{row}"' not in code] == []
