"""What the command line says in any terminal, pipe and language, and when something is missing."""

import csv
import io
import json
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.entrypoints.terminals import in_terminal, piped

LONG = "Where is the plan? " * 60
SIGNS = "\u202eplan \x1b[31mred\x1b[0m <b>bold</b> 山田 \U0001f600"


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """Two unanswered emails: one whose subject is endless, one with signs meant to do harm."""
    folder = tmp_path / "mail"
    folder.mkdir()
    for number, subject in enumerate((LONG, SIGNS)):
        letter = EmailMessage()
        letter["From"], letter["To"] = "me@example.org", "send@kent.gov.uk"
        letter["Subject"] = re.sub(r"[\r\n\x1b]", "", subject)
        letter["Date"] = f"Mon, {number + 2} Mar 2026 09:00:00 +0000"
        letter["Message-ID"] = f"<{number}@example.org>"
        letter.set_content("When will this be decided?")
        (folder / f"{number}.eml").write_bytes(letter.as_bytes())
    return folder


AUDIT = ("audit", "mail", "--me", "me@example.org", "--watch", "kent.gov.uk")


@pytest.mark.parametrize("columns", [50, 60, 80, 120])
def test_no_line_of_the_list_is_wider_than_the_terminal(mail: Path, columns: int) -> None:
    shown = in_terminal(*AUDIT, columns=columns, folder=mail.parent)
    assert "send@kent.gov.uk" in shown
    assert "Where is the plan?" in " ".join(shown.split())
    assert max(cell_len(line) for line in shown.splitlines()) <= columns


def test_an_endless_subject_takes_few_lines_and_leaves_the_columns_where_they_are(
    mail: Path,
) -> None:
    assert len(in_terminal(*AUDIT, columns=80, folder=mail.parent).splitlines()) < 20
    rows = piped(*AUDIT, folder=mail.parent)[1].splitlines()
    assert max(map(len, rows)) < 250


def test_a_terminal_that_wants_no_colours_gets_none(tmp_path: Path) -> None:
    coloured = in_terminal("doctor", columns=80, folder=tmp_path, raw=True)
    plain = in_terminal("doctor", columns=80, folder=tmp_path, raw=True, NO_COLOR="1")
    assert "\x1b[3" in coloured
    assert "\x1b[3" not in plain


def test_a_council_that_no_mail_is_with_is_named(mail: Path) -> None:
    code, _, errors = piped(*AUDIT, "--watch", "kent.gov.ukk", folder=mail.parent)
    assert code == 0
    assert "No mail to or from kent.gov.ukk was found" in errors
    assert "No mail to or from kent.gov.uk was found" not in errors


def test_without_sent_mail_an_audit_says_that_it_cannot_know(mail: Path) -> None:
    for file in mail.iterdir():
        letter = (
            file.read_bytes().replace(b"From: me@", b"From: x@").replace(b"To: send@", b"Cc: y@")
        )
        file.write_bytes(letter.replace(b"x@example.org", b"send@kent.gov.uk"))
    _, shown, errors = piped(*AUDIT, folder=mail.parent)
    assert "No thread is waiting" in shown
    assert "Give your Sent folder too" in errors


@pytest.mark.parametrize(
    "place", ["kent", "kent.gov.uk,essex.gov.uk", "kent.gov.uk.", "https://kent.gov.uk"]
)
def test_what_no_council_can_be_called_is_refused(mail: Path, place: str) -> None:
    code, _, errors = piped(*AUDIT, "--watch", place, folder=mail.parent)
    assert code == 2
    assert f"'{place}' is neither a domain nor an address" in errors


def test_what_could_not_be_placed_or_read_stands_below_its_own_heading(mail: Path) -> None:
    letter = (mail / "0.eml").read_bytes()
    for number in range(7):  # more than are named
        dateless = letter.replace(b"Date: ", b"X-Date: ")
        (mail / f"dateless-{number}.eml").write_bytes(dateless)
    (mail / "lost.eml").write_text(
        "From: officer@kent.gov.uk\nTo: me@example.org\nSubject: The playground\n"
        "Date: Sun, 1 Feb 2026 09:00:00 +0000\nMessage-ID: <lost@example.org>\n\nIt is open.\n"
    )
    errors = piped(*AUDIT, folder=mail.parent)[2].splitlines()
    unplaced = next(i for i, line in enumerate(errors) if "could not be placed" in line)
    unread = next(i for i, line in enumerate(errors) if "7 messages could not be read" in line)
    assert "<lost@example.org>" in errors[unplaced + 1]
    assert errors[unread + 1] == "  mail/dateless-0.eml #1: no believable date"
    assert errors[unread + 6] == "  and 2 more, with --json"


