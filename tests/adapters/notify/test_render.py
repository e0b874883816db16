"""A digest in words: kind, safe against hostile text, nothing remote."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.notify.render import Rendered, flowed, render
from inboxwatch.application.digest import Trouble
from inboxwatch.domain.errors import NotifierError
from inboxwatch.domain.reminders import Reminder
from inboxwatch.domain.verdict import Status
from tests.builders_reminders import SITUATION, a_digest, a_reminder, an_alert, an_undelivered


def _render(*reminders: Reminder, **situation: object) -> Rendered:
    changed = replace(SITUATION, **situation)  # type: ignore[arg-type]
    return render(a_digest(*reminders, situation=changed))


def _unflowed(text: str) -> str:
    """What a reader of format=flowed shows."""
    lines = [line.removeprefix(" ") for line in text.removesuffix("\n").split("\n")]
    return "".join(line if line.endswith(" ") else f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("reminder", "subject", "step"),
    [
        (an_undelivered(), "Send again: “Question lost”", "Check the address and send it again."),
        (
            a_reminder(action="write elsewhere: forms.example.org"),
            "They ask something of you: “Question a”",
            "They ask something of you: write elsewhere: forms.example.org",
        ),
        (
            a_reminder(key_step="promise-passed", promised_on=date(2026, 5, 20)),
            "Ask about the promised answer: “Question a”",
            "Ask about the answer they promised for 20 May 2026.",
        ),
        (
            a_reminder(promised_on=date(2026, 5, 8), due_on=date(2026, 5, 8), rung="chaser"),
            "Ask about the promised answer: “Question a”",
            "Ask about the answer they promised for 8 May 2026.",
        ),
        (  # the day that the law sets is over, the one that was promised is not
            a_reminder(promised_on=date(2026, 6, 8), due_on=date(2026, 5, 8), rung="firm"),
            "Ask again: “Question a”",
            "mention your email of 29 April 2026",
        ),
        (a_reminder(), "Ask for a reply: “Question a”", "Send a short, friendly note"),
        (a_reminder(chasers=1), "Ask again: “Question a”", "mention your email of 29 April 2026"),
        (a_reminder(chasers=3), "Next step: “Question a”", "You have written 4 times."),
    ],
)
def test_the_next_step_leads(reminder: Reminder, subject: str, step: str) -> None:
    """In the subject and as the first line of the reminder, before any fact."""
    rendered = _render(reminder)
    text = _unflowed(rendered.text)

    assert rendered.subject == subject
    assert step in text
    assert text.index(step) < text.index("To send@kent.gov.uk")
    assert step in rendered.html


def test_the_facts_are_told_kindly_and_completely() -> None:
    text = _unflowed(
        _render(
            a_reminder(
                chasers=2,
                last_chased_at=datetime(2026, 5, 20, 23, 30, tzinfo=UTC),
                acknowledged_at=datetime(2026, 4, 29, 9, 13, tzinfo=UTC),
                holding_at=datetime(2026, 5, 3, tzinfo=UTC),
                promised_on=date(2026, 5, 12),
                case="Sam",
                step=3,
            )
        ).text
    )

    for line in (
        "To send@kent.gov.uk, sent 29 April 2026.",
        "No reply found for 21 working days (33 days in all)."
        " The last day on time was 14 May 2026.",
        "You asked again twice, last on 21 May 2026.",  # half past midnight in London
        "An automatic message of 29 April 2026 says that it was received.",
        "Someone wrote on 3 May 2026 that they will answer.",
        "The day they promised, 12 May 2026, has passed.",
        "Case: Sam.",
        "This is reminder 3 about this one.",
        "Thread threadaxxx",
    ):
        assert f"\n{line}\n" in text
    assert not re.search(r"ignored|urgent|warning|failed|!", text, re.IGNORECASE)


def test_the_last_reminder_says_that_it_is_the_last() -> None:
    text = _render(a_reminder(step=4, final=True)).text

    assert "This is the last reminder about this one." in text
    assert "reminder 4" not in text


def test_a_first_reminder_with_few_facts_claims_nothing_more() -> None:
    bare = a_reminder(waiting_days=None, waiting_working_days=None, due_on=None)
    text = _unflowed(_render(bare).text)

    assert "No reply found in this mailbox as of 1 June 2026." in text
    assert "No reply found for" not in text
    for word in ("asked again", "automatic", "promised", "on time", "about this one", "Case"):
        assert word not in text


def test_a_promise_that_still_runs_is_told_as_one() -> None:
    text = _render(a_reminder(promised_on=date(2026, 6, 1))).text

    assert "They promised an answer by 1 June 2026." in text


def test_a_day_that_is_not_over_is_not_told_as_past() -> None:
    asked = a_reminder(status=Status.WAITING, action="use the form", due_on=date(2026, 6, 1))

    assert "The last day on time is 1 June 2026." in _unflowed(_render(asked).text)


def test_what_did_not_arrive_stands_apart_and_first() -> None:
    rendered = _render(a_reminder(), an_undelivered())

    for whole, apart, waiting in (
        (rendered.text, "DID NOT ARRIVE\n", "WAITING FOR A REPLY\n"),
        (rendered.html, "Did not arrive</h2>", "Waiting for a reply</h2>"),
    ):
        body = whole.rpartition("</title>")[2]
        places = [body.index(w) for w in (apart, "Question lost", waiting, "Question a")]
        assert places == sorted(places)
    assert rendered.subject == "Send again: “Question lost” and 1 more"
    assert "1 email of yours did not arrive and 1 email is still waiting" in _unflowed(
        rendered.text
    )


def test_what_to_look_at_and_the_state_of_the_watching_are_told() -> None:
    rendered = _render(
        a_reminder(),
        review=3,
        unreadable=1,
        troubles=(Trouble(what="Archive could not be read since 28 May.", remedy="Look."),),
        notes=("“Question b” is marked as answered.",),
    )

    for whole in (_unflowed(rendered.text), rendered.html):
        assert "3 messages may be replies." in whole
        assert "inboxwatch list --status review" in whole
        assert "1 message could not be read." in whole
        assert "Archive could not be read since 28 May. Look." in whole
        assert "“Question b” is marked as answered." in whole


def test_it_says_how_to_hear_less() -> None:
    text = _render(a_reminder()).text

    assert "  inboxwatch mark threadaxxx answered\n" in text
    assert "  inboxwatch snooze threadaxxx --until 2026-06-15\n" in text
    assert "  inboxwatch pause\n" in text


def test_answers_by_reply_are_offered_only_where_they_are_read() -> None:
    assert "Reply to this mail" not in _render(a_reminder()).text
    assert "  done 1\n" in _render(a_reminder(), answers_by_reply=True).text


def test_only_notes_still_make_a_mail() -> None:
    rendered = _render(notes=("All reminders are paused.",))

    assert rendered.subject == "inboxwatch: a note about your mail"
    assert "Nothing new is waiting for you." in rendered.text


def test_an_alert_is_rendered_with_its_remedy() -> None:
    rendered = render(an_alert("Mail could not be read.", "Run `inboxwatch doctor`."))

    assert rendered.subject == "inboxwatch: Mail could not be read."
    assert "Run `inboxwatch doctor`." in rendered.text
    assert "Run `inboxwatch doctor`." in rendered.html


@pytest.mark.parametrize(
    ("type", "payload"),
    [("digest", "{}"), ("health", '{"type":"health","data":{"troubles":[]}}'), ("other", "{}")],
)
def test_a_payload_that_is_none_is_given_up(type: str, payload: str) -> None:
    broken = replace(a_digest(a_reminder()), type=type, payload=payload)

    with pytest.raises(NotifierError) as caught:
        render(broken)

    assert caught.value.permanent
    assert not caught.value.disables_target


HOSTILE = "<img src=https://x.example/t.gif>\r\nBcc: a@b\u202egnp.exe\u0000 {{ 7*7 }} </style>"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [
            value or "" for name, value in attrs if name in ("src", "href", "background")
        ]


def test_hostile_text_stays_text() -> None:
    """In subject, action, case and address: no markup, no header, no turned-round file name."""
    reminder = a_reminder(subject=HOSTILE, action=HOSTILE, case=HOSTILE, council_mailbox=HOSTILE)

    rendered = _render(
        reminder, notes=(HOSTILE,), troubles=(Trouble(what=HOSTILE, remedy=HOSTILE),)
    )

    parser = _Tags()
    parser.feed(rendered.html)
    assert not parser.tags & {"img", "a", "link", "script", "iframe"}
    assert parser.links == []
    assert "url(" not in rendered.html
    assert "{{ 7*7 }}" in rendered.html
    for whole in (rendered.subject, rendered.text, rendered.html):
        assert "\u202e" not in whole
        assert "\0" not in whole
        assert "\r" not in whole
    assert "\n" not in rendered.subject


def test_the_bars_show_the_waits_against_the_longest() -> None:
    half = a_reminder("half", waiting_working_days=10)
    longest = a_reminder("long", waiting_working_days=20)

    html = _render(half, longest).html

    assert html.count('aria-hidden="true"') == 2
    assert 'width="50%"' in html
    assert html.count('class="bar" width="100%"') == 1
    assert 'class="bar"' not in _render(half).html  # alone it would compare nothing


@given(st.lists(st.text(alphabet="ab c>F", max_size=200), max_size=5))
def test_flowed_text_reads_back_as_it_was(lines: list[str]) -> None:
    """RFC 3676: no line is longer than it should be, and the reader sees whole paragraphs."""
    text = "\n".join(" ".join(line.split()) for line in lines)

    wrapped = flowed(text)

    assert _unflowed(wrapped) == text.strip("\n") + "\n"
    for line in wrapped.split("\n"):
        assert len(line) <= 74 or " " not in line.strip()


def test_status_waiting_counts_as_waiting() -> None:
    assert "1 email is still waiting for a reply" in _render(
        a_reminder(status=Status.WAITING, action="use the form")
    ).text.replace(" \n", " ")
