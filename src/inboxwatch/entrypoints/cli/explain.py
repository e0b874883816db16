"""Explain a thread: every piece of evidence, every link, every day counted."""

from __future__ import annotations

import click

from inboxwatch.application.explain import Explanation
from inboxwatch.application.explain import explain as explained
from inboxwatch.application.listing import iso
from inboxwatch.domain.london import local
from inboxwatch.entrypoints.cli.opening import opened, person_option
from inboxwatch.entrypoints.cli.output import print_json, say
from inboxwatch.entrypoints.cli.show import print_heading


@click.command()
@click.argument("thread")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@person_option
@click.pass_context
def explain(ctx: click.Context, thread: str, as_json: bool, person: str | None) -> None:
    """Say why: the status, the days counted, and the evidence for each message."""
    with opened(ctx) as app:
        decider = app.decider(person, thread=thread)
        verdict = decider.thread(thread)
        told = explained(
            verdict,
            due=verdict.due,
            decisions=decider.said_about(verdict),
            hints=True,
        )
    if as_json:
        print_json(explanation_json(told))
        return
    print_explanation(told)


def explanation_json(told: Explanation) -> dict[str, object]:
    """Return an explanation for scripts."""
    return {
        "id": told.thread_id,
        "subject": told.subject,
        "status": told.status,
        "headline": told.headline,
        "facts": dict(told.facts),
        "count": list(told.count),
        "messages": [
            {
                "message_id": line.message_id,
                "at": iso(line.at),
                "direction": line.direction,
                "from": line.who,
                "kind": line.kind,
                "folder": line.folder,
                "why": list(line.why),
            }
            for line in told.messages
        ],
        "decisions": list(told.decisions),
        "notes": list(told.notes),
    }


def print_explanation(told: Explanation) -> None:
    """Print an explanation so that it fits a screen."""
    print_heading(told)
    if told.count:
        say("How the days were counted")
        for line in told.count:
            say(f"  {line}")
        say()
    say("Messages, and why each is what it is")
    for message in told.messages:
        arrow = "→" if message.direction == "sent" else "←"
        here = local(message.at)
        say(f"  {arrow} {here.day} {here:%b %Y %H:%M}  {message.kind}  {message.who}")
        for reason in message.why:
            say(f"      {reason}")
    if told.decisions:
        say()
        say("What you said")
        for line in told.decisions:
            say(f"  {line}")
