"""Sign in at Microsoft or Google, step by step, for a person who has never heard of OAuth."""

from __future__ import annotations

from pathlib import Path

import click

from inboxwatch.adapters.oauth import DeviceCode, OpenPage
from inboxwatch.bootstrap.reaching import use_again
from inboxwatch.domain.errors import ConfigError, InboxwatchError
from inboxwatch.entrypoints.cli.opening import opened
from inboxwatch.entrypoints.cli.output import note, say

_IN_CONTAINER = (Path("/.dockerenv"), Path("/run/.containerenv"))


@click.command(name="sign-in")
@click.argument("account", required=False)
@click.option(
    "--paste/--no-paste", default=None,
    help="Google: paste the address your browser ends at. Default: only in a container.",
)  # fmt: skip
@click.pass_context
def sign_in(ctx: click.Context, account: str | None, paste: bool | None) -> None:
    """Sign in at Microsoft or Google, so that the mail of ACCOUNT can be read.

    ACCOUNT may be left out when only one account signs in this way.
    """
    with opened(ctx) as app:
        accounts = app.settings.accounts
        if account is None:
            account = _only_one(
                tuple(name for name, a in accounts.items() if a.sign_in != "password")
            )
        if paste is None:
            paste = any(path.exists() for path in _IN_CONTAINER)
        address = accounts[account].address if account in accounts else account
        try:
            who = app.sign_in(
                account,
                show=lambda told: _show(told, address),
                ask=(lambda: str(click.prompt("Address"))) if paste else None,
            )
        except (KeyboardInterrupt, click.Abort):
            note("\nStopped. Nothing was changed.")
            raise
        if who and who.lower() != address:
            say(f"You signed in as {who}; this account's address is {address}.")
        say("Signed in. Trying to log in to the mail server…")
        try:
            folders = app.source(account).folders()
        except InboxwatchError:
            note("The sign-in is kept, but the mail server did not let us in.")
            note(f"Was it {address} that you signed in as, and is IMAP on in its mail settings?")
            raise
        if app.settings.email.sign_in_as == account:
            use_again(app, "email")  # it may have been switched off for want of this sign-in
    say(f"That works: {len(folders)} folders. Nothing in them is ever changed.")
    say("Next: inboxwatch doctor, then inboxwatch run")


def _only_one(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return names[0]
    if names:
        raise ConfigError(
            "several accounts sign in this way",
            remedy=f"Say which: inboxwatch sign-in {'|'.join(names)}",
        )
    raise ConfigError(
        "no account signs in at Microsoft or Google",
        remedy='Set sign_in = "microsoft" or "google" under the account; see docs/sign-in.md.',
    )


def _show(told: DeviceCode | OpenPage, address: str) -> None:
    if isinstance(told, DeviceCode):
        say(f"To let inboxwatch read the mail of {address}:")
        say(f"  1. On any phone or computer, open this page:  {told.page}")
        say(f"  2. Type this code there:  {told.code}")
        say(f"  3. Sign in as {address} and say yes.")
        say(f"The code works for {told.minutes} minutes. Waiting… (Ctrl-C stops)")
        return
    if told.again:
        say("That is not the address at which this sign-in ended; try once more.")
        return
    say(f"To let inboxwatch read the mail of {address}:")
    where = "in any browser" if told.paste else "in a browser on this computer"
    say(f"  1. Open this page {where}:  {told.page}")
    say(f"  2. Choose {address} and say yes. Google may warn that it has not checked this app:")
    say("     that is your own registration. Choose Advanced, then go on.")
    if told.paste:
        say("  3. At the end the browser cannot open a page that begins with http://127.0.0.1")
        say("     That is right. Copy the whole address from its address bar and paste it here.")
    else:
        say("  3. When the browser thanks you, come back here.")
        say("Browser on another machine? Stop with Ctrl-C and add --paste.")
        say("Waiting… (Ctrl-C stops)")
