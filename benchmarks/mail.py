"""How fast and how gently a big mailbox is read, beside other programs on the same server, one run.

Run: python -m benchmarks.mail [--keep FOLDER] [--quick]      (make bench-mail)

A Dovecot of its own holds 100,000 messages in INBOX and 20,000 in Sent. Ours is always the whole
program with its store: poll, judge, store, review. The others are mbsync (Debian's isync),
imapclient and imap_tools, and a bare socket that reads nothing into the answers: what the server
takes, below which nobody comes. A proxy makes it seem 40 ms away. Times are the best of a few.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import mail_peers as peers
from benchmarks.mail_bare import bare_news, bare_scan
from benchmarks.mail_bench import Bench
from benchmarks.mail_box import DECOYS, Sizes, Writer, append, fill
from benchmarks.mail_liar import lying
from benchmarks.mail_mbsync import mbsync, mbsync_config
from benchmarks.mail_ours import Took
from benchmarks.mail_proxy import Distant, distant

from tests.servers.dovecot import DovecotServer, start_dovecot

RTT = 0.040
_OFTEN = 100  # times that a bare socket asks for the same news


def warm(bench: Bench) -> None:
    """Let the server fill its caches, as the mail program that somebody uses every day does.

    Only a client that may write brings Dovecot's list of counts up to date.
    """
    with bench.server.login(bench.user) as client:
        for folder in ("INBOX", "Sent"):
            client.select_folder(folder)
            client.unselect_folder()
    peers.apart(peers.careful_scan, bench.server.port, bench.user.name)
    peers.apart(peers.every_envelope, bench.server.port, bench.user.name)
    bench.first_scan(bench.plain(), 1)


def check(bench: Bench, stored: Any, what: str) -> None:
    """Compare what was stored with the truth."""
    missed = len(bench.wanted - stored["ids"])
    wrong = len(stored["ids"] - bench.wanted)
    bench.table.bound(f"{what}: missed of {len(bench.wanted):,}", missed, 0, "")
    bench.table.bound(f"{what}: decoys stored of {DECOYS}", wrong, 0, "")


def say(what: str) -> None:
    """Tell how far it is."""
    print(f"... {what} ({datetime.now():%H:%M:%S})", flush=True)  # noqa: DTZ005


def scans(bench: Bench, far: Distant, *, heavy: bool) -> None:
    """First scans."""
    port, name, table = bench.server.port, bench.user.name, bench.table
    say("first scans")
    took, stored = bench.first_scan(bench.plain(), bench.times)
    careful = peers.apart(peers.careful_scan, port, name, times=bench.times)
    check(bench, stored, "first scan")
    print(f"    {stored['threads']} threads stored; SEARCH trusted: {stored['trusted']}; ", end="")
    print(f"the careful peer read {careful.found} messages")
    if heavy:
        say("mbsync, everything")
        mirror = mbsync(mbsync_config(bench.folder, port=port, user=name))
        table.ratio("first scan: mbsync full", mirror.seconds, took.seconds, 40)
        say("imapclient, every envelope")
        envelopes = peers.apart(peers.every_envelope, port, name)
        table.ratio("first scan: imapclient ENVELOPE of all", envelopes.seconds, took.seconds, 20)
        say("imap_tools, every header")
        headers = peers.apart(peers.every_header, port, name)
        table.ratio("first scan: imap_tools headers of all", headers.seconds, took.seconds, 30)
    bare = peers.apart(bare_scan, port, name, times=bench.times)
    table.ratio("first scan: a bare socket, nothing read or stored", bare.seconds, took.seconds, 0)
    table.ratio("first scan: careful imapclient, RTT 0", careful.seconds, took.seconds, 1.2)
    table.ratio("   processor time of the client", careful.cpu, took.cpu, 0)
    table.note("   of ours the poll, without the review", took.poll * 1e3, "ms")
    table.bound("first scan: peak memory", took.peak_mb, 120, "MB")
    chain = {"by_imapclient": {"port": port, "user": name}}
    fed, _stored = bench.first_scan(bench.plain(), bench.times, **chain)
    table.ratio("first scan: our chain fed by imapclient, RTT 0", fed.seconds, took.seconds, 0)
    say("first scans from afar")
    far.passed()
    took, _stored = bench.first_scan(bench.plain(far.port), bench.times)
    passed = far.passed()
    careful = peers.apart(peers.careful_scan, far.port, name, times=bench.times)
    table.ratio("first scan: careful imapclient, RTT 40", careful.seconds, took.seconds, 1.6)
    chain = {"by_imapclient": {"port": far.port, "user": name}}
    fed, _stored = bench.first_scan(bench.plain(), bench.times, **chain)
    table.ratio("first scan: our chain fed by imapclient, RTT 40", fed.seconds, took.seconds, 0)
    table.note("first scan: turns", passed.turns / bench.times, "")
    table.note("first scan: bytes down", passed.down / bench.times / 1e6, "MB")


def quiet(bench: Bench, far: Distant, far_tls: Distant, *, heavy: bool) -> None:
    """Polls without news."""
    port, name, table = bench.server.port, bench.user.name, bench.table
    say("polls without news")
    near = bench.ours(bench.plain())
    near.poll(), near.poll()
    kept = best(near.poll, 1_000)  # as long, all together, as the runs of the others
    near.close()
    away = bench.ours(bench.plain(far.port))
    away.poll(), away.poll()
    far.passed()
    kept_far = best(away.poll, 10)
    passed = far.passed()
    away.close()
    table.bound("no change, kept open: turns", passed.turns / 10, 1, "")
    table.note("no change, kept open: processor time", kept.cpu * 1e3, "ms")
    table.note("   of the time the poll, without the look at what changed", kept.poll * 1e3, "ms")
    if heavy:
        theirs = mbsync(mbsync_config(bench.folder, port=port, user=name), times=4)
        table.ratio("no change, kept open: mbsync, RTT 0", theirs.seconds, kept.seconds, 300)
        config = mbsync_config(bench.folder, port=far.port, user=name)
        theirs = mbsync(config, times=2)
        mirrored = far.passed()
        table.ratio("no change, kept open: mbsync, RTT 40", theirs.seconds, kept_far.seconds, 15)
        table.ratio("no change: bytes of mbsync", (mirrored.up + mirrored.down) / 2,
                    (passed.up + passed.down) / 10, 1_000, "B")  # fmt: skip
    fresh = bench.ours(bench.tls(far_tls.port), kept_open=False)
    fresh.poll(), fresh.poll()
    far_tls.passed()
    ours = best(fresh.poll, 10)
    passed = far_tls.passed()
    table.note("no change, fresh TLS: turns, with those of TLS", passed.turns / 10, "")
    fresh.close()
    ca_file = str(bench.server.certificates.authority)
    theirs = peers.apart(peers.statuses, far_tls.port, name, ca_file, True, times=10)
    table.ratio("no change, fresh TLS: imapclient, RTT 40", theirs.seconds, ours.seconds, 2)
    fresh = bench.ours(bench.tls(), kept_open=False)
    fresh.poll(), fresh.poll()
    ours = least_cpu(fresh.poll, 100)
    fresh.close()
    theirs = peers.apart(peers.statuses, bench.server.tls_port, name, ca_file, False, times=30)
    table.ratio(
        "no change, fresh TLS: CPU of imapclient, its own context", theirs.cpu, ours.cpu, 15
    )
    theirs = peers.apart(peers.statuses, bench.server.tls_port, name, ca_file, True, times=100)
    table.ratio("no change, fresh TLS: CPU of imapclient, shared context", theirs.cpu, ours.cpu, 0)


def news(bench: Bench, far: Distant, *, heavy: bool) -> None:
    """Ten new messages, one of them the council's."""
    port, name, table = bench.server.port, bench.user.name, bench.table
    say("ten new messages")
    near, away = bench.ours(bench.plain()), bench.ours(bench.plain(far.port))
    near.poll(), away.poll(), near.poll(), away.poll()
    ours: list[Took] = []
    ours_far: list[Took] = []
    turns = []
    mirrored: list[float] = []
    again: list[float] = []
    careful: list[float] = []
    config = mbsync_config(bench.folder, port=port, user=name) if heavy else None
    for round in range(5):
        first = _uidnext(bench)
        bench.more_mail()
        ours.append(near.poll())
        far.passed()
        ours_far.append(away.poll())
        turns.append(far.passed().turns)
        careful.append(peers.apart(peers.careful_news, port, name, first).seconds)
        if round < 2:
            again.append(peers.apart(peers.matches_again, port, name).seconds)
            if config is not None:
                mirrored.append(mbsync(config).seconds)
    if {took.new for took in (*ours, *ours_far)} != {1}:
        raise SystemExit("a message of the council's was not found among the new ones")
    near.close(), away.close()
    best_near = min(took.seconds for took in ours)
    if mirrored:
        table.ratio("+10 messages: mbsync, RTT 0", min(mirrored), best_near, 150)
    table.ratio("+10 messages: imap_tools, all matches again", min(again), best_near, 150)
    table.ratio("+10 messages: careful imapclient, no judging", min(careful), best_near, 0)
    bare = peers.apart(bare_news, port, name, first, _OFTEN)
    table.ratio("+10 messages: a bare socket", bare.seconds / _OFTEN, best_near, 0)
    table.note("   of ours the poll, without the review", min(t.poll for t in ours) * 1e3, "ms")
    table.bound("+10 messages: turns", max(turns), 3, "")
    table.note("+10 messages: RTT 40", min(t.seconds for t in ours_far) * 1e3, "ms")


