"""Mail providers shipped with the program: host, port, kind of password. No look-up anywhere."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What is known of a mail provider."""

    id: str
    title: str
    domains: tuple[str, ...]  # ".plus.com": every domain below plus.com
    imap_host: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    sign_in: tuple[str, ...]  # "password", "microsoft", "google"; the first is the usual one
    password: str  # which password it takes, in plain words
    password_link: str
    sent_folders: tuple[str, ...] = ()
    junk_folders: tuple[str, ...] = ()
    imap_port: int = 993
    imap_security: str = "tls"
    usernames: tuple[str, ...] = ("address",)  # what to try: "address", or "name" before the @


@cache
def providers() -> tuple[Provider, ...]:
    """Return every provider shipped."""
    text = (files("inboxwatch") / "presets" / "providers.toml").read_text(encoding="utf-8")
    return tuple(
        Provider(
            id=name,
            title=table["title"],
            domains=tuple(table["domains"]),
            imap_host=table["imap_host"],
            smtp_host=table["smtp_host"],
            smtp_port=table["smtp_port"],
            smtp_security=table["smtp_security"],
            sign_in=tuple(table["sign_in"]),
            password=table["password"],
            password_link=table["password_link"],
            sent_folders=tuple(table.get("sent_folders", ())),
            junk_folders=tuple(table.get("junk_folders", ())),
            imap_port=table.get("imap_port", 993),
            imap_security=table.get("imap_security", "tls"),
            usernames=tuple(table.get("usernames", ("address",))),
        )
        for name, table in tomllib.loads(text).items()
    )


def provider_of(address: str) -> Provider | None:
    """Return the provider of an email address, or None when it is not known."""
    domain = address.rpartition("@")[2].lower()
    return next((p for p in providers() if any(_is_at(domain, d) for d in p.domains)), None)


def _is_at(domain: str, listed: str) -> bool:
    """Tell whether a domain is the one listed; one with a dot before it stands for all below."""
    return domain == listed or (listed.startswith(".") and domain.endswith(listed))


def provider_for(address: str, sign_in: str) -> Provider | None:
    """Return the provider of an address, or else the one that an account signs in to.

    An organisation's own domain tells nothing, but who signs in at Microsoft has mail there.
    """
    found = provider_of(address)
    if found is not None or sign_in == "password":
        return found
    return next((p for p in providers() if sign_in in p.sign_in), None)
