"""Faults at chosen positions of real polls: where they are aimed, and the long campaign.

`python -m tests.faults.campaign --count 2000 --seed 1` runs it and prints what was done.
"""

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from inboxwatch.adapters.imap import Endpoint
from inboxwatch.adapters.store import migrate, open_store
from tests.adapters.imap.conftest import a_mail, id_of
from tests.adapters.imap.everywhere import PLAIN
from tests.adapters.imap.hosted import ByClient
from tests.builders import COUNCIL, ME
from tests.faults.aim import NOW, Outcome, Range, polled, source_of
from tests.servers.cyrus import start_cyrus
from tests.servers.dovecot import DovecotServer, start_dovecot

ACCOUNTS = ("dovecot", "dovecot over TLS", "cyrus")


@contextmanager
def aimed_at(name: str, folder: Path) -> Iterator[Range]:
    """An account of `ACCOUNTS` to aim at; stores are kept in a folder."""
    empty, before = folder / "empty.db", folder / "before.db"
    migrate(empty)
    shutil.copyfile(empty, before)
    server = start_cyrus() if name == "cyrus" else start_dovecot()
    try:
        account = ByClient(server, PLAIN)
        _older_mail(account)
        _first_read(before, account.endpoint)
        _newer_mail(account)
        endpoint, encrypted = account.endpoint, name.endswith("TLS")
        if isinstance(server, DovecotServer) and encrypted:
            endpoint = replace(
                endpoint,
                host=server.host,
                port=server.tls_port,
                security="tls",
                ssl_context=server.certificates.client_context(),
            )
        yield Range(endpoint, folder, encrypted=encrypted, before=before, empty=empty)
    finally:
        server.stop()


def _first_read(path: Path, endpoint: Endpoint) -> None:
    store = open_store(path)
    source = source_of(endpoint)
    polled(store, source)
    source.close()
    store.close()


def _older_mail(account: ByClient) -> None:
    account.put("sent", [a_mail(f"asked{n}", sender=ME, to=COUNCIL) for n in range(3)], at=NOW)
    account.put("inbox", [_nth(n) for n in range(26)], at=NOW)
    account.put("school", [a_mail("trip", sender="office@school.example"), _nth(100)], at=NOW)
    account.put("junk", [_nth(104)], at=NOW)


def _newer_mail(account: ByClient) -> None:
    account.move(id_of("m8"), "inbox", "school")
    account.delete(id_of("m12"), "inbox")
    account.put("inbox", [_nth(n) for n in range(30, 38)], at=NOW)
    account.put("sent", [a_mail("chased", sender=ME, to=COUNCIL)], at=NOW)
    about = f"In-Reply-To: <{id_of('chased')}>"
    answer = a_mail("answer", sender="desk@casework.example", headers=about)
    account.put("inbox", [answer], at=NOW)


def _nth(n: int) -> bytes:
    """Every fourth a council's, with parts; one in ten names ours."""
    if n % 4 == 0:
        parts = "Content-Type: multipart/mixed; boundary=b"
        body = f"--b\r\nContent-Type: text/plain\r\n\r\nWords {n} {{12}}\r\n* 5 EXPUNGE\r\n--b--"
        return a_mail(f"m{n}", sender=COUNCIL, headers=parts, body=body)
    if n % 10 == 5:
        about = f"In-Reply-To: <{id_of('asked1')}>"
        return a_mail(f"m{n}", sender="desk@casework.example", headers=about)
    return a_mail(f"m{n}", sender=f"f{n}@notkent.gov.uk" if n % 3 else "f@example.net")


def campaign(count: int, seed: int) -> Iterator[tuple[str, Outcome]]:
    """Run so many cases, shared out among the accounts."""
    for name in ACCOUNTS:
        with TemporaryDirectory() as folder, aimed_at(name, Path(folder)) as target:
            for case in target.cases(-(-count // len(ACCOUNTS)), seed):
                yield name, target.run(case)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the long campaign; 1 when a case ended wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    wrong, by_harm, by_spot, slowest, struck = 0, Counter[str](), Counter[str](), 0.0, 0
    for name, outcome in campaign(chosen.count, chosen.seed):
        case = outcome.case
        by_harm[case.harm.value] += 1
        by_spot[case.spot.value] += 1
        struck += outcome.struck
        slowest = max(slowest, outcome.slowest)
        if outcome.wrong:
            wrong += 1
            print(f"WRONG {name}: {case}\n  " + "\n  ".join(outcome.wrong), flush=True)
    for counter in (by_spot, by_harm):
        for what, number in sorted(counter.items()):
            print(f"{number:6} {what}")
    print(
        f"seed {chosen.seed}: {sum(by_harm.values())} cases, {struck} connections struck,"
        f" slowest poll {slowest:.1f} s, {wrong} ended wrong"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
