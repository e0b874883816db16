"""Write the letter for a thread's next step; never sends it."""

from __future__ import annotations

import click

from inboxwatch.application.letters import NOT_ADVICE, Letter, mailto
from inboxwatch.bootstrap.drafting import letter_for, save
from inboxwatch.domain.ladder import Rung
from inboxwatch.entrypoints.cli.opening import opened, person_option
from inboxwatch.entrypoints.cli.output import note, print_json, say


@click.command()
@click.argument("thread")
@click.option(
    "--step",
    type=click.Choice([rung.value for rung in Rung]),
    default=None,
    help="Which letter; default: the gentlest that fits.",
)
@click.option("--mailto", "as_mailto", is_flag=True, help="A link that your mail program opens.")
@click.option("--save", "saves", is_flag=True, help="Put it into your Drafts folder.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@person_option
@click.pass_context
def draft(
    ctx: click.Context,
    thread: str,
    step: str | None,
    as_mailto: bool,
    saves: bool,
    as_json: bool,
    person: str | None,
) -> None:
    """Write the letter for the next step: a chaser, a firm one, a complaint, the Ombudsman, an MP.

    You send it yourself, from your own mail program.
    """
    if as_mailto and saves:
        raise click.UsageError("give --mailto or --save, not both")
    with opened(ctx) as app:
        decider = app.decider(person, thread=thread)
        verdict = decider.thread(thread)
        found = letter_for(app, verdict, Rung(step) if step else None, person=decider.person)
        saved = save(app, found, verdict) if saves else None
    if as_json:
        print_json(_as_json(found, saved))
    elif as_mailto:
        say(mailto(found))
    elif saved is not None:
        say(f"saved in {saved[1]} of {saved[0]}: {found.subject}")
    else:
        _print(found)
    note(NOT_ADVICE)


def _print(found: Letter) -> None:
    say(f"From: {found.sender}")
    say(f"To: {found.to}" if found.to else "To: (please look up the address)")
    say(f"Subject: {found.subject}")
    say()
    for line in found.body.splitlines():
        say(line)
    if found.quoted:
        say()
        for line in found.quoted.splitlines():
            say(line)
    say()


def _as_json(found: Letter, saved: tuple[str, str] | None) -> dict[str, object]:
    return {
        "step": found.rung.value,
        "from": found.sender.address,
        "to": found.to.address if found.to else None,
        "subject": found.subject,
        "body": found.body,
        "quoted": found.quoted,
        "in_reply_to": found.in_reply_to or None,
        "references": list(found.references),
        "mailto": mailto(found),
        "saved_in": None if saved is None else {"account": saved[0], "folder": saved[1]},
    }
