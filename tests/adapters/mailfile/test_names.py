"""What folders are called and what they are for."""

from __future__ import annotations

import pytest

from inboxwatch.adapters.mailfile.names import (
    folder_name,
    is_noise,
    labels_of,
    place_of_labels,
    role_of,
    why_not,
)
from inboxwatch.domain.message import FolderRole


@pytest.mark.parametrize(
    ("file", "folder"),
    [
        ("Sent.mbox", "Sent"),
        ("Caf&AOk-.mbox", "Café"),
        ("&ZeVnLIqe-", "日本語"),
        ("R&-D", "R&D"),
        ("Forms & Letters", "Forms & Letters"),
        ("&&&", "&&&"),
        (".mbox", ".mbox"),
    ],
)
def test_folder_names_are_as_people_know_them(file: str, folder: str) -> None:
    assert folder_name(file) == folder


@pytest.mark.parametrize(
    ("folder", "role"),
    [
        ("INBOX", FolderRole.INBOX),
        ("Sent", FolderRole.SENT),
        ("Sent Items", FolderRole.SENT),
        ("INBOX.Sent Messages", FolderRole.SENT),
        ("[Gmail]/Sent Mail", FolderRole.SENT),
        ("Eitemau Anfonwyd", FolderRole.SENT),
        ("Sent-1", FolderRole.SENT),
        ("Sent (2)", FolderRole.SENT),
        ("Junk E-mail", FolderRole.JUNK),
        ("Deleted Items", FolderRole.TRASH),
        ("All mail Including Spam and Trash", FolderRole.ALL),
        ("Drafts", FolderRole.DRAFTS),
        ("Presents", FolderRole.USER),
        ("School", FolderRole.USER),
    ],
)
def test_folders_are_known_by_name(folder: str, role: FolderRole) -> None:
    assert role_of(folder) is role


@pytest.mark.parametrize(
    ("header", "place"),
    [
        (b" Sent,Inbox", ("Sent", FolderRole.SENT)),
        (b"Inbox,Important,Opened", ("Inbox", FolderRole.INBOX)),
        (b"Spam,Sent", ("Spam", FolderRole.JUNK)),
        (b"Drafts,Inbox", ("Drafts", FolderRole.DRAFTS)),
        (b"=?UTF-8?Q?Caf=C3=A9?=", ("Café", FolderRole.USER)),
        (b"", None),
    ],
)
def test_gmail_labels_tell_the_folder(header: bytes, place: tuple[str, FolderRole] | None) -> None:
    assert place_of_labels(labels_of(header)) == place


def test_labels_in_a_broken_encoding_do_no_harm() -> None:
    assert role_of(",".join(labels_of(b"=?UTF-8?B?!!?=\xff"))) is FolderRole.USER


def test_files_that_hold_no_mail_are_known() -> None:
    assert is_noise("Inbox.msf")
    assert is_noise("dovecot-uidlist")
    assert not is_noise("Inbox")
    assert "export" in (why_not("outlook.pst") or "")
    assert why_not("Inbox") is None
