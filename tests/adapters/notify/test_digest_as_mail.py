"""A digest that any mail server takes and any mail program shows."""

import re
from dataclasses import replace
from typing import Any

from inboxwatch.adapters.notify.render import Rendered, render
from inboxwatch.adapters.notify.words import REPLIES
from inboxwatch.domain.reminders import Reminder
from tests.builders_reminders import SITUATION, a_digest, a_reminder


def rendered(*reminders: Reminder, **situation: Any) -> Rendered:
    return render(a_digest(*reminders, situation=replace(SITUATION, **situation)))


def test_ten_thousand_reminders_make_a_mail_that_is_read_and_sent() -> None:
    many = [a_reminder(str(n)) for n in range(10_000)]
    found = rendered(*many)
    assert "10000 emails are still waiting" in found.text.replace(",", "")
    assert "100. Send a short" in found.text
    assert "101." not in found.text
    assert "9,900 more. To see them all:\n   inboxwatch list\n" in found.text
    assert len(found.html) + len(found.text) < 500_000


def test_what_may_be_answered_says_what_it_means() -> None:
    found = rendered(a_reminder(), answers_by_reply=True)
    for meaning, answer in REPLIES:
        assert f"{meaning}\n   {answer}\n" in found.text
        assert meaning in found.html
    with_none = rendered(a_reminder(), answers_by_reply=False)
    assert "done 1" not in with_none.text


def test_a_command_stands_on_a_line_of_its_own_also_without_styles() -> None:
    """Many mail programs drop styles: what is to be copied must not run into what follows."""
    found = rendered(
        a_reminder(suggested_clock="sar", suggested_what="a request for data", rung="chaser")
    )
    assert "To use it:\n   inboxwatch clock " in found.text.replace(" \n", " ")
    bare = re.sub(r' (?:style|class)="[^"]*"', "", found.html)
    commands = re.findall(r"<div><code>(inboxwatch [^<]+)</code></div>", bare)
    assert [command.split()[1] for command in commands] == [
        "clock", "draft", "mark", "snooze", "pause",
    ]  # fmt: skip
