"""Tell a folder's name and role from file names and labels. Names only, nothing is opened."""

from __future__ import annotations

import re
from email.header import decode_header, make_header

from imapclient.imap_utf7 import decode as decode_utf7

from inboxwatch.domain.message import FolderRole

_ROLES: dict[str, FolderRole] = {
    name: role
    for role, names in {
        FolderRole.INBOX: "inbox|opened|unread|mewnflwch",
        FolderRole.SENT: "sent|sent items|sent messages|sent mail|sent-mail|outgoing|anfonwyd"
        "|danfonwyd|eitemau anfonwyd|sent objects",
        FolderRole.JUNK: "junk|junk email|junk e-mail|junk mail|spam|bulk|bulk mail|sbam|sothach",
        FolderRole.TRASH: "trash|bin|deleted|deleted items|deleted messages|wastebasket|sbwriel",
        FolderRole.ARCHIVE: "archive|archives|archived",
        FolderRole.ALL: "all mail|all mail including spam and trash",
        FolderRole.DRAFTS: "draft|drafts|templates|unsent messages|outbox|drafftiau",
    }.items()
    for name in names.split("|")
}
_COPY = re.compile(r"\s*(?:\(\d+\)|-\d{1,3})$")  # "Sent (1)", "Sent-002"
_MAIL_ENDINGS = (".mbox", ".mbx", ".mbs", ".eml", ".zip")
# Left by mail programs beside mail; they hold none.
_NOISE = re.compile(
    r"\.(?:msf|dat|sbd|idx|lock|db|json|toc|snm|ini|html?|pdf|plist|cmeta)$|^dovecot|^subscriptions$"
    r"|^maildirfolder$|^courierimap|^\.(?:ds_store|customflags|nfs)|^cyrus\.|^filterlog"
    r"|^\.uidvalidity$|^\.mbsyncstate|^table_of_contents$",
    re.IGNORECASE,
)
_OUTLOOK = (".pst", ".ost", ".msg", ".olm", ".dbx")
_PACKED = (".tgz", ".tar", ".gz", ".xz", ".bz2", ".7z", ".rar")


def folder_name(name: str) -> str:
    """Return a folder's name from its file or directory: no ending, modified UTF-7 decoded."""
    for ending in _MAIL_ENDINGS:
        if name.lower().endswith(ending) and len(name) > len(ending):
            name = name[: -len(ending)]
            break
    if "&" not in name or not name.isascii():
        return name
    try:
        decoded = decode_utf7(name.encode("ascii"))
    except (ValueError, LookupError, UnicodeError, TypeError, AttributeError):
        return name  # Thunderbird writes names as they are: "Forms & Letters"
    return decoded if isinstance(decoded, str) and decoded.isprintable() else name


def role_of(folder: str) -> FolderRole:
    """Return what a folder is for, from the last part of its name."""
    last = re.split(r"[/\\.]", folder.strip("/.").lower())[-1].replace("_", " ").strip()
    whole = folder.lower().replace("_", " ").strip()
    for name in (whole, last):
        role = _ROLES.get(name) or _ROLES.get(_COPY.sub("", name))
        if role is not None:
            return role
    return FolderRole.USER


def labels_of(value: bytes) -> tuple[str, ...]:
    """Return the labels of Google Takeout's X-Gmail-Labels header."""
    text = b" ".join(value[:4_000].split()).decode("utf-8", "replace")
    if "=?" in text:
        try:
            text = str(make_header(decode_header(text)))
        except (ValueError, LookupError, UnicodeError):
            return ()
    return tuple(label.strip().strip('"') for label in text.split(",") if label.strip())


def place_of_labels(labels: tuple[str, ...]) -> tuple[str, FolderRole] | None:
    """Return the folder that Gmail's labels mean, None when they say nothing.

    A draft is a draft whatever else it is; Spam and Bin come before Sent, Sent before Inbox.
    """
    roles = {role_of(label): label for label in reversed(labels)}
    for role in (
        FolderRole.DRAFTS,
        FolderRole.JUNK,
        FolderRole.TRASH,
        FolderRole.SENT,
        FolderRole.INBOX,
        FolderRole.ARCHIVE,
    ):
        if role in roles:
            return roles[role], role
    return (labels[0], FolderRole.USER) if labels else None


def is_noise(name: str) -> bool:
    """Tell whether a file is known to hold no mail."""
    return _NOISE.search(name) is not None


def why_not(name: str) -> str | None:
    """Return why a file of that ending cannot be read and what to do, None when it may be."""
    lower = name.lower()
    if lower.endswith(_OUTLOOK):
        return "an Outlook file; export the folder as .eml or mbox first"
    if lower.endswith(".emlx"):
        return "an Apple Mail file; export the mailbox as .mbox first"
    if lower.endswith(_PACKED):
        return "a packed archive; unpack it first"
    return None