def growth(bench: Bench) -> None:
    """A poll without news of a big mailbox and of a small one."""
    say("growth")
    small = bench.server.new_user()
    writer = Writer()
    bench.server.create_folder(small, "Sent")
    append(bench.server, small, "Sent", writer.sent(60))
    append(bench.server, small, "INBOX", writer.inbox(300))
    of_small = bench.ours({**bench.plain(), "username": small.name})
    of_big = bench.ours(bench.plain())
    for ours in (of_small, of_big):
        ours.poll(), ours.poll()
    pairs = [(of_small.poll().seconds, of_big.poll().seconds) for _ in range(40)]
    of_small.close(), of_big.close()
    ratio = min(big for _small, big in pairs) / min(one for one, _big in pairs)
    bench.table.bound("no change: 120,000 messages beside 360", ratio, 1.3, "x")


def liar(bench: Bench) -> None:
    """A server whose SEARCH passes over every third hit."""
    say("a SEARCH that lies")
    with lying(bench.server.port) as port:
        _took, stored = bench.first_scan(bench.plain(port), 1)
    check(bench, stored, "a SEARCH that lies")


def best(work: Callable[[], Took], times: int) -> Took:
    """Return the fastest of some runs."""
    return min((work() for _ in range(times)), key=lambda took: took.seconds)


