"""The other programs of `benchmarks.mail`, each used as its authors mean it to be."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.mail_box import COUNCIL, ME

_SET = 1_000  # UIDs in one FETCH: imapclient writes each of them out
_TEXT = b"BODY.PEEK[%b]<0.16384>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a peer's work took."""

    seconds: float
    cpu: float
    peak_mb: float
    found: int


def apart(work: Callable[..., int], *args: Any, times: int = 1) -> Run:
    """Run a peer in a process of its own, some times; return its best run."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_apart, args=(work, args, times, theirs))
    process.start()
    while not mine.poll(0.5):
        if not process.is_alive():
            raise SystemExit(f"{work.__name__} ended without an answer")
    run: Run = mine.recv()
    process.join()
    return run


def _apart(work: Callable[..., int], args: Any, times: int, answer: Connection) -> None:
    import imap_tools  # noqa: F401  the imports are not part of the work
    import imapclient  # noqa: F401

    runs = []
    for _ in range(times):
        began, cpu = time.perf_counter(), time.process_time()
        found = work(*args)
        ended, used = time.perf_counter(), time.process_time()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        runs.append(Run(seconds=ended - began, cpu=used - cpu, peak_mb=peak, found=found))
    answer.send(min(runs, key=lambda run: run.seconds))


# ---------------------------------------------------------------- imapclient


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A message as far as a careful client reads it: fields, structure, first text part."""

    uid: int
    header: bytes
    received_at: datetime | None
    size: int
    part: dict[str, Any] | None


def _login(port: int, user: str, **options: Any) -> Any:
    import imapclient

    client = imapclient.IMAPClient(
        "localhost" if options else "127.0.0.1", port, ssl=bool(options), timeout=60, **options
    )
    client.login(user, "secret")
    return client


def careful(port: int, user: str) -> Iterator[tuple[str, int, int, int, list[Fetched]]]:
    """Search with our keys, fetch fields and structure in sets, then the first texts."""
    from inboxwatch.adapters.imap import search
    from inboxwatch.adapters.imap.interest import FIELDS, Interest
    from inboxwatch.adapters.mime import HEADER_FIELDS
    from inboxwatch.domain.bodies import Watch, body_for

    interest = Interest(
        Watch(bodies=(body_for(COUNCIL),), own_addresses=frozenset({ME})), lambda _id: False
    )
    wanted = [program.decode() for program in search.wanted(interest, max_bytes=7_000)]
    names = " ".join(dict.fromkeys((*FIELDS, *(name.upper() for name in HEADER_FIELDS))))
    fields = f"BODY.PEEK[HEADER.FIELDS ({names})]"
    with _login(port, user) as client:
        client._imap.debug = 0
        client.normalise_times = False
        client.list_folders()
        own: set[str] = set()
        for folder in ("Sent", "INBOX"):
            selected = client.select_folder(folder, readonly=True)
            uids: set[int] = set()
            programs = [*wanted, *(p.decode() for p in search.naming(own, max_bytes=7_000))]
            for program in programs:
                uids.update(client.search(program))
            ordered = sorted(uids)
            heads: dict[int, Any] = {}
            for start in range(0, len(ordered), _SET):
                items = [b"INTERNALDATE", b"RFC822.SIZE", b"BODYSTRUCTURE", fields]
                heads.update(client.fetch(ordered[start : start + _SET], items))
            parts = {uid: _first_text(head[b"BODYSTRUCTURE"]) for uid, head in heads.items()}
            same: dict[str, list[int]] = {}
            for uid, part in parts.items():
                if part is not None:
                    same.setdefault(part["path"], []).append(uid)
            texts: dict[int, bytes] = {}
            for path, members in same.items():
                for start in range(0, len(members), _SET):
                    asked = members[start : start + _SET]
                    for uid, said in client.fetch(asked, [_TEXT % path.encode()]).items():
                        texts[uid] = said.get(b"BODY[%b]<0>" % path.encode(), b"")
            mails = []
            for uid, head in heads.items():
                header = next(v for k, v in head.items() if k.startswith(b"BODY[HEADER.FIELDS"))
                part = parts[uid]
                mails.append(
                    Fetched(
                        uid=uid,
                        header=header,
                        received_at=head[b"INTERNALDATE"].astimezone(UTC),
                        size=head[b"RFC822.SIZE"],
                        part=part and {**part, "raw": texts.get(uid, b"")},
                    )
                )
            if folder == "Sent":
                own = {f"x@{ME.rpartition('@')[2]}"}
            yield (
                folder,
                selected[b"UIDVALIDITY"],
                selected[b"UIDNEXT"],
                selected[b"EXISTS"],
                mails,
            )


