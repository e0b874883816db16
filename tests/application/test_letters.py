"""The letters: right facts, kind words, right headers, and templates of the user's own."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.letters import TemplateLetters, draft_bytes
from inboxwatch.application.letters import Letter, letter, mailto
from inboxwatch.domain.clocks import LegalForce
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.ladder import Rung
from inboxwatch.domain.message import Address
from inboxwatch.domain.verdict import Verdict
from tests.builders import STATUTORY, a_bounce, from_council, from_us, judged, moment

ME = Address(address="parent@example.org", name="Alex Doe")
BLAME = ("ignored", "failed", "unacceptable", "disgrace", "breach", "negligen", "refus")


def history() -> Verdict:
    """A question with an acknowledgement, two chasers and a broken promise."""
    asked = from_us("2026-03-02 09:00", "asked@example.org", own_text="When will it be sent?\n\nA.")
    return judged(
        asked,
        from_council("2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, to=asked),
        from_council(
            "2026-03-05 09:00", to=asked, holding=True, promised_on=date(2026, 3, 20),
            case_references=("KCC-1234567",),
        ),
        from_us("2026-04-01 09:00", "one@example.org", in_reply_to="asked@example.org"),
        from_us(
            "2026-04-20 09:00", "two@example.org", in_reply_to="one@example.org",
            references=("asked@example.org", "one@example.org"),
        ),
    )  # fmt: skip


def written(verdict: Verdict, rung: Rung | None = None, folder: Path | None = None) -> Letter:
    return letter(
        verdict, rung, TemplateLetters(folder), sender=ME, body_title="Kent County Council"
    )


@pytest.mark.parametrize("rung", list(Rung))
def test_every_letter_states_the_facts_and_accuses_nobody(rung: Rung) -> None:
    found = written(history(), rung)
    assert found.rung is rung
    assert "2 March 2026" in found.body
    assert "Annual review for Sam" in found.body
    assert "KCC-1234567" in found.body
    assert found.body.rstrip().endswith("Alex Doe")
    assert not [word for word in BLAME if word in found.body.casefold()]
    assert "{" not in found.body
    assert "\n\n\n" not in found.body
    if rung is not Rung.CHASER:
        assert "- 1 April 2026: I asked again" in found.body
        assert "an automatic message said that it had been received" in found.body
        assert "someone wrote that I would have an answer by 20 March 2026" in found.body


def test_a_chaser_mentions_the_promise_that_has_passed() -> None:
    assert "by 20 March 2026" in written(history(), Rung.CHASER).body


def test_a_service_standard_is_never_called_law_and_a_statute_is() -> None:
    ordinary = written(history(), Rung.FIRM).body
    assert "61 working days have passed" in ordinary
    assert "time allowed" not in ordinary
    statutory = judged(from_us("2026-03-02 09:00"), rule=STATUTORY)
    assert statutory.due is not None
    clock = replace(statutory.due.clock, citation="SEND Regulations 2014, regulation 5(1)")
    cited = replace(statutory, due=replace(statutory.due, clock=clock))
    body = written(cited, Rung.FIRM).body
    assert "6 weeks (SEND Regulations 2014, regulation 5(1))" in body
    promised = replace(clock, legal_force=LegalForce.COUNCIL_PROMISE, citation="their page")
    kept = written(replace(statutory, due=replace(statutory.due, clock=promised)), Rung.FIRM).body
    assert "Your published standard is 6 weeks (their page)" in kept


def test_silence_about_information_goes_to_the_commissioner() -> None:
    verdict = judged(from_us("2026-03-02 09:00"), rule=STATUTORY)
    assert verdict.due is not None
    clock = replace(verdict.due.clock, group="information")
    asked = replace(verdict, due=replace(verdict.due, clock=clock))
    assert "Information Commissioner" in written(asked, Rung.OMBUDSMAN).body
    assert "Ombudsman" in written(verdict, Rung.OMBUDSMAN).body


def test_what_came_back_is_sent_again() -> None:
    asked = from_us("2026-03-02 09:00")
    body = written(judged(asked, a_bounce("2026-03-02 09:01", asked))).body
    assert "came back to me as undelivered" in body


def test_a_chaser_stays_in_the_thread_and_a_complaint_begins_its_own() -> None:
    chaser = written(history(), Rung.CHASER)
    assert chaser.subject == "Re: Annual review for Sam"
    assert chaser.to is not None
    assert chaser.to.address == "send@kent.gov.uk"
    assert chaser.in_reply_to == "two@example.org"
    assert chaser.references == ("asked@example.org", "one@example.org", "two@example.org")
    complaint = written(history(), Rung.COMPLAINT)
    assert (complaint.in_reply_to, complaint.references) == ("", ())
    assert complaint.subject.startswith("Formal complaint")
    assert written(history(), Rung.MP).to is None
    assert written(history(), Rung.OMBUDSMAN).quoted == ""


def test_without_a_choice_the_gentlest_that_fits_is_written() -> None:
    assert written(history()).rung is Rung.COMPLAINT
    assert written(judged(from_us("2026-03-02 09:00"))).rung is Rung.CHASER


def test_what_waits_for_nothing_has_no_letter() -> None:
    copied = judged(from_us("2026-03-02 09:00", to="a@b.example", cc="send@kent.gov.uk"))
    with pytest.raises(ValueError, match="nothing"):
        written(copied)


def test_a_draft_is_a_mail_that_a_program_can_send() -> None:
    found = written(history(), Rung.CHASER)
    raw = draft_bytes(found, at=moment("2026-06-01 09:00"))
    mail = message_from_bytes(raw, policy=default)
    assert str(mail["From"]) == "Alex Doe <parent@example.org>"
    assert str(mail["To"]) == "send@kent.gov.uk"
    assert mail["In-Reply-To"] == "<two@example.org>"
    assert mail["References"].split() == [
        "<asked@example.org>", "<one@example.org>", "<two@example.org>",
    ]  # fmt: skip
    assert mail["Message-ID"] is None
    text = mail.get_content()
    assert "> When will it be sent?\n>\n> A.\n" in text.replace("\r\n", "\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert "inboxwatch" not in raw.decode().casefold()


def test_long_ids_stay_ids() -> None:
    """Outlook's ids are longer than a line; written as encoded words they would name nothing."""
    ids = tuple(f"{'a' * 120}{n}@example.org" for n in range(30))
    found = replace(written(history(), Rung.CHASER), in_reply_to=ids[0], references=ids)
    raw = draft_bytes(found, at=moment("2026-06-01 09:00"))
    assert b"=?" not in raw.partition(b"\r\nFrom:")[0]
    mail = message_from_bytes(raw, policy=default)
    assert mail["In-Reply-To"] == f"<{ids[0]}>"
    assert mail["References"].split() == [f"<{one}>" for one in ids]
    odd = replace(found, in_reply_to="a b@x", references=("ü@x", "a>b@x", ""))
    assert draft_bytes(odd, at=moment("2026-06-01 09:00")).startswith(b"From:")


