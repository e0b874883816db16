"""Your word counts: mark, classify-as, link, unlink, log, snooze, case, clock, event, undo."""

from __future__ import annotations

from datetime import date

import click

from inboxwatch.application.decide import CHANNELS, MARKS
from inboxwatch.application.listing import decision_json
from inboxwatch.application.wording import STATUS_WORDS, day_words, moment_words
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Override, Verb
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.verdict import Status, Verdict
from inboxwatch.entrypoints.cli.opening import Day, opened, person_option
from inboxwatch.entrypoints.cli.output import print_json, say, say_wrapped
from inboxwatch.entrypoints.cli.tables import print_table

_LONGEST_NOTE = 1_000  # characters: what you said yourself is shown as you said it


def _told(override: Override, words: str) -> None:
    say(f"{words} (decision {override.id}; `inboxwatch undo {override.id}` takes it back)")


def _now(verdict: Verdict) -> None:
    """Say where a thread stands after what was said."""
    standing = f"{STATUS_WORDS[verdict.status].lower()}: {verdict.reason}"
    say_wrapped(f"'{one_line(verdict.thread.subject, 80)}' now: {standing}")


@click.command()
@click.argument("thread")
@click.argument("value", type=click.Choice(MARKS))
@click.option("--note", default="", help="Why, in your own words.")
@person_option
@click.pass_context
def mark(ctx: click.Context, thread: str, value: str, note: str, person: str | None) -> None:
    """Say that a thread was answered elsewhere, needs no reply, or is to be watched again."""
    with opened(ctx) as app:
        decider = app.decider(person, thread=thread)
        verdict = decider.thread(thread)
        _told(decider.mark(thread, value, note), f"'{verdict.thread.subject}' is marked {value}")


@click.command(name="log")
@click.argument("thread")
@click.option("--phone", default=None, help="What was said on the phone.")
@click.option("--post", default=None, help="What came by post.")
@click.option("--portal", default=None, help="What stood on the council's portal.")
@click.option("--meeting", default=None, help="What was said in a meeting.")
@click.option("--other", default=None, help="Anything else.")
@person_option
@click.pass_context
def log(ctx: click.Context, /, thread: str, person: str | None, **said: str | None) -> None:
    """Note a call, a letter or a meeting with a thread; it changes no clock."""
    given = [(channel, said[channel]) for channel in CHANNELS if said[channel] is not None]
    if len(given) != 1:
        raise click.UsageError('give one of --phone, --post, --portal, --meeting, --other "words"')
    channel, words = given[0]
    with opened(ctx) as app:
        decider = app.decider(person, thread=thread)
        _told(decider.log(thread, channel, words or ""), f"noted ({channel})")


@click.command()
@click.argument("thread")
@click.option("--until", type=Day(), required=True, help="First day with reminders again.")
@person_option
@click.pass_context
def snooze(ctx: click.Context, thread: str, until: date, person: str | None) -> None:
    """Be silent about a thread until a day; its status stays what it is."""
    with opened(ctx) as app:
        decider = app.decider(person, thread=thread)
        _told(decider.snooze(thread, until), f"silent until {day_words(until)}")


@click.command()
@click.argument("thread")
@click.argument("name")
@person_option
@click.pass_context
def case(ctx: click.Context, thread: str, name: str, person: str | None) -> None:
    """Put a thread under a case, such as a child's initials."""
    with opened(ctx) as app:
        decider = app.decider(person, thread=thread)
        _told(decider.case(thread, name), f"now in case '{name}'")


@click.command()
@click.argument("thread")
@click.argument("preset")
@person_option
@click.pass_context
def clock(ctx: click.Context, thread: str, preset: str, person: str | None) -> None:
    """Choose the clock of a thread: a preset (see `clocks`) or 10wd, 14d, 6w, 1mo."""
    with opened(ctx) as app:
        decider = app.decider(person, thread=thread)
        _told(decider.clock(thread, preset, app.check_clock), f"the clock is now {preset}")