def test_an_answer_that_may_only_promise_one_is_named(mail: Path) -> None:
    asked = (mail / "0.eml").read_text()
    (message_id,) = re.findall("(?im)^message-id: (.+)$", asked)
    (mail / "promise.eml").write_text(
        "From: officer@kent.gov.uk\nTo: me@example.org\nSubject: Re: it\n"
        f"Date: Thu, 5 Mar 2026 09:00:00 +0000\nIn-Reply-To: {message_id}\n"
        "Message-ID: <promise@example.org>\n\nI have mislaid your letter and will ring you.\n"
    )
    errors = piped(*AUDIT, folder=mail.parent)[2].splitlines()
    found = next(i for i, line in enumerate(errors) if "1 answer may only say" in line)
    assert "officer@kent.gov.uk: Re: it" in errors[found + 1]


def test_an_answer_without_a_date_is_to_be_looked_at_and_not_called_missing(mail: Path) -> None:
    (mail / "undated.eml").write_text(
        "From: officer@kent.gov.uk\nTo: me@example.org\nSubject: Re: The plan\n"
        "Message-ID: <a@kent.gov.uk>\nIn-Reply-To: <0@example.org>\n\n"
        "Dear Ms Hollis, the plan was issued on Tuesday. Yours, Pat Morley\n"
    )
    shown = json.loads(piped(*AUDIT, "--as-of", "2026-06-01", "--json", folder=mail.parent)[1])
    about = next(one for one in shown["threads"] if one["subject"].startswith("Where is"))
    assert about["status"] == "review"
    assert "a message without a date, which may be the answer" in json.dumps(about)


def test_many_files_that_are_left_out_for_one_reason_take_one_line(mail: Path) -> None:
    for number in range(30):
        (mail / f"{number}.emlx").write_text("12\n")
    (mail / "Old.pst").write_text("!BDN")
    code, _, errors = piped(*AUDIT, folder=mail.parent)
    named = [line for line in errors.splitlines() if line.startswith("not scanned")]
    assert code == 0
    assert len(named) == 2
    assert any("mail/0.emlx and 29 more" in line and ".mbox" in line for line in named)
    assert any("mail/Old.pst" in line for line in named)
    everything = json.loads(piped(*AUDIT, "--as-of", "2026-06-01", "--json", folder=mail.parent)[1])
    assert len(everything["scanned"]["not_scanned"]) == 31


def test_a_list_goes_alone_into_a_pipe(mail: Path) -> None:
    code, shown, _ = piped(*AUDIT, "--csv", "-", folder=mail.parent)
    rows = list(csv.DictReader(io.StringIO(shown.removeprefix("\ufeff"))))
    assert code == 0
    assert [row["council_mailbox"] for row in rows] == ["send@kent.gov.uk"] * 2
    page = piped(*AUDIT, "--report", "-", folder=mail.parent)[1]
    assert page.lower().startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert not (mail.parent / "-").exists()


def test_what_cannot_share_a_pipe_or_go_into_one_is_refused(mail: Path) -> None:
    code, shown, errors = piped(*AUDIT, "--csv", "-", "--json", folder=mail.parent)
    assert (code, shown) == (2, "")
    assert "only one of" in errors
    code, _, errors = piped("backup", "-o", "-", folder=mail.parent)
    assert code == 2
    assert "cannot be written to a pipe" in errors
    assert not (mail.parent / "-").exists()


def test_a_full_disk_behind_the_output_is_told(mail: Path) -> None:
    code, _, errors = piped(*AUDIT, folder=mail.parent, stdout="/dev/full")
    assert code == 2
    assert errors.startswith("inboxwatch: the output cannot be written: No space left")
    assert "Traceback" not in errors


def test_a_terminal_without_unicode_shows_what_it_can(mail: Path) -> None:
    code, shown, errors = piped(*AUDIT, folder=mail.parent, PYTHONIOENCODING="latin-1")
    assert code == 0
    assert "<b>bold</b> ?? ?" in shown
    assert "Traceback" not in errors


def test_json_loses_nothing_where_the_terminal_has_no_unicode(mail: Path) -> None:
    _, shown, _ = piped(*AUDIT, "--json", folder=mail.parent, PYTHONIOENCODING="latin-1")
    subjects = {thread["subject"] for thread in json.loads(shown)["threads"]}
    assert any("山田 \U0001f600" in subject for subject in subjects)


def test_a_file_whose_name_is_no_text_is_judged_too(mail: Path) -> None:
    odd = mail / "caf\udce9.eml"
    odd.write_bytes((mail / "0.eml").read_bytes())
    code, shown, _ = piped("classify", "--json", str(odd), folder=mail.parent)
    assert code == 0
    assert json.loads(shown)[0]["kind"] == "human"
