"""Explain a thread: every piece of evidence, every link, every day counted."""

from __future__ import annotations

import click

from inboxwatch.application.explain import Explanation, condensed
from inboxwatch.application.explain import explain as explained
from inboxwatch.application.listing import iso
from inboxwatch.domain.london import local
from inboxwatch.entrypoints.cli.opening import opened, person_option
from inboxwatch.entrypoints.cli.output import print_json, say, say_wrapped
from inboxwatch.entrypoints.cli.show import print_heading

_MESSAGES = 10  # of a thread that a screen has room for


@click.command()
@click.argument("thread")
@click.option("--full", is_flag=True, help="Every message of a long thread.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@person_option
@click.pass_context
def explain(ctx: click.Context, thread: str, full: bool, as_json: bool, person: str | None) -> None:
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
    print_explanation(told, everything=full)


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


def print_explanation(told: Explanation, *, everything: bool = False) -> None:
    """Print an explanation so that it fits a screen; a long thread without its repetitions."""
    print_heading(told)
    if told.count:
        say("How the days were counted")
        say_wrapped(f"{'; '.join(told.count)}.", indent="  ")
        say()
    say("Messages, and why each is what it is")
    most = len(told.messages) if everything else _MESSAGES
    shown = condensed(told.messages, most)
    for message in shown:
        if isinstance(message, str):
            say(f"  … {message}")
            continue
        arrow = "→" if message.direction == "sent" else "←"
        here = local(message.at)
        say(f"  {arrow} {here.day} {here:%b %Y %H:%M}  {message.kind}  {message.who}")
        if message.why:
            say_wrapped("; ".join(message.why), indent="      ")
    if len(shown) < len(told.messages):
        say("  With --full every message is shown.")
    if told.decisions:
        say()
        say("What you said")
        for line in told.decisions:
            say_wrapped(line, indent="  ", hanging="    ")