@click.command()
@click.argument("thread")
@click.argument("happened", metavar="NAME=DATE")
@person_option
@click.pass_context
def event(ctx: click.Context, thread: str, happened: str, person: str | None) -> None:
    """Say what happened on a day: id-asked, clarification-asked, decision, certificate, ….

    Some pause or restart the clock of a thread; a decision opens your own time to appeal. The
    events of each clock stand in `inboxwatch clocks --json`.
    """
    with opened(ctx) as app:
        decider = app.decider(person, thread=thread)
        _told(decider.event(thread, happened), f"noted: {happened}")


@click.command(name="classify-as")
@click.argument("message_id")
@click.argument("kind", type=click.Choice([k.value for k in Kind]))
@person_option
@click.pass_context
def classify_as(ctx: click.Context, message_id: str, kind: str, person: str | None) -> None:
    """Say what a message is; remembered for its sender and wording."""
    with opened(ctx) as app:
        _told(app.decider(person, message=message_id).classify(message_id, kind), f"it is {kind}")
        threads = app.decider(person, message=message_id).threads_with(message_id)
    for verdict in threads:
        _now(verdict)
        if kind == Kind.HUMAN.value and _only_holds(verdict, message_id):
            say("It only says that somebody will answer. If it is the answer all the same:")
            say(f"  inboxwatch mark {verdict.thread.id} answered")


def _only_holds(verdict: Verdict, message_id: str) -> bool:
    """Tell whether a message is one that answers nothing yet."""
    wanted = message_id.strip().strip("<>")
    return any(
        placed.entry.message_id == wanted and placed.entry.classification.holding
        for placed in verdict.thread.placed
    )


@click.command()
@click.argument("message_id")
@click.argument("thread")
@person_option
@click.pass_context
def link(ctx: click.Context, message_id: str, thread: str, person: str | None) -> None:
    """Put a message into a thread; the sender is learned as belonging to the body."""
    with opened(ctx) as app:
        decider = app.decider(person, thread=thread)
        _told(decider.link(message_id, thread), "linked")
        now = app.decider(person, thread=thread).thread(thread)
    _now(now)
    if now.status is Status.REVIEW:
        say(f"If it answers you: inboxwatch classify-as {message_id} human")


@click.command()
@click.argument("message_id")
@person_option
@click.pass_context
def unlink(ctx: click.Context, message_id: str, person: str | None) -> None:
    """Take a message out of its thread."""
    with opened(ctx) as app:
        _told(app.decider(person, message=message_id).unlink(message_id), "unlinked")


@click.command()
@click.argument("decision", type=int, required=False)
@click.option("--list", "listed", is_flag=True, help="Show every decision instead.")
@click.option("--json", "as_json", is_flag=True, help="With --list, as JSON.")
@person_option
@click.pass_context
def undo(
    ctx: click.Context, decision: int | None, listed: bool, as_json: bool, person: str | None
) -> None:
    """Take back a decision, the last one by default."""
    with opened(ctx) as app:
        name = app.person(person)
        if not listed:
            undone = app.decider(name).undo(decision)
            say(f"taken back: decision {undone.id} ({_words(undone)})")
            return
        with app.store.transaction() as tx:
            every = tx.overrides(name)
    if as_json:
        print_json([decision_json(o) for o in every])
        return
    print_table(
        ("id", "when", "by", "decision", "taken back"),
        [
            (
                str(o.id),
                moment_words(o.at),
                o.by,
                _words(o),
                moment_words(o.undone_at) if o.undone_at else "",
            )
            for o in every
        ],
        right=("id",),
        flexible=("decision",),
        optional=("by", "taken back"),
        longest=_LONGEST_NOTE,
    )


def _words(override: Override) -> str:
    box = override.council_mailbox
    about = f"at {box}" if box and override.verb is not Verb.CLASSIFY else ""
    words = (override.verb.value, override.value, about, f"<{override.target}>")
    text = " ".join(word for word in words if word)
    return f"{text}: {override.note}" if override.note else text