def test_mailto_opens_the_letter_whole() -> None:
    body = "Dear all,\n\n50 % & more? ü\nAlex\n"
    found = replace(written(history(), Rung.CHASER), body=body, subject="Re: a&b")
    url = mailto(found)
    parts = urlsplit(url)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "send@kent.gov.uk")
    fields = parse_qs(parts.query, strict_parsing=True)
    assert fields["subject"] == ["Re: a&b"]
    assert fields["in-reply-to"] == ["<two@example.org>"]
    assert fields["body"] == [found.body.replace("\n", "\r\n")]
    assert url.isascii()
    assert "+" not in url  # a mail program would show it as a plus
    assert mailto(written(history(), Rung.MP)).startswith("mailto:?subject=")


HOSTILE = st.text(max_size=80)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_of_a_mail_breaks_out_of_a_letter(subject: str, name: str, text: str) -> None:
    asked = from_us("2026-03-02 09:00", "a@example.org", subject=subject, own_text=text)
    found = letter(
        judged(asked),
        Rung.FIRM,
        TemplateLetters(),
        sender=Address(address="parent@example.org", name=name),
        body_title=subject,
    )
    mail = message_from_bytes(draft_bytes(found, at=moment("2026-06-01 09:00")), policy=default)
    assert set(mail.keys()) <= {
        "From", "To", "Subject", "Date", "In-Reply-To", "References", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip
    assert str(mail["To"]) == "send@kent.gov.uk"
    assert mailto(found).isascii()


def test_a_letter_of_ones_own_takes_the_shipped_ones_place(tmp_path: Path) -> None:
    (tmp_path / "chaser.txt").write_text("Subject: {{ reply_subject }}\n\nHello {{ team }}!\n")
    mine = written(history(), Rung.CHASER, tmp_path)
    assert (mine.subject, mine.body) == (
        "Re: Annual review for Sam",
        "Hello Kent County Council team!\n",
    )
    assert "formal complaint" in written(history(), Rung.COMPLAINT, tmp_path).body


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("Hello", "first line must be"),
        ("Subject:  \nx", "first line must be"),
        ("Subject: {{ nothing_known }}", "undefined"),
        ("Subject: a\n{% if %}", "line 2"),
        ("Subject: {{ name.__class__.__mro__ }}", "unsafe"),
        ("Subject: {{ history.append('x') }}", "unsafe|not safely"),
        ("Subject: {% include 'missing.txt' %}", "not there"),
        ("Subject: {{ 1 // 0 }}", "ZeroDivisionError"),
    ],
)
def test_a_wrong_letter_is_said_with_its_name(tmp_path: Path, template: str, why: str) -> None:
    (tmp_path / "chaser.txt").write_text(template)
    with pytest.raises(ConfigError, match=why) as caught:
        written(history(), Rung.CHASER, tmp_path)
    assert "chaser.txt" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "template", "why"),
    [
        ("chaser.txt", "Subject: a\n{% if %}", "line 2"),
        ("chasers.txt", "Subject: a\nb", r"no letter has this name; they are chaser\.txt"),
    ],
)
def test_own_letters_are_looked_over_before_one_is_needed(
    tmp_path: Path, name: str, template: str, why: str
) -> None:
    TemplateLetters().check()
    with pytest.raises(ConfigError, match=r"letters does not exist"):
        TemplateLetters(tmp_path / "leters").check()
    TemplateLetters(tmp_path).check()
    (tmp_path / name).write_text(template)
    with pytest.raises(ConfigError, match=why) as caught:
        TemplateLetters(tmp_path).check()
    assert name in str(caught.value)


