"""Make a big mbox of invented mail, the same every time: one message in a hundred is a council's.

Run as `python benchmarks/big_mbox.py OUT.mbox --messages 100000`.
"""

from __future__ import annotations

import argparse
import base64
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

ME = "parent@example.org"
COUNCIL = "send@kent.gov.uk"
START = datetime(2024, 1, 1, 8, tzinfo=UTC)
_SIZES = (1_500, 2_500, 4_000, 6_000, 9_000, 14_000, 45_000)
_WORDS = (
    "school", "plan", "review", "meeting", "letter", "term", "week", "request", "annual",
    "support", "need", "child", "answer", "list", "train", "order", "parcel", "offer", "news",
    "club", "garden", "holiday", "photo", "ticket", "recipe", "invoice", "account", "From",
)  # fmt: skip


def messages(count: int, *, council_every: int = 100, seed: int = 7) -> Iterator[bytes]:
    """Yield messages as they stand in an mbox, From_ line and all; 2.5 to 50 KB each."""
    dice = random.Random(seed)
    blocks = [_text(dice, size) for size in _SIZES]
    files = [base64.encodebytes(dice.randbytes(size)) for size in (9_000, 25_000)]
    for number in range(count):
        at = START + timedelta(minutes=10 * number)
        if number % council_every == 0:
            yield _council(number, at, blocks[0])
        else:
            yield _other(
                number, at, dice.choice(blocks), dice.choice(files) if number % 7 == 0 else b""
            )


def write(path: Path, count: int, *, council_every: int = 100) -> int:
    """Write an mbox and return its size in bytes."""
    with path.open("wb") as file:
        for message in messages(count, council_every=council_every):
            file.write(message)
    return path.stat().st_size


def _text(dice: random.Random, size: int) -> bytes:
    lines: list[str] = []
    while sum(map(len, lines)) < size:
        lines.append(" ".join(dice.choices(_WORDS, k=11)) + "\n")
    quoted = (">" + line if line.startswith("From ") else line for line in lines)
    return "".join(quoted).encode("ascii")


def _council(number: int, at: datetime, body: bytes) -> bytes:
    """Every second is a question of ours, the other the machine's receipt for the one before."""
    sent = number // 100 % 2 == 0
    mine, theirs = f"A Parent <{ME}>", f"SEND Team <{COUNCIL}>"
    sender, to = (mine, theirs) if sent else (theirs, mine)
    extra = (
        "" if sent else f"In-Reply-To: <{number - 100}@example.org>\nAuto-Submitted: auto-replied\n"
    )
    words = b"Please tell me when the plan will be issued.\n\n" if sent else b"Thank you.\n\n"
    head = _head(number, at, sender, to, f"Plan review {number // 200}", extra)
    return head + b"Content-Type: text/plain; charset=utf-8\n\n" + words + body + b"\n"


def _other(number: int, at: datetime, body: bytes, attached: bytes) -> bytes:
    sender = f"Shop {number % 500} <news{number % 500}@shop{number % 300}.example>"
    extra = f"List-Id: <list{number % 40}.example>\n"
    if number % 3 == 0:
        extra += f"References: <{number - 1}@mx.example> <{number - 2}@mx.example>\n"
    head = _head(number, at, sender, f"A Parent <{ME}>", f"News {number}", extra)
    if not attached:
        return head + b"Content-Type: text/plain\n\n" + body + b"\n"
    mark = b"==%d==" % number
    return b"".join(
        [
            head, b'Content-Type: multipart/mixed; boundary="', mark, b'"\n\n--', mark,
            b"\nContent-Type: text/plain\n\n", body, b"\n--", mark,
            b"\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n",
            attached, b"\n--", mark, b"--\n\n",
        ]
    )  # fmt: skip


def _head(number: int, at: datetime, sender: str, to: str, subject: str, extra: str) -> bytes:
    stamp = format_datetime(at)
    hops = "".join(
        f"Received: from mx{hop}.example (mx{hop}.example [192.0.2.{hop}])\n\tby mx.example.org "
        f"with ESMTPS id {number}{hop}\n\tfor <{ME}>; {stamp}\n"
        for hop in range(1, 4)
    )
    signature = "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=a; b=" + "\n\t".join(
        ["x" * 70] * 6
    )
    return (
        f"From {number}@mx.example {at:%a %b %d %H:%M:%S %Y}\n{hops}{signature}\nFrom: {sender}\n"
        f"To: {to}\nSubject: {subject}\nDate: {stamp}\nMessage-ID: <{number}@example.org>\n"
        f"{extra}MIME-Version: 1.0\n"
    ).encode("ascii")


def main() -> None:
    """Write the file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--messages", type=int, default=100_000)
    chosen = parser.parse_args()
    print(f"{write(chosen.path, chosen.messages):,} bytes")


if __name__ == "__main__":
    main()