def _first_text(structure: Any, path: str = "") -> dict[str, Any] | None:
    if isinstance(structure[0], list):
        for number, child in enumerate(structure[0], 1):
            found = _first_text(child, f"{path}.{number}" if path else str(number))
            if found is not None:
                return found
        return None
    if structure[0].lower() != b"text" or structure[1].lower() != b"plain":
        return None
    pairs = [said.decode("ascii", "replace") for said in structure[2] or ()]
    return {
        "path": path or "1",
        "content_type": "text/plain",
        "parameters": tuple(zip(map(str.lower, pairs[::2]), pairs[1::2], strict=True)),
        "encoding": structure[5].decode("ascii").lower(),
        "size": structure[6],
    }


def careful_scan(port: int, user: str) -> int:
    """Read what may be the council's, as `careful` does."""
    return sum(len(mails) for *_rest, mails in careful(port, user))


def every_envelope(port: int, user: str) -> int:
    """Fetch the ENVELOPE of everything."""
    count = 0
    with _login(port, user) as client:
        for folder in ("Sent", "INBOX"):
            exists = client.select_folder(folder, readonly=True)[b"EXISTS"]
            for first in range(1, exists + 1, _SET):
                client.use_uid = False
                found = client.fetch(f"{first}:{min(first + _SET - 1, exists)}", ["ENVELOPE"])
                count += len(found)
    return count


def statuses(port: int, user: str, ca_file: str | None, shared: bool) -> int:
    """Connect, ask for the STATUS of both folders, log out."""
    import ssl

    options: dict[str, Any] = {}
    if ca_file is not None:
        if shared:
            options["ssl_context"] = _shared(ca_file)
        else:
            options["ssl_context"] = ssl.create_default_context()
            options["ssl_context"].load_verify_locations(ca_file)
    with _login(port, user, **options) as client:
        for folder in ("INBOX", "Sent"):
            client.folder_status(folder, ["MESSAGES", "UIDNEXT", "UIDVALIDITY"])
    return 0


_contexts: dict[str, Any] = {}


def _shared(ca_file: str) -> Any:
    import ssl

    if ca_file not in _contexts:
        _contexts[ca_file] = ssl.create_default_context(cafile=ca_file)
    return _contexts[ca_file]


def careful_news(port: int, user: str, uidnext: dict[str, int]) -> int:
    """Ask for the news since a UID of each folder as a careful user of imapclient does."""
    found = 0
    with _login(port, user) as client:
        for folder, first in uidnext.items():
            status = client.folder_status(folder, ["UIDNEXT"])
            if status[b"UIDNEXT"] == first:
                continue
            client.select_folder(folder, readonly=True)
            uids = client.search(
                f'UID {first}:* OR FROM "{COUNCIL}" OR TO "{COUNCIL}" CC "{COUNCIL}"'
            )
            uids = [uid for uid in uids if uid >= first]
            if uids:
                found += len(client.fetch(uids, ["BODYSTRUCTURE", "BODY.PEEK[HEADER]"]))
                client.fetch(uids, [_TEXT % b"1"])
            client.unselect_folder()
    return found


# ---------------------------------------------------------------- imap_tools


def every_header(port: int, user: str) -> int:
    """Fetch the headers of everything with imap_tools, in sets."""
    from imap_tools import MailBoxUnencrypted

    count = 0
    with MailBoxUnencrypted("127.0.0.1", port).login(user, "secret") as box:
        for folder in ("Sent", "INBOX"):
            box.folder.set(folder, readonly=True)
            for mail in box.fetch(mark_seen=False, headers_only=True, bulk=500):
                count += bool(mail.from_)
    return count


def matches_again(port: int, user: str) -> int:
    """Fetch every match anew with imap_tools, as a poller without a memory does."""
    from imap_tools import OR, MailBoxUnencrypted

    count = 0
    with MailBoxUnencrypted("127.0.0.1", port).login(user, "secret") as box:
        for folder in ("Sent", "INBOX"):
            box.folder.set(folder, readonly=True)
            wanted = OR(from_=COUNCIL, to=COUNCIL, cc=COUNCIL)
            count += sum(1 for _ in box.fetch(wanted, mark_seen=False, bulk=500))
    return count