def least_cpu(work: Callable[[], Took], times: int) -> Took:
    """Return the run that computed least."""
    return min((work() for _ in range(times)), key=lambda took: took.cpu)


def _uidnext(bench: Bench) -> dict[str, int]:
    with bench.server.login(bench.user) as client:
        return {
            name: client.folder_status(name, ["UIDNEXT"])[b"UIDNEXT"] for name in ("INBOX", "Sent")
        }


def with_compression(server: DovecotServer) -> None:
    """Let the server offer COMPRESS, which mbsync uses."""
    import signal
    import time

    if server.version < (2, 4):
        config = server.folder / "dovecot.conf"
        config.write_text(config.read_text() + "\nprotocol imap {\n  mail_plugins = imap_zlib\n}\n")
        server.process.send_signal(signal.SIGHUP)
        time.sleep(1)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--keep", type=Path, help="keep the filled account here for the next run")
    parser.add_argument("--inbox", type=int, default=Sizes().inbox)
    parser.add_argument("--sent", type=int, default=Sizes().sent)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--light", action="store_true", help="without the peers that read it all")
    parser.add_argument("--only", nargs="*", default=["scan", "quiet", "news", "growth", "liar"])
    parser.add_argument("-v", action="store_true", help="tell the stages of each poll of ours")
    chosen = parser.parse_args()
    sizes = Sizes(inbox=chosen.inbox, sent=chosen.sent)
    heavy = not chosen.light
    with ExitStack() as closing:
        server = start_dovecot(mail_format="mdbox")
        closing.callback(server.stop)
        with_compression(server)
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="iw-bench-")))
        user = server.new_user()
        say(f"filling {sizes.inbox + sizes.sent:,} messages")
        wanted = fill(server, user, sizes, kept=chosen.keep)
        far = closing.enter_context(distant(server.port, rtt=RTT))
        far_tls = closing.enter_context(distant(server.tls_port, rtt=RTT))
        bench = Bench(server, user, folder, wanted, sizes, chosen.times)
        say("warming the server's caches")
        warm(bench)
        try:
            if "scan" in chosen.only:
                scans(bench, far, heavy=heavy)
            if "quiet" in chosen.only:
                quiet(bench, far, far_tls, heavy=heavy)
            if "news" in chosen.only:
                news(bench, far, heavy=heavy)
            if "growth" in chosen.only:
                growth(bench)
            if "liar" in chosen.only:
                liar(bench)
        finally:
            bench.table.show()


if __name__ == "__main__":
    main()
