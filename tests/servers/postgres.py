"""A PostgreSQL cluster of the test run's own: a folder, a Unix socket, no port."""

import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers import programs

PACKAGE = "postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A running cluster; `postgres` is its superuser and needs no password."""

    folder: Path
    process: subprocess.Popen[bytes]

    def dsn(self, database: str = "postgres") -> str:
        """For psycopg and libpq."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy with psycopg 3."""
        return self.dsn(database).replace("postgresql://", "postgresql+psycopg://", 1)

    @contextmanager
    def database(self) -> Iterator[str]:
        """A fresh empty database; gives its name and drops it afterwards, whoever is in it."""
        name = f"test_{uuid.uuid4().hex}"
        self._run("CREATE DATABASE {} TEMPLATE template0", name)
        try:
            yield name
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def stop(self) -> None:
        """Stop at once and remove every file."""
        programs.stop(self.process, signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, statement: str, database: str) -> None:
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(database)))


def start_postgres() -> PostgresServer:
    """Make a cluster in a new folder and wait until it answers.

    Raises:
        programs.ServerFailed: PostgreSQL is missing or did not start.
    """
    identity = programs.unprivileged("postgres")
    initdb = _binary("initdb")
    postgres = _binary("postgres")
    folder = programs.folder_for("pg", owner=identity)
    log, cluster = folder / "log", folder / "cluster"
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    made = programs.start(
        [initdb, "--pgdata", str(cluster), "--username=postgres", *options],
        log=log,
        death_signal="KILL",
        identity=identity,
    )
    if made.wait(60) != 0:
        raise programs.ServerFailed(f"initdb ended with {made.returncode}:\n{programs.tail(log)}")
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "200",
        "shared_buffers": "32MB",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    process = programs.start(
        [postgres, "-D", str(cluster), *options], log=log, death_signal="QUIT", identity=identity
    )
    server = PostgresServer(folder=folder, process=process)
    try:
        programs.wait_until(lambda: _answers(server), process, what="postgres", log=log)
    except BaseException:
        server.stop()
        raise
    return server


def _binary(name: str) -> str:
    # Debian keeps the server's programs out of PATH, one folder a major version.
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True
    )
    return programs.program(name, package=PACKAGE, also_in=[str(path) for path in newest_first])


def _answers(server: PostgresServer) -> bool:
    try:
        psycopg.connect(server.dsn(), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
