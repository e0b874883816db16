"""Every page says what it should, over the sample mail."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from inboxwatch.adapters.store import open_store
from inboxwatch.domain.message import FolderRole, Location, Unreadable
from inboxwatch.settings.model import AccountSettings
from tests.builders import from_council, from_us
from tests.demo_mail import ME
from tests.entrypoints.web.demo_site import (
    NOW,
    Browser,
    StillKnown,
    demo_entries,
    known_of,
    put,
    settings_of,
    users,
)


def heading(page: Browser, path: str) -> str:
    answer = page.get(path)
    assert answer.status_code == 200, (path, answer.text)
    found = re.search(r"<h1>(.*?)</h1>", answer.text, re.DOTALL)
    assert found
    return unescape(re.sub(r"<.*?>", "", found[1]))


def subjects(page: Browser, path: str) -> list[str]:
    return [
        unescape(found)
        for found in re.findall(r"<h3><a [^>]*><bdi>(.*?)</bdi>", page.get(path).text)
    ]


def test_the_overview_leads_with_what_needs_the_user(page: Browser) -> None:
    assert heading(page, "/") == "10 emails need you"
    text = page.get("/").text
    assert "8 emails past the day a reply was due, 1 not delivered." in text
    assert "Known up to 1 June 2026, 08:00" in text
    assert "Silent for up to 61 working days, since 2 Mar 2026" in text
    assert subjects(page, "/")[:2] == [
        "Taxi did not come again", "Request for an EHC needs assessment - A.H.",
    ]  # fmt: skip
    assert "You have asked again twice." in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 11),
        ("?status=needs-you", 10),
        ("?status=overdue", 8),
        ("?status=answered", 4),
        ("?status=everything", 15),
        ("?status=closed", 0),
        ("?status=nonsense", 11),
        ("?body=medway.gov.uk", 1),
        ("?mailbox=complaints@kent.gov.uk", 2),
        ("?words=SPEECH", 1),
        ("?words=priya.nair", 1),
        ("?case=Nobody", 0),
        ("?status=everything&page=99", 15),
    ],
)
def test_the_list_can_be_narrowed(page: Browser, query: str, count: int) -> None:
    assert len(subjects(page, f"/{query}")) == count


def test_a_long_list_has_pages(tmp_path: Path) -> None:
    entries = [
        from_us(f"2026-05-{1 + n % 20:02} 09:{n:02}", f"q{n}@example.org", subject=f"Question {n}",
                own_text=f"Please tell me about matter number {n * 7919}.")
        for n in range(45)
    ]  # fmt: skip
    known = known_of(tmp_path, entries, accounts={"home": {"address": "parent@example.org"}})
    page = Browser(known, users())
    first, second, last = (subjects(page, f"/?page={n}") for n in (1, 2, 3))
    assert (len(first), len(second), len(last)) == (20, 20, 5)
    assert not set(first) & set(second)
    assert 'rel="next" href="?status=open&amp;page=2"' in page.get("/").text
    known.store.close()


def test_a_thread_tells_what_happened_why_and_what_next(page: Browser) -> None:
    (thread,) = [t for t in page.api("GET", "/threads").json()["threads"] if "A.H." in t["subject"]]
    text = unescape(page.get(f"/threads/{thread['id']}").text)
    assert "no human reply after 10 working days" in text
    assert "You could now make a formal complaint" in text
    assert "An automatic “we got it”" in text
    assert "the header Auto-Submitted: auto-replied" in text
    assert "twice, last on 20 April 2026" in text
    assert "by the end of Monday 16 March 2026" in text
    assert ", day 10 of the count" in text
    assert "Please tell me when you have decided." in text
    assert text.count('<li class="ours">') == 3


def test_an_old_id_still_finds_its_thread(page: Browser) -> None:
    from inboxwatch.domain.identifiers import thread_id

    (thread,) = [t for t in page.api("GET", "/threads").json()["threads"] if "A.H." in t["subject"]]
    later = thread["messages"][-1]["message_id"]
    older = thread_id(thread["council_mailbox"], later)
    assert older != thread["id"]
    assert "A.H." in page.get(f"/threads/{older}").text


def test_every_thread_of_every_status_has_a_page(page: Browser) -> None:
    threads = page.api("GET", "/threads").json()["threads"]
    assert {t["status"] for t in threads} >= {"overdue", "answered", "review", "undelivered"}
    for thread in threads:
        assert thread["subject"] in unescape(page.get(f"/threads/{thread['id']}").text)


def test_the_review_queue_shows_what_may_be_a_reply(page: Browser) -> None:
    assert heading(page, "/review") == "1 email for you to look at"
    text = page.get("/review").text
    assert "an invitation, which may be the answer" in text
    assert text.count('name="said"') == 4


def test_council_mail_without_a_place_is_shown_with_the_threads_it_could_go_to(
    tmp_path: Path,
) -> None:
    loose = from_council(
        "2026-05-20 10:00", message_id="loose@kent.gov.uk", receivers=ME,
        sender="unknown.officer@kent.gov.uk", subject="Your son",
        own_text="Dear Ms Hartley, I tried to ring you yesterday about the plan. Kind regards, Kim",
    )  # fmt: skip
    known = known_of(tmp_path, [*demo_entries(), loose])
    page = Browser(known, users())
    text = page.get("/review").text
    assert "Council mail that belongs to no thread (1)" in text
    assert "I tried to ring you" in text
    assert "Speech therapy in section F (priya.nair@kent.gov.uk)" in text
    assert "1 council message belongs to no thread" in page.get("/exports").text
    known.store.close()


def test_statistics_show_each_council_mailbox(page: Browser) -> None:
    text = page.get("/statistics").text
    assert "14 emails, 9 without a human reply" in text
    assert "complaints@kent.gov.uk" in text
    assert "61 days" in text
    assert "not yet" in text
    assert "Month by month: kent.gov.uk" in text


def test_a_thread_offers_the_clock_that_its_words_speak_of(page: Browser) -> None:
    """Who only ever sees the page would not learn of it, nor of their own last day."""
    (found,) = [t for t in page.api("GET", "/threads").json()["threads"] if "A.H." in t["subject"]]
    text = unescape(page.get(f"/threads/{found['id']}").text)
    assert "This looks like a request for an EHC needs assessment" in text
    assert "which has a clock of its own" in text
    assert re.search(r'name="clock" value="ehcna-decision"><button>Use its clock', text)
    assert "You can complain to the Local Government and Social Care Ombudsman until" in text


def test_health_names_what_could_not_be_read(page: Browser, known: StillKnown) -> None:
    assert heading(page, "/wellbeing") == "All is well"
    place = Location(account="home", folder="Old", role=FolderRole.USER, uidvalidity=1, uid=7)
    with known.store.transaction() as tx:
        tx.save_unreadable("me", Unreadable(location=place, reason="nested too deep"))
    text = page.get("/wellbeing").text
    assert "Old no. 7: nested too deep" in text
    known.at = NOW.replace(day=20)
    text = page.get("/wellbeing").text
    assert "Something needs a look" in text
    assert "needs a look</span>" in text
    assert page.get("/health").status_code == 503


def test_health_tells_a_single_failed_poll_without_contradicting_itself(
    page: Browser, known: StillKnown
) -> None:
    with known.store.transaction() as tx:
        last = tx.last_poll("home")
        assert last is not None
        tx.save_poll(replace(last, complete=False, problem="the server is away"))
    text = page.get("/wellbeing").text
    assert "All is well" in text
    assert "What went wrong" not in text
    assert "<dt>The last try failed</dt><dd>the server is away; it is tried again</dd>" in text


def test_before_the_first_poll_the_page_says_so(tmp_path: Path) -> None:
    store = open_store(tmp_path / "inboxwatch.db")
    known = StillKnown(settings=settings_of(tmp_path), config=None, store=store)
    page = Browser(known, users())
    for path in ("/", "/review", "/statistics", "/exports", "/decisions", "/wellbeing"):
        assert page.get(path).status_code == 200, path
    for path in ("/", "/review", "/statistics", "/exports"):
        text = page.get(path).text
        assert "Your mail has not been read completely yet. inboxwatch run reads it" in text, path
        assert "No emails to a watched council" not in text, path  # nobody can know that yet
        assert "Nothing to look at" not in text, path
    assert page.get("/exports/file").status_code == 503
    store.close()


def test_without_an_account_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    store = open_store(tmp_path / "inboxwatch.db")
    settings = settings_of(tmp_path, accounts={})
    page = Browser(StillKnown(settings=settings, config=None, store=store), users())
    assert "There is no account yet. Make one with: inboxwatch init" in page.get("/").text
    store.close()


def test_without_any_council_mail_the_page_says_whom_it_watches(tmp_path: Path) -> None:
    known = known_of(tmp_path, [])
    text = Browser(known, users()).get("/").text
    assert "No emails to a watched council yet" in text
    assert "Watched: kent.gov.uk, medway.gov.uk." in text
    known.store.close()


def test_without_an_account_there_is_still_a_page(tmp_path: Path) -> None:
    store = open_store(tmp_path / "inboxwatch.db")
    known = StillKnown(settings=settings_of(tmp_path, accounts={}), config=None, store=store)
    page = Browser(known, users())
    assert page.get("/").status_code == 200
    assert "There is no account yet" in page.get("/wellbeing").text
    store.close()


def test_two_people_share_one_page_and_their_threads_stay_apart(tmp_path: Path) -> None:
    known = known_of(
        tmp_path,
        accounts={
            "home": AccountSettings(address=ME, person="me"),
            "other": AccountSettings(address="lee@example.org", person="lee"),
        },
    )
    mine = replace(demo_entries()[0].message, message_id="other@example.org")
    asked = from_us("2026-05-01 09:00", "lee1@example.org", subject="Lee asks about transport",
                    own_text="Is there a taxi for Lee?", sender="lee@example.org")  # fmt: skip
    assert mine.message_id != asked.message_id
    put(known, [asked], person="lee", account="other")
    page = Browser(known, users())
    text = page.get("/").text
    assert "Lee asks about transport" in text
    assert "· lee" in text
    assert "Whose mail" in text
    (link,) = re.findall(r'href="(/threads/\w+\?person=lee)"', text)
    assert "Lee asks about transport" in page.get(link).text
    assert page.get(link.replace("person=lee", "person=me")).status_code == 404
    assert subjects(page, "/?person=lee") == ["Lee asks about transport"]
    assert page.get("/exports/file?format=csv").status_code == 400
    assert "Lee asks" in page.get("/exports/file?format=csv&person=lee").text
    assert page.get("/exports/file?format=csv&person=nobody").status_code == 404
    known.store.close()


def test_a_page_that_does_not_exist_says_so_calmly(page: Browser) -> None:
    for path in ("/nothing", "/threads/zzzzzzzzzz", "/threads/%00"):
        answer = page.get(path)
        assert answer.status_code == 404, path
        assert "That did not work" in answer.text
        assert "Traceback" not in answer.text
    assert page.get("/?page=x").status_code == 422
    assert page.get("/sign-out").status_code == 405
