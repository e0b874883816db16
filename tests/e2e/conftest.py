"""A household for each end-to-end test."""

from pathlib import Path

import pytest

from tests.e2e.household import Household
from tests.servers.dovecot import DovecotServer, User


@pytest.fixture
def household(dovecot: DovecotServer, mail_user: User, tmp_path: Path) -> Household:
    """A parent with an empty mailbox that has a Sent and a Junk folder."""
    for folder in ("Sent", "Junk", "Drafts"):
        dovecot.create_folder(mail_user, folder)
    home = Household(server=dovecot, user=mail_user, folder=tmp_path)
    home.configure()
    return home
