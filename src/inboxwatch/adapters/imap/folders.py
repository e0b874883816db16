"""Decides which folders are read and what each is for. Never Drafts; asks no server."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from imapclient import imap_utf7

from inboxwatch.adapters.imap.answers import Listed, listed
from inboxwatch.domain.message import FolderRole

# What other programs call these folders, where the server gives no flag. All but a few of the
# names are of English and Welsh programs; the rest are the mail providers' own in other languages.
_NAMES: dict[FolderRole, tuple[str, ...]] = {
    FolderRole.SENT: (
        "Sent", "Sent Items", "Sent Messages", "Sent Mail", "Sent-Mail", "Sent Email",
        "Sent Emails", "Outbox.Sent", "Anfonwyd", "Danfonwyd", "Eitemau a Anfonwyd",
        "Eitemau Wedi'u Hanfon",
        "Envoyés", "Éléments envoyés", "Messages envoyés", "Gesendet", "Gesendete Elemente",
        "Gesendete Objekte", "Enviados", "Elementos enviados", "Mensajes enviados", "Inviata",
        "Posta inviata", "Elementi inviati", "Verzonden", "Verzonden items", "Wysłane",
        "Elementy wysłane", "Trimise", "Elemente trimise", "Itens enviados", "Skickat", "Sendt",
        "Lähetetyt", "Odeslané", "Отправленные", "Изпратени", "Απεσταλμένα", "Gönderilmiş Öğeler",
        "已发送", "已发送邮件", "已傳送郵件", "送信済みアイテム", "Išsiųsta", "Elküldött elemek",
    ),
    FolderRole.DRAFTS: (
        "Drafts", "Draft", "Drafftiau", "Brouillons", "Entwürfe", "Borradores", "Bozze",
        "Concepten", "Szkice", "Wersje robocze", "Ciorne", "Rascunhos", "Utkast", "Kladder",
        "Luonnokset", "Koncepty", "Черновики", "Чернови", "Πρόχειρα", "Taslaklar", "草稿",
        "下書き", "Juodraščiai", "Piszkozatok",
    ),
    FolderRole.JUNK: (
        "Junk", "Junk Email", "Junk E-mail", "Junk Mail", "Spam", "Bulk", "Bulk Mail", "Sothach",
        "Sbam", "E-bost Sothach",
    ),
    FolderRole.TRASH: (
        "Trash", "Deleted Items", "Deleted Messages", "Deleted", "Bin", "Sbwriel", "Bin Sbwriel",
        "Eitemau a Ddilëwyd", "Eitemau Wedi'u Dileu",
    ),
    FolderRole.ARCHIVE: ("Archive", "Archives", "Archif"),
    FolderRole.ALL: ("All Mail",),
}  # fmt: skip
_FLAGS = {
    "\\sent": FolderRole.SENT,
    "\\drafts": FolderRole.DRAFTS,
    "\\junk": FolderRole.JUNK,
    "\\spam": FolderRole.JUNK,
    "\\trash": FolderRole.TRASH,
    "\\archive": FolderRole.ARCHIVE,
    "\\all": FolderRole.ALL,
    "\\allmail": FolderRole.ALL,
}
_CLOSED = frozenset({"\\noselect", "\\nonexistent"})
# Views of mail that lies elsewhere (Gmail's Starred and Important).
_VIEWS = frozenset({"\\flagged", "\\important", "\\starred"})
_PREFIXES = ("[gmail]", "[google mail]")
_ORDER = (
    FolderRole.SENT, FolderRole.ALL, FolderRole.INBOX, FolderRole.ARCHIVE, FolderRole.JUNK,
    FolderRole.TRASH, FolderRole.USER,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderChoices:
    """What the user said about folders, by name. `excluded` are read by nobody."""

    sent: tuple[str, ...] = ()
    junk: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder that is read: its name in Unicode, as the server writes it, and its role."""

    name: str
    raw: bytes
    role: FolderRole


@lru_cache(maxsize=64)  # one server says the same at each connection, and to many accounts
def watched(
    said: tuple[tuple[bytes, ...], ...], choices: FolderChoices, *, gmail: bool = False
) -> tuple[Folder, ...]:
    """Return the folders to read, Sent first.

    A flag of special use decides (in any case of letters), then the user's word, then the name,
    and that only at the top level or right under the personal prefix: an imported account's
    `Imported/Sent` is an ordinary folder. Several Sent folders are all Sent folders.

    Args:
        said: the untagged responses to LIST.
        gmail: the server keeps every message once in All Mail and shows labels as folders; then
            only All Mail, Spam and Bin are read.
    """
    folders = []
    for entry in listed(said):
        if entry.flags & _CLOSED or entry.flags & _VIEWS:
            continue
        name = decoded(entry.raw)
        if name.upper() == "INBOX":
            name = "INBOX"  # Yahoo has called it Inbox
        if any(_same(name, excluded) for excluded in choices.excluded):
            continue
        role = _role(entry, name, choices)
        if role is not FolderRole.DRAFTS:
            folders.append(Folder(name=name, raw=entry.raw, role=role))
    if gmail and any(folder.role is FolderRole.ALL for folder in folders):
        kept = {FolderRole.ALL, FolderRole.JUNK, FolderRole.TRASH}
        folders = [folder for folder in folders if folder.role in kept]
    return tuple(sorted(folders, key=lambda folder: (_ORDER.index(folder.role), folder.name)))


@lru_cache(maxsize=512)
def decoded(raw: bytes) -> str:
    """Return a folder's name in Unicode; one that is no modified UTF-7 stays as it is."""
    try:
        return str(imap_utf7.decode(raw))
    except UnicodeError:
        return raw.decode("utf-8", "replace")


@lru_cache(maxsize=512)
def encoded(name: str) -> bytes:
    """Return a folder's name in modified UTF-7."""
    return bytes(imap_utf7.encode(name))


def _role(entry: Listed, name: str, choices: FolderChoices) -> FolderRole:
    if name.upper() == "INBOX":
        return FolderRole.INBOX
    if any(_same(name, chosen) for chosen in choices.sent):
        return FolderRole.SENT
    if any(_same(name, chosen) for chosen in choices.junk):
        return FolderRole.JUNK
    for flag, role in _FLAGS.items():
        if flag in entry.flags:
            return role
    levels = name.split(entry.separator) if entry.separator else [name]
    if len(levels) == 2 and (levels[0].upper() == "INBOX" or levels[0].lower() in _PREFIXES):
        levels = levels[1:]
    if len(levels) == 1:
        for role, names in _NAMES.items():
            if any(_same(levels[0], known) for known in names):
                return role
    return FolderRole.USER


def _same(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip().replace("’", "'")
