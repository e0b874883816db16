"""A server that is missing fails a test with words; none outlives its test run."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.servers import programs


def test_a_missing_program_names_its_debian_package() -> None:
    with pytest.raises(programs.ServerFailed, match="apt-get install dovecot-imapd"):
        programs.program("no-such-dovecot", package="dovecot-imapd")


def test_a_server_that_ends_early_shows_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = programs.start(["sh", "-c", "echo no room; exit 3"], log=log, death_signal="KILL")
    with pytest.raises(programs.ServerFailed, match=r"(?s)ended with 3.*no room"):
        programs.wait_until(lambda: False, process, what="it", log=log)


def test_a_server_that_does_not_listen_to_asking_is_stopped_all_the_same(tmp_path: Path) -> None:
    stubborn = ["sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"]
    log = tmp_path / "log"
    process = programs.start(stubborn, log=log, death_signal="KILL")
    programs.wait_until(lambda: "up" in log.read_text(), process, what="it", log=log)
    programs.stop(process, signal.SIGTERM, seconds=0.3)
    assert process.returncode == -signal.SIGKILL


def test_servers_die_with_a_test_run_that_is_killed(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import signal, time
        from tests.servers.dovecot import start_dovecot
        from tests.servers.postgres import start_postgres
        dovecot, postgres = start_dovecot(), start_postgres()
        print(dovecot.process.pid, dovecot.folder, postgres.process.pid, postgres.folder)
        print(flush=True)
        time.sleep(60)
        """
    )
    run = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    pids_and_folders = run.stdout.readline().split()
    pids = [int(pid) for pid in pids_and_folders[::2]]
    assert all(_is_running(pid) for pid in pids)

    run.kill()
    run.communicate()

    deadline = time.monotonic() + 20
    while any(_is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_is_running(pid) for pid in pids)
    for folder in pids_and_folders[1::2]:
        subprocess.run(["rm", "-rf", "--", folder], check=True)


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z" and os.path.exists(f"/proc/{pid}")
