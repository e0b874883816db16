"""A way to reach the user that refused for good: who says so, and how it is used again."""

from pathlib import Path

import pytest

from tests.e2e.household import ANY_TIME, Household
from tests.servers.dovecot import DovecotServer, User
from tests.servers.http import HttpServer


@pytest.fixture
def household(dovecot: DovecotServer, mail_user: User, tmp_path: Path) -> Household:
    for folder in ("Sent", "Junk"):
        dovecot.create_folder(mail_user, folder)
    return Household(server=dovecot, user=mail_user, folder=tmp_path)


def test_a_channel_that_was_switched_off_is_tried_anew_and_says_how_it_is_used_again(
    household: Household, http_server: HttpServer
) -> None:
    """What is put right would look as wrong as before, for nothing but `resume` uses it again."""
    household.asks("When is the review?", days=20, message_id="q@example.org")
    secret = household.folder / "webhook-secret"
    secret.write_text("not what it should be\n")
    household.configure(
        *ANY_TIME, "[webhooks.hub]", f'url = "{http_server.url}/hook"', f'secret_file = "{secret}"'
    )
    household.must("poll")
    household.must("review")
    assert household.run("remind").code == 5
    again = household.run("remind")
    assert "Not used: hub: the secret" in again.err
    assert "run: inboxwatch resume" in again.err
    assert "put right, run: inboxwatch resume" in household.run("doctor").out

    secret.write_text("whsec_" + "QUJD" * 8 + "\n")
    doctor = household.run("doctor")
    assert doctor.code == 7
    assert "tried just now, nothing was wrong" in doctor.out
    assert "To use it again, run: inboxwatch resume" in doctor.out

    assert "hub is used again" in household.must("resume")
    assert "1 sent" in household.must("remind")
