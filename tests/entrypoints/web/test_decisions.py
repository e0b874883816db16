"""Each decision of the page is recorded, shows at once, and can be taken back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from inboxwatch.entrypoints.web.forms import VERBS
from tests.builders import from_council
from tests.demo_mail import ME
from tests.entrypoints.web.demo_site import Browser, demo_entries, known_of, token, users


def thread_about(page: Browser, words: str) -> dict[str, Any]:
    every = page.api("GET", "/threads").json()["threads"]
    return next(t for t in every if words in t["subject"])


def refs(page: Browser, thread: str) -> list[str]:
    """What the forms of a thread's page call its messages, in order."""
    text = page.get(f"/threads/{thread}").text
    return list(dict.fromkeys(re.findall(r'name="message" value="([0-9a-f]{20})"', text)))


def recorded(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 303, answer.text
    done = parse_qs(urlsplit(answer.headers["location"]).query)["done"][0]
    return [int(number) for number in done.split(",")]


def test_a_thread_can_be_closed_and_watched_again(page: Browser) -> None:
    thread = thread_about(page, "A.H.")
    answer = page.post(f"/threads/{thread['id']}/mark", value="answered", note="they rang")
    (number,) = recorded(answer)
    text = page.get(answer.headers["location"]).text
    assert "Recorded." in text
    assert "you said it was answered: they rang" in text
    assert "Watch it again" in text
    assert thread_about(page, "A.H.")["status"] == "closed"
    assert page.api("GET", "/decisions").json()[0]["by"] == "page"
    undone = page.post("/decisions/undo", decision=number, back=f"/threads/{thread['id']}")
    assert undone.headers["location"] == f"/threads/{thread['id']}"
    assert thread_about(page, "A.H.")["status"] == "overdue"
    again = page.post("/decisions/undo", decision=number)
    assert again.status_code == 404


def test_notes_snoozes_cases_and_clocks_are_kept(page: Browser) -> None:
    thread = thread_about(page, "Speech therapy")
    path = f"/threads/{thread['id']}"
    recorded(page.post(f"{path}/log", channel="phone", note="said Friday"))
    recorded(page.post(f"{path}/snooze", until="2026-07-01"))
    recorded(page.post(f"{path}/case", name=" Sam "))
    recorded(page.post(f"{path}/clock", clock="20wd"))
    after = thread_about(page, "Speech therapy")
    assert after["snoozed_until"] == "2026-07-01"
    assert after["case"] == "Sam"
    assert after["clock"] == "20wd"
    text = page.get(path).text
    assert "phone: said Friday" in text
    assert "No reminders before" in text
    assert text.count(">Take it back<") == 4
    assert 'value="Sam"' in page.get("/").text  # the case can be chosen now


def test_what_makes_no_sense_is_refused_with_a_remedy(page: Browser) -> None:
    path = f"/threads/{thread_about(page, 'A.H.')['id']}"
    senseless: tuple[tuple[str, dict[str, Any]], ...] = (
        ("mark", {"value": "nonsense"}),
        ("log", {"channel": "pigeon", "note": "x"}),
        ("snooze", {"until": "yesterday"}),
        ("snooze", {"until": "2020-01-01"}),
        ("clock", {"clock": "no-such-clock"}),
        ("classify", {"message": refs(page, path.rpartition("/")[2])[0], "kind": "rumour"}),
        ("answer", {"message": refs(page, path.rpartition("/")[2])[0], "said": "perhaps"}),
    )
    for verb, fields in senseless:
        answer = page.post(f"{path}/{verb}", **fields)
        assert answer.status_code == 400, verb
        assert "That did not work" in answer.text
    assert page.post(f"{path}/unlink", message="0" * 20).status_code == 404
    for verb in VERBS.keys() - {"case", "answer"}:
        assert page.post(f"{path}/{verb}").status_code in (400, 404), verb
    assert page.post("/threads/zzzzzzzzzz/mark", value="answered").status_code == 404
    assert page.api("GET", "/decisions").json() == []


def test_a_message_can_be_called_what_it_is(page: Browser) -> None:
    thread = thread_about(page, "Speech therapy")
    acknowledgement = refs(page, thread["id"])[0]
    recorded(page.post(f"/threads/{thread['id']}/classify", message=acknowledgement, kind="human"))
    assert thread_about(page, "Speech therapy")["status"] == "answered"
    assert "(as you said)" in page.get(f"/threads/{thread['id']}").text


def test_a_message_can_leave_its_thread_and_come_back(page: Browser) -> None:
    thread = thread_about(page, "A.H.")
    count = len(thread["messages"])
    gone = refs(page, thread["id"])[0]
    recorded(page.post(f"/threads/{thread['id']}/unlink", message=gone))
    assert len(thread_about(page, "A.H.")["messages"]) == count - 1
    assert page.post("/decisions/undo", decision=1).status_code == 303
    assert len(thread_about(page, "A.H.")["messages"]) == count


def test_what_happened_on_a_day_is_noted_where_it_means_something(page: Browser) -> None:
    path = f"/threads/{thread_about(page, 'Speech therapy')['id']}"
    assert '<option value="decision">decision</option>' in page.get(path).text
    (number,) = recorded(page.post(f"{path}/event", event="decision", on="2026-05-20"))
    (said,) = page.api("GET", "/decisions").json()
    assert (said["id"], said["verb"], said["value"]) == (number, "event", "decision=2026-05-20")
    assert page.post(f"{path}/event", event="party", on="2026-05-20").status_code == 400
    assert page.post(f"{path}/event", event="decision", on="soon").status_code == 400


def the_doubt(page: Browser) -> tuple[str, str]:
    thread = thread_about(page, "Meeting about the draft plan")
    text = page.get("/review").text
    (message,) = set(re.findall(r'name="message" value="([0-9a-f]{20})"', text))
    return thread["id"], message


def test_a_possible_reply_is_one_with_one_click(page: Browser) -> None:
    thread, message = the_doubt(page)
    answer = page.post(f"/threads/{thread}/answer", message=message, said="yes", back="review")
    assert urlsplit(answer.headers["location"]).path == "/review"
    assert thread_about(page, "Meeting about")["status"] == "answered"
    assert "Nothing to look at" in page.get(answer.headers["location"]).text


def test_a_possible_reply_is_none_with_one_click(page: Browser) -> None:
    for said in ("no", "automatic", "elsewhere"):
        thread, message = the_doubt(page)
        numbers = recorded(page.post(f"/threads/{thread}/answer", message=message, said=said))
        assert thread_about(page, "Meeting about")["status"] == "overdue", said
        for number in numbers:
            page.post("/decisions/undo", decision=number)
        assert thread_about(page, "Meeting about")["status"] == "review"


def test_an_answer_that_only_promises_one_is_none_with_one_click(tmp_path: Path) -> None:
    ours = next(e for e in demo_entries() if "Speech therapy" in e.message.subject)
    promise = from_council(
        "2026-05-20 10:00", message_id="promise@kent.gov.uk", to=ours, receivers=ME,
        subject="Re: Speech therapy in section F", may_hold=True,
        own_text="Dear Sam, I have mislaid your letter and will ring you.\n\nAnn Cole",
    )  # fmt: skip
    page = Browser(known_of(tmp_path, [*demo_entries(), promise]), users(tokens=[token()]))
    thread = thread_about(page, "Speech therapy")
    assert thread["status"] == "answered"
    text = page.get("/review").text
    assert "Answered, or only promised? (1)" in text
    (message,) = set(
        re.findall(r'message" value="([0-9a-f]{20})"', text.partition("only promised?")[2])
    )
    path = f"/threads/{thread['id']}"
    assert "may only say" in page.get(path).text

    for said, status in (("no", "overdue"), ("yes", "answered")):
        (number,) = recorded(page.post(f"{path}/answer", message=message, said=said))
        assert thread_about(page, "Speech therapy")["status"] == status
        assert "only promised?" not in page.get("/review").text
        page.post("/decisions/undo", decision=number)


def test_a_reply_from_a_doubtful_place_is_put_into_the_thread(tmp_path: Path) -> None:
    ours = next(e for e in demo_entries() if "Speech therapy" in e.message.subject)
    passed_on = from_council(
        "2026-05-20 10:00", message_id="cllr@kent.gov.uk", to=ours, receivers=ME,
        sender="cllr.bold@members.kent.gov.uk", subject="Re: Speech therapy in section F",
        own_text="Dear Sam, I asked them for you and the report is attached. Councillor Bold",
    )  # fmt: skip
    listed = {"kent.gov.uk": {"not_the_body": ("members.kent.gov.uk",)}}
    known = known_of(tmp_path, [*demo_entries(), passed_on], bodies=listed)
    page = Browser(known, users(tokens=[token()]))
    page.get("/")
    thread = thread_about(page, "Speech therapy")
    assert thread["status"] == "review"
    text = page.get(f"/threads/{thread['id']}").text
    (message,) = set(re.findall(r'/answer".*?value="([0-9a-f]{20})"', text, re.DOTALL))
    recorded(page.post(f"/threads/{thread['id']}/answer", message=message, said="yes"))
    assert thread_about(page, "Speech therapy")["status"] == "answered"
    known.store.close()


def test_mail_without_a_place_can_be_put_into_a_thread(tmp_path: Path) -> None:
    loose = from_council(
        "2026-05-20 10:00", message_id="loose@kent.gov.uk", receivers=ME,
        sender="unknown.officer@kent.gov.uk", subject="Your son",
        own_text="Dear Ms Hartley, I tried to ring you yesterday about the plan. Kind regards, Kim",
    )  # fmt: skip
    known = known_of(tmp_path, [*demo_entries(), loose])
    page = Browser(known, users(tokens=[token()]))
    text = page.get("/review").text
    apart = text[text.index('id="apart"') :]
    (message,) = set(re.findall(r'name="message" value="([0-9a-f]{20})"', apart))
    thread = thread_about(page, "Speech therapy")
    assert f'value="{thread["id"]}"' in apart
    answer = page.post("/review/link", message=message, thread=thread["id"], person="me")
    recorded(answer)
    assert thread_about(page, "Speech therapy")["status"] == "answered"
    assert "belongs to no thread" not in page.get("/review").text
    page.post("/decisions/undo", decision=1)
    here = page.post(f"/threads/{thread['id']}/link", message=message)  # from the thread's page
    recorded(here)
    assert thread_about(page, "Speech therapy")["status"] == "answered"
    known.store.close()


def test_decisions_are_listed_with_who_made_them(guarded: Browser) -> None:
    guarded.sign_in("anna")
    thread = thread_about(guarded, "A.H.")
    guarded.post(f"/threads/{thread['id']}/log", channel="post", note="a letter came")
    text = guarded.get("/decisions").text
    assert "page:anna" in text
    assert "a letter came" in text
    assert f'<a href="/threads/{thread["id"]}' in text
    assert thread["subject"] in text
    guarded.post("/decisions/undo", decision=1)
    text = guarded.get("/decisions").text
    assert "taken back" in text
    assert 'action="/decisions/undo"' in text
    assert "Take it back<" not in text


def test_a_decision_made_elsewhere_shows_at_once(page: Browser) -> None:
    thread = thread_about(page, "A.H.")
    page.api("POST", f"/threads/{thread['id']}/mark", json={"value": "no-reply-needed"})
    assert "you said it needs none" in page.get(f"/threads/{thread['id']}").text
