"""Ask, test the log-in, write a configuration. For a person who never heard of IMAP."""

from __future__ import annotations

import os
from pathlib import Path

import click
import platformdirs

from inboxwatch.adapters.providers import Provider, provider_of
from inboxwatch.application.setup import Answers, config_text
from inboxwatch.bootstrap import known_bodies
from inboxwatch.bootstrap.reaching import check_sending
from inboxwatch.domain.bodies import why_no_body
from inboxwatch.domain.errors import ConfigError, InboxwatchError
from inboxwatch.entrypoints.cli.files import make_folder, write_file, written
from inboxwatch.entrypoints.cli.output import complain, note, say
from inboxwatch.entrypoints.cli.trying import Server, log_in, usernames_of
from inboxwatch.settings.load import FILE_NAME, load

_ACCOUNT = "home"


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="Where to write the configuration. Default: your config folder.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace a configuration that is there.")
@click.option("--ca-file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def init(ctx: click.Context, folder: Path | None, force: bool, ca_file: Path | None) -> None:
    """Set up one account: asks a few questions and tests the log-in."""
    folder = folder or Path(platformdirs.user_config_dir("inboxwatch"))
    target = folder / FILE_NAME
    if target.exists() and not force:
        raise ConfigError(
            f"{target} exists already",
            remedy="Edit it, or run `inboxwatch init --force` to make a new one.",
        )
    make_folder(folder)  # before the questions: nobody likes to answer them twice
    say("This asks for your email address, how to log in, and which councils to watch.")
    say("Nothing is sent anywhere but to your own mail provider. Stop at any time with Ctrl-C.")
    say()
    address = _ask_address()
    provider = provider_of(address)
    host, port, security = _server(address, provider)
    sign_in, client_id, client_secret = _sign_in(provider)
    secret_file = folder / "secrets" / "mail-password"
    client_secret_file = folder / "secrets" / "oauth-client-secret"
    username, password, found = address, "", None
    if sign_in == "password":
        names = usernames_of(
            address, provider, lambda given: click.prompt("User name at the server", default=given)
        )
        server = Server(host=host, port=port, security=security, ca_file=ca_file)
        let_in = log_in(server, names, provider)
        username, password, found = let_in.username, let_in.password, let_in.seen
        say("That works.")
        say(f"Sent mail is in: {', '.join(found.sent) or '(not found; set sent_folders later)'}")
    watch = _ask_watch(address)
    say()
    say("Reminders come to you by email, at most one a day; a council never gets one.")
    remind_to = click.prompt("Send them to (a minus sign: nobody)", default=address).strip("- ")
    smtp = _smtp(provider, host) if remind_to and sign_in == "password" else ("", 587, "starttls")
    answers = Answers(
        account=_ACCOUNT,
        address=address,
        host=host,
        port=port,
        security=security,
        username=username,
        sign_in=sign_in,
        oauth_client_id=client_id,
        password_file=str(secret_file),
        watch=watch,
        sent_folders=() if found is None or found.sent else _names(provider, "sent"),
        remind_to=remind_to,
        smtp_host=smtp[0],
        smtp_port=smtp[1],
        smtp_security=smtp[2],
        # Apple's server for sending wants the whole address, the one for reading the name alone.
        smtp_username=address
        if provider is not None and "name" in provider.usernames
        else username,
        smtp_sign_in_as="" if sign_in == "password" else _ACCOUNT,
        smtp_password_file=str(secret_file),
        ca_file=str(ca_file) if ca_file else "",
        client_secret_file=str(client_secret_file) if client_secret else "",
    )
    if password:
        write_secret(secret_file, password)
    if client_secret:
        write_secret(client_secret_file, client_secret)
    write_file(target, config_text(answers).encode())
    load(target)  # what we wrote must be right
    say()
    say(f"Wrote {target}")
    if password:
        say(f"Wrote {secret_file} (only you can read it)")
    if sign_in != "password":
        from inboxwatch.entrypoints.cli.sign_in import sign_in as sign_in_now

        say()
        ctx.find_root().obj = target
        ctx.invoke(sign_in_now, account=_ACCOUNT, paste=None)
        return
    if remind_to:
        _try_sending(target)
    say("Next: inboxwatch doctor, then inboxwatch run")


def _try_sending(target: Path) -> None:
    """Log in at the server for sending, send nothing; a refusal is told and changes nothing."""
    say("Trying the server for reminders…")
    try:
        check_sending(target)
    except InboxwatchError as error:
        complain(error)
        note("Everything else works. Correct [email] in that file, then run: inboxwatch doctor")
    else:
        say("That works too. Nothing was sent.")


def write_secret(path: Path, secret: str) -> None:
    """Write a secret so that nobody else can read it, not even for a moment."""
    with written(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secret + "\n")


def _names(provider: Provider | None, role: str) -> tuple[str, ...]:
    if provider is None:
        return ()
    return provider.sent_folders if role == "sent" else provider.junk_folders


def _ask_address() -> str:
    while True:
        address = str(click.prompt("Your email address")).strip().lower()
        local, at, domain = address.rpartition("@")
        if local and at and "." in domain and " " not in address:
            return address
        say("That is not an email address; it looks like name@example.org.")


def _server(address: str, provider: Provider | None) -> tuple[str, int, str]:
    if provider is not None:
        say(f"That is {provider.title}. It takes {provider.password}.")
        say(f"  {provider.password_link}")
        return provider.imap_host, provider.imap_port, provider.imap_security
    domain = address.rpartition("@")[2]
    say(f"{domain} is not a provider that inboxwatch knows.")
    say("Look on its help pages for 'IMAP settings' or 'set up a mail program'.")
    host = click.prompt("IMAP server", default=f"imap.{domain}")
    port = click.prompt("Port", default=993, type=click.IntRange(1, 65535))
    security = click.prompt(
        "Protection", default="tls", type=click.Choice(["tls", "starttls", "plain"])
    )
    return host, port, security


def _sign_in(provider: Provider | None) -> tuple[str, str, str]:
    """Ask how to sign in; return the way, and the client id and secret that OAuth needs."""
    ways = provider.sign_in if provider else ("password",)
    way = ways[0]
    if len(ways) > 1:
        other = next(w for w in ways if w != "password")
        say("An app password is the simplest.")
        say(f"If you cannot have one, signing in at {other.title()} works too.")
        way = click.prompt("Sign in with", default="password", type=click.Choice(list(ways)))
    if way == "password" or provider is None:
        return "password", "", ""
    say("inboxwatch has no registration of its own with this provider, so this needs a client id")
    say("that you register yourself; docs/sign-in.md shows how, and who can.")
    say("If that is too much: export your mail and run `inboxwatch audit` on it instead.")
    client_id = click.prompt("Client id (empty to stop here)", default="", show_default=False)
    if not client_id:
        raise ConfigError(
            f"{provider.title} cannot be read this way without a client id",
            remedy="Export your mail (docs/user-guide.md) and run: inboxwatch audit",
        )
    secret = ""
    if way == "google":
        secret = click.prompt("Client secret", default="", show_default=False, hide_input=True)
    return way, client_id, secret


def _ask_watch(address: str) -> tuple[str, ...]:
    """Ask for the councils until every word can be one; mail of one's own is none."""
    say()
    say("Which councils? Give their email domains or addresses, with spaces between,")
    say("such as: kent.gov.uk  or  send@medway.gov.uk")
    known = known_bodies()
    while True:
        words = str(click.prompt("Watch")).replace(",", " ").lower().split()
        wrong = {word: why for word in words if (why := why_no_body(word, [address]))}
        if words and not wrong:
            break
        for word, why in wrong.items():
            say(f"'{word}' {why}.")
        meant = [f"{word}.gov.uk" for word in wrong if f"{word}.gov.uk" in known]
        say(
            f"Did you mean {', '.join(meant)}? Give all once more."
            if meant
            else "Give all once more."
        )
    for word in words:
        title = known.get(word.rpartition("@")[2])
        say(f"  {word}" + (f": {title}" if title else ""))
    return tuple(dict.fromkeys(words))


def _smtp(provider: Provider | None, host: str) -> tuple[str, int, str]:
    if provider is not None:
        return provider.smtp_host, provider.smtp_port, provider.smtp_security
    guess = "smtp." + host.removeprefix("imap.") if host.startswith("imap.") else host
    smtp = click.prompt("Server for sending (SMTP)", default=guess)
    port = click.prompt("Port", default=587, type=click.IntRange(1, 65535))
    security = "tls" if port == 465 else "starttls"
    return smtp, port, security
