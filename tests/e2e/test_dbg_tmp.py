from tests.e2e.test_answering import *
from tests.e2e.conftest import household
from tests.conftest import *
def test_dbg(household, start_smtp):
    reminder = reminded(household, start_smtp())
    answer(household, "done 2", to=reminder, folder="Sent", message_id="mine@example.org")
    print(household.run("poll"))
    print(household.run("review"))
    import sqlite3
    db=sqlite3.connect(household.folder/"data"/"inboxwatch.db")
    for (n,) in db.execute("select name from sqlite_master where type='table'").fetchall(): print(n, db.execute(f"select count(*) from {n}").fetchone())
    print(db.execute("select * from messages").fetchall()[-1] if True else '')
    print(db.execute("select name, substr(value,1,300) from settings").fetchall())
    print(reminder)
    assert 0