def test_a_byte_order_mark_is_no_part_of_a_letter(tmp_path: Path) -> None:
    (tmp_path / "chaser.txt").write_text("Subject: Hello\nText", encoding="utf-8-sig")
    assert written(history(), Rung.CHASER, tmp_path).subject == "Hello"


def test_a_letter_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "chaser.txt").write_bytes(b"Subject: \xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        written(history(), Rung.CHASER, tmp_path)


def test_a_long_history_is_shortened_and_said_so() -> None:
    asked = from_us("2026-01-02 09:00", "asked@example.org")
    chasers = [
        from_us(f"2026-02-{n % 27 + 1:02} {n // 27 + 8:02}:00", in_reply_to="asked@example.org")
        for n in range(60)
    ]
    body = written(judged(asked, *chasers), Rung.COMPLAINT).body
    assert "(31 more)" in body
    assert body.count("I asked again") == 29


def test_only_what_belongs_to_the_wait_is_told() -> None:
    """An earlier question that was answered, a thank-you and a bare receipt say nothing here."""
    first = from_us("2026-01-05 09:00", "first@example.org")
    answer = from_council("2026-01-06 09:00", to=first)
    thanks = from_us("2026-01-07 09:00", in_reply_to="first@example.org", thanks=True)
    second = from_us("2026-03-02 09:00", in_reply_to="first@example.org", own_text="")
    later = from_us("2026-03-03 09:00", in_reply_to="first@example.org", thanks=True)
    news = from_council("2026-03-04 09:00", Kind.BULK, to=second)
    vague = from_council("2026-03-05 09:00", to=second, holding=True)
    verdict = judged(first, answer, thanks, second, later, news, vague)
    found = written(verdict, Rung.FIRM)
    lines = [line for line in found.body.splitlines() if line.startswith("- ")]
    assert lines == [
        "- 2 March 2026: I wrote",
        "- 5 March 2026: someone wrote that I would have an answer",
    ]
    assert found.quoted == ""
