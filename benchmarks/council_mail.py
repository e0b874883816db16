"""Invented council mail as it comes: answers over quoted letters, Outlook's HTML, receipts.

Two to fifteen kilobytes a message, the same every time.
"""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

ME = "sam.hollis@example.org"
BODY = "brackford.gov.uk"
START = datetime(2025, 9, 1, 8, tzinfo=UTC)
OFFICERS = ("Ruth Penn", "Tom Beckwith", "Gwen Farrow", "Dev Anand", "Anna Finch")
_SENTENCES = (
    "The panel met on Tuesday and agreed to amend Section F as the therapist proposed.",
    "I have spoken to the school, which says that the support will begin after half term.",
    "Could you send me the report of the occupational therapist when you have it?",
    "The taxi firm has a new driver; the route stays the same and pick-up is at ten past eight.",
    "Please find attached the draft plan, on which you can comment until the end of the month.",
    "We did not receive the school's costings, so the request could not go to panel.",
    "Your right to mediation is set out in the letter that went to you on Friday.",
    "I understand that this has been a long wait and I am sorry that nobody told you sooner.",
    "The annual review has to be held before the phase transfer date in February.",
    "Tuition of ten hours a week was agreed until July and the provider will ring you.",
)
_DISCLAIMER = (
    "This email and any attachments are confidential and intended solely for the addressee. If you"
    " are not the intended recipient please delete it and tell the sender. Brackford Council may"
    " monitor emails in line with the law and its policies. Visit https://www.brackford.gov.uk"
)
_RECEIPTS = (
    "Thank you for contacting the SEND team. Your email has been received and we aim to respond"
    " within 20 working days. Please do not reply to this message.",
    "This is an automated response. We receive a high volume of enquiries and will respond as soon"
    " as possible. If your enquiry is urgent please ring the duty line on 01000 000000.",
)


def messages(count: int, seed: int = 3) -> Iterator[bytes]:
    """Yield messages from a council with CRLF lines: four in five a person's answer."""
    dice = random.Random(seed)
    for number in range(count):
        at = START + timedelta(hours=5 * number)
        head = _headers(dice, number, at)
        if number % 5 == 4:
            yield _lines(f"{head}{_plain_headers('7bit')}\n{dice.choice(_RECEIPTS)}\n")
            continue
        officer = dice.choice(OFFICERS)
        own, quoted = _said(dice, dice.randrange(1, 12)), _said(dice, dice.randrange(4, 60))
        signature = (
            f"Kind regards\n\n{officer}\nCasework Officer, SEND\nBrackford Council, Civic Way\n"
            f"Tel 01000 000{number % 1000:03d}"
        )
        when = at - timedelta(days=3)
        block = (
            f"From: Sam Hollis <{ME}>\nSent: {when:%d %B %Y %H:%M}\nTo: SEND <sen@{BODY}>\n"
            f"Subject: Plan for Ellis {number}"
        )
        text = f"Dear Sam,\n\n{own}\n\n{signature}\n\n{_DISCLAIMER}\n\n{block}\n\n{quoted}\n"
        if number % 5 in (0, 2):
            yield _outlook(head, text, own, signature, block, quoted, number)
        elif number % 5 == 1:
            marked = "\n".join(f"> {line}" for line in quoted.splitlines())
            text = (
                f"Dear Sam,\n\n{own}\n\n{signature}\n\nOn {when:%a, %d %b %Y at %H:%M}, Sam Hollis"
                f" <{ME}> wrote:\n{marked}\n"
            )
            yield _lines(head + _plain_headers("8bit") + "\n" + text)
        else:
            body = quopri.encodestring(text.replace("'", "\u2019").encode()).decode()
            yield _lines(head + _plain_headers("quoted-printable") + "\n" + body)


def _said(dice: random.Random, sentences: int) -> str:
    said = [dice.choice(_SENTENCES) for _ in range(sentences)]
    return "\n\n".join(" ".join(said[at : at + 3]) for at in range(0, len(said), 3))


def _headers(dice: random.Random, number: int, at: datetime) -> str:
    officer = dice.choice(OFFICERS)
    sender = (
        f"SEND Team <sen@{BODY}>"
        if number % 5 == 4
        else f"{officer} <{officer.lower().replace(' ', '.')}@{BODY}>"
    )
    subject = f"{'Automatic reply' if number % 5 == 4 else 'RE'}: Plan for Ellis {number}"
    index = base64.b64encode(b"\x01\xdc" + number.to_bytes(4, "big") * 5 + b"\x80lat").decode()
    chain = " ".join(f"<{number - n}.q@example.org>" for n in range(4, -1, -1))
    return (
        f"Return-Path: <sen@{BODY}>\n"
        f"Received: from mail.{BODY} by mx.example.org with ESMTPS id {number:08x}; "
        f"{format_datetime(at)}\n"
        f"Received: from gateway.{BODY} (10.0.0.9) by mail.{BODY}; {format_datetime(at)}\n"
        f"Authentication-Results: mx.example.org; dkim=pass header.d={BODY}; spf=pass\n"
        f"From: {sender}\nTo: Sam Hollis <{ME}>\nSubject: {subject}\n"
        f"Thread-Topic: Plan for Ellis {number}\nThread-Index: {index}\n"
        f"Date: {format_datetime(at)}\nMessage-ID: <{number}.r@{BODY}>\n"
        f"References: {chain}\nIn-Reply-To: <{number}.q@example.org>\n"
        f"X-MS-Exchange-Organization-AuthAs: Internal\nMIME-Version: 1.0\n"
    )


def _plain_headers(encoding: str) -> str:
    return f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n"


def _outlook(
    head: str, text: str, own: str, signature: str, block: str, quoted: str, number: int
) -> bytes:
    mark = f"_000_{number:06d}_"
    paragraphs = "".join(
        f'<p class="MsoNormal"><span style="font-size:11.0pt">{line or "&nbsp;"}</span></p>\n'
        for line in f"Dear Sam,\n\n{own}\n\n{signature}\n\n{_DISCLAIMER}".splitlines()
    )
    answered = "".join(
        f'<p class="MsoNormal">{line or "&nbsp;"}</p>\n'
        for line in f"{block}\n\n{quoted}".replace("<", "&lt;").splitlines()
    )
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal'
        "{margin:0cm;font-family:Calibri}</style></head><body lang=EN-GB><div>"
        f'{paragraphs}<div style="border-top:solid #E1E1E1 1.0pt">{answered}</div></div></body>'
        "</html>"
    )
    parts = "".join(
        f"--{mark}\nContent-Type: text/{kind}; charset=utf-8\n"
        f"Content-Transfer-Encoding: {encoding}\n\n{body}\n"
        for kind, encoding, body in (
            ("plain", "base64", base64.encodebytes(text.encode()).decode()),
            ("html", "quoted-printable", quopri.encodestring(page.encode()).decode()),
        )
    )
    return _lines(
        f'{head}Content-Type: multipart/alternative; boundary="{mark}"\n\n{parts}--{mark}--\n'
    )


def _lines(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
