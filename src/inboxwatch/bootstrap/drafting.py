"""Write a thread's next letter, and save it as a draft where the user asks for that."""

from __future__ import annotations

from inboxwatch.adapters.imap.drafts import save_draft
from inboxwatch.adapters.letters import TemplateLetters, draft_bytes
from inboxwatch.application.letters import Letter, letter
from inboxwatch.bootstrap.app import App
from inboxwatch.bootstrap.known import Known
from inboxwatch.domain.bodies import Body
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.ladder import Rung
from inboxwatch.domain.london import local
from inboxwatch.domain.message import Address, FolderRole
from inboxwatch.domain.verdict import Verdict


def letter_for(app: Known, verdict: Verdict, rung: Rung | None, *, person: str) -> Letter:
    """Write the letter for a thread; None chooses the gentlest that fits.

    Raises:
        ConfigError: nothing waits for a reply there, or a template cannot be used.
    """
    if verdict.wait is None:
        raise ConfigError(
            "nothing in this thread waits for a reply",
            remedy="Run `inboxwatch show THREAD` to see it.",
        )
    body = app.watch(person).body(verdict.thread.council_mailbox.body)
    return letter(
        verdict,
        rung,
        TemplateLetters(app.settings.letters_folder),
        sender=_sender(verdict),
        body_title=_title(body) if body else "",
    )


def _title(body: Body) -> str:
    """Return what a body is called in a letter: nobody is addressed by a domain."""
    called = body.title or body.name
    return "" if called in (*body.domains, *body.addresses, *body.watch_only) else called


def save(app: App, found: Letter, verdict: Verdict) -> tuple[str, str]:
    """Save a letter in Drafts of the account it is to be sent from; return account and folder.

    Raises:
        ConfigError: no account sends from that address.
        MailSourceError: it could not be saved.
    """
    account = _account(app, found, verdict)
    at = local(app.now())
    raw = draft_bytes(found, at=at)
    folder = save_draft(app.endpoint(account), raw, account=account, at=at)
    return account, folder


def _sender(verdict: Verdict) -> Address:
    wait = verdict.wait
    assert wait is not None
    newest = max((wait.unanswered, *wait.chasers), key=lambda message: message.at)
    return newest.sender or Address(address="")


def _account(app: App, found: Letter, verdict: Verdict) -> str:
    """Return the account that sends from the letter's address, else the one the mail lies in."""
    for name, account in app.settings.accounts.items():
        if found.sender.address in (account.address, *account.aliases):
            return name
    seen = [
        location.account
        for placed in verdict.thread.placed
        for location in placed.entry.message.locations
        if location.role is FolderRole.SENT and location.account in app.settings.accounts
    ]
    if seen:
        return seen[-1]
    raise ConfigError(
        f"no account here sends from {found.sender.address or 'that address'}",
        remedy="Add it to the aliases of an account, or use --mailto.",
    )
