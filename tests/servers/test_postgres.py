"""The PostgreSQL of the tests gives each test a database of its own."""

import psycopg
import pytest
import sqlalchemy

from tests.servers.postgres import PostgresServer


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(postgres_url: str, turn: int) -> None:
    engine = sqlalchemy.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE only_here (turn integer)"))
        connection.execute(sqlalchemy.text("INSERT INTO only_here VALUES (:turn)"), {"turn": turn})
        rows = connection.execute(sqlalchemy.text("SELECT turn FROM only_here")).all()
    engine.dispose()
    assert rows == [(turn,)]


def test_a_database_is_dropped_even_while_somebody_is_in_it(postgres: PostgresServer) -> None:
    with postgres.database() as name:
        left_open = psycopg.connect(postgres.dsn(name))
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(postgres.dsn(name))
    left_open.close()
