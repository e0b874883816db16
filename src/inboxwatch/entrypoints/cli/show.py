"""Show one thread with its messages."""

from __future__ import annotations

import click

from inboxwatch.application.explain import Explanation, explain, message_line, short_day
from inboxwatch.application.listing import thread_json
from inboxwatch.domain.london import local
from inboxwatch.entrypoints.cli.opening import opened, person_option
from inboxwatch.entrypoints.cli.output import print_json, say, say_facts, say_wrapped
from inboxwatch.entrypoints.cli.tables import print_table


@click.command()
@click.argument("thread")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.option("--text", is_flag=True, help="With what each message says.")
@person_option
@click.pass_context
def show(ctx: click.Context, thread: str, as_json: bool, text: bool, person: str | None) -> None:
    """Show a thread: where it stands and every message in it."""
    with opened(ctx) as app:
        verdict = app.decider(person, thread=thread).thread(thread)
    if as_json:
        print_json(thread_json(verdict))
        return
    print_heading(explain(verdict, hints=True))
    lines = [message_line(placed) for placed in verdict.thread.placed]
    print_table(
        ("when", "", "from", "kind", "folder", "subject"),
        [
            (
                f"{short_day(local(line.at).date())} {local(line.at):%H:%M}",
                "→" if line.direction == "sent" else "←",
                line.who,
                line.kind,
                line.folder,
                line.subject,
            )
            for line in lines
        ],
        flexible=("from", "subject"),
        optional=("folder",),
    )
    if text:
        for placed, line in zip(verdict.thread.placed, lines, strict=True):
            say()
            say(f"--- {line.who}, {local(line.at):%d %B %Y %H:%M} <{line.message_id}>")
            for row in placed.entry.message.own_text.splitlines():
                say("    " + row)


def print_heading(told: Explanation) -> None:
    """Print the subject, the status and the facts of a thread."""
    say_wrapped(f"{told.subject}  [{told.thread_id}]")
    say_wrapped(told.headline)
    say()
    say_facts(told.facts)
    for note in told.notes:
        say_wrapped(f"note: {note}", indent="  ", hanging="    ")
    say()
