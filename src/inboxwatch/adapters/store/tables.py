"""The tables: what is stored and what is looked up by. Declares; never reads or writes.

Three rules hold everywhere, for both databases alike:

* A text of any length is never in an index: PostgreSQL refuses index rows above 2.7 kB, and a
  hostile Message-ID would stop the poll. What is looked up is a digest of it (`digest`).
* A time is a whole number of microseconds since 1970 in UTC.
* A text may hold NULs and lone surrogates, which PostgreSQL and UTF-8 refuse; `Words` escapes them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

from inboxwatch.adapters.store.columns import Instant, Raw, Words

SCHEMA = "0004"  # the newest migration; a test compares it with the folder
VERSION_TABLE = "inboxwatch_schema"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts INTEGER keys only


def _number(name: str = "number") -> Column[int]:
    return Column(name, _NUMBER, primary_key=True, autoincrement=True)


def _of_message(*, primary_key: bool = False) -> Column[bytes]:
    return Column(
        "message",
        Raw,
        ForeignKey("messages.digest", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        index=True,
    )


def _words(name: str) -> Column[str]:
    return Column(name, Words, nullable=False)


def _person() -> Column[str]:
    return Column("person", Words, nullable=False, index=True)


settings = Table("settings", metadata, Column("name", Words, primary_key=True), _words("value"))

messages = Table(
    "messages",
    metadata,
    Column("digest", Raw, primary_key=True),  # person, message id
    _words("person"),
    _words("message_id"),
    Column("at", Instant, nullable=False),
    _words("direction"),
    Column("original_sha256", Words, index=True),
    Column("sender_key", Raw),  # person, From address or an empty text
    Column("wording_key", Raw),  # fingerprint
    _words("classification"),
    _words("message"),
)
Index(None, messages.c.sender_key, messages.c.wording_key, messages.c.at)
Index(None, messages.c.person, messages.c.at)

message_keys = Table(
    "message_keys",
    metadata,
    Column("key", Raw, primary_key=True),  # person, threading key
    _of_message(primary_key=True),
    sqlite_with_rowid=False,
)

locations = Table(
    "locations",
    metadata,
    _number(),
    _of_message(),
    Column("place", Raw, nullable=False, unique=True),  # person and everything below
    Column("folder_key", Raw, nullable=False),  # account, folder
    _words("person"),
    _words("account"),
    _words("folder"),
    _words("role"),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
)
Index(None, locations.c.folder_key, locations.c.uidvalidity, locations.c.uid)

originals = Table(
    "originals",
    metadata,
    Column("sha256", Words, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("packing", Text, nullable=False),
    Column("content", Raw, nullable=False),
)

sent_ids = Table(
    "sent_ids",
    metadata,
    Column("digest", Raw, primary_key=True),  # person, message id
    _person(),
    _words("message_id"),
)

folders = Table(
    "folders",
    metadata,
    Column("folder_key", Raw, primary_key=True),
    Column("account", Words, nullable=False, index=True),
    _words("state"),
)

polls = Table(
    "polls",
    metadata,
    _number(),
    Column("account_key", Raw, nullable=False),
    _words("account"),
    _words("person"),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("scanned", BigInteger, nullable=False),
    Column("found", BigInteger, nullable=False),
    _words("problem"),
)
Index(None, polls.c.account_key, polls.c.ended_at)

unreadables = Table(
    "unreadables",
    metadata,
    _number(),
    Column("place", Raw, nullable=False, unique=True),
    Column("folder_key", Raw, nullable=False, index=True),
    _person(),
    _words("unreadable"),
)

placements = Table(
    "placements",
    metadata,
    _number(),
    _of_message(),
    _person(),
    Column("thread_key", Raw, nullable=False, index=True),  # person, thread id
    _words("council_mailbox"),
    _words("thread_id"),
    _words("link"),
)

overrides = Table(
    "overrides",
    metadata,
    _number("id"),
    _person(),
    Column("at", Instant, nullable=False),
    _words("decided_by"),
    _words("verb"),
    _words("target"),
    Column("council_mailbox", Words),
    _words("value"),
    _words("note"),
    Column("undone_at", Instant),
    sqlite_autoincrement=True,  # an id that was given out never comes again
)

reminders = Table(
    "reminders",
    metadata,
    _number(),
    Column("digest", Raw, nullable=False, unique=True),  # person and the key's parts
    Column("message", Raw, nullable=False, index=True),  # the unanswered one; may be gone
    _person(),
    Column("filed_at", Instant, nullable=False),
    _words("reminder"),
)

# Which messages each reminder was filed about, the unanswered one and its chasers.
reminder_messages = Table(
    "reminder_messages",
    metadata,
    Column("message", Raw, primary_key=True),  # may be gone
    Column(
        "reminder",
        _NUMBER,
        ForeignKey("reminders.number", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    sqlite_with_rowid=False,
)

# What changed since a person's mail was last judged; without a message it is everything.
changes = Table(
    "changes",
    metadata,
    _number(),
    _person(),
    Column("message", Raw),
    sqlite_autoincrement=True,  # what was read up to a number never comes again
)

# What decides whether unplaced mail may be a reply in a thread, and the thread's last status.
pages = Table(
    "pages",
    metadata,
    Column("thread_key", Raw, primary_key=True),  # person, thread id
    _words("person"),
    Column("body_key", Raw, nullable=False),  # person, body
    Column("begun", Instant),  # of its first spell; none without a question
    Column("ended", Instant),  # of its last one
    _words("status"),
    _words("page"),
)
Index(None, pages.c.body_key, pages.c.ended)
Index(None, pages.c.person)

# By what mail can speak to open questions: case references, days, who wrote, and of each name of a
# question one word, the one that the fewest others are found by.
page_marks = Table(
    "page_marks",
    metadata,
    Column("mark_key", Raw, primary_key=True),  # person, body, mark or word
    Column("ended", Instant, primary_key=True),  # of the spell that has it
    Column(
        "thread_key",
        Raw,
        ForeignKey("pages.thread_key", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    sqlite_with_rowid=False,
)

# Answers that count in a thread at a body, with what words they say.
answers = Table(
    "answers",
    metadata,
    Column("body_key", Raw, primary_key=True),  # person, body
    Column("at", Instant, primary_key=True),
    _of_message(primary_key=True),
    _words("body"),
    Column("words", Raw, nullable=False),  # two bytes of a digest of each, in order
    sqlite_with_rowid=False,
)

# Mail of people at a body that no mark places.
unplaced = Table(
    "unplaced",
    metadata,
    Column("message", Raw, ForeignKey("messages.digest", ondelete="CASCADE"), primary_key=True),
    _person(),
    Column("body_key", Raw, nullable=False),  # person, body
    Column("at", Instant, nullable=False),
)
Index(None, unplaced.c.body_key, unplaced.c.at)

deliveries = Table(
    "deliveries",
    metadata,
    _number(),
    Column("digest", Raw, nullable=False, unique=True),  # id
    _words("id"),
    _person(),
    _words("target"),
    _words("type"),
    _words("payload"),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant),
    Column("sent_at", Instant),
    _words("problem"),
)
Index(None, deliveries.c.state, deliveries.c.created_at)
