"""A first configuration: from answers to a commented TOML text. Writes nothing itself."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person said in `init`. Secrets are not here: they go to files of their own."""

    account: str
    address: str
    host: str
    port: int
    security: str
    username: str
    sign_in: str
    oauth_client_id: str
    password_file: str
    watch: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    sent_folders: tuple[str, ...] = ()
    junk_folders: tuple[str, ...] = ()
    remind_to: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_username: str = ""
    smtp_password_file: str = ""
    smtp_sign_in_as: str = ""  # an account; then none of the others above
    ca_file: str = ""
    client_secret_file: str = ""


def _toml(value: str | int | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    # A JSON string is a TOML basic string once the controls are escaped, which json does.
    return json.dumps(value, ensure_ascii=False)


def config_text(answers: Answers) -> str:
    """Return the configuration as TOML with a comment for every choice."""
    a = answers
    lines = [
        "# inboxwatch configuration, made by `inboxwatch init`.",
        "# Every setting with its default stands in config/inboxwatch.example.toml.",
        "# Check your changes with: inboxwatch config check",
        "# Passwords never stand here; they lie in files that only you can read.",
        "",
        "# Whose replies are watched: a council that inboxwatch knows (by its domain),",
        "# any other domain, or single addresses.",
        f"watch = {_toml(a.watch)}",
        "",
        f"[accounts.{a.account}]",
        f"address = {_toml(a.address)}",
    ]
    if a.aliases:
        lines.append(f"aliases = {_toml(a.aliases)}  # your other addresses that send from here")
    lines += [f"host = {_toml(a.host)}", f"port = {a.port}"]
    if a.security != "tls":
        lines.append(f"security = {_toml(a.security)}")
    if a.username != a.address:
        lines.append(f"username = {_toml(a.username)}")
    if a.sign_in == "password":
        lines.append(f"password_file = {_toml(a.password_file)}")
    else:
        lines += [f"sign_in = {_toml(a.sign_in)}", f"oauth_client_id = {_toml(a.oauth_client_id)}"]
        if a.client_secret_file:
            lines.append(f"oauth_client_secret_file = {_toml(a.client_secret_file)}")
    if a.ca_file:
        lines.append(f"ca_file = {_toml(a.ca_file)}")
    for name, folders in (("sent_folders", a.sent_folders), ("junk_folders", a.junk_folders)):
        if folders:
            lines.append(f"{name} = {_toml(folders)}")
    lines += [
        "",
        "[reminders]",
        "# One calm mail at most on a day, at this local time.",
        "at_time = 09:00:00",
        "repeat_every_working_days = 10",
        "stop_after = 4",
        "",
    ]
    if a.remind_to:
        lines += [
            "[email]",
            "# Reminders go only to you, never to a council.",
            f"to = {_toml((a.remind_to,))}",
        ]
        if a.smtp_sign_in_as:
            lines.append(
                f"sign_in_as = {_toml(a.smtp_sign_in_as)}  # that account's server and sign-in"
            )
        else:
            lines += [
                f"host = {_toml(a.smtp_host)}",
                f"port = {a.smtp_port}",
                f"security = {_toml(a.smtp_security)}",
                f"username = {_toml(a.smtp_username)}",
                f"password_file = {_toml(a.smtp_password_file)}",
            ]
        if a.ca_file:
            lines.append(f"ca_file = {_toml(a.ca_file)}")
    else:
        lines += ["# [email]", '# to = ["you@example.org"]  # to get reminders by email']
    return "\n".join(lines) + "\n"
