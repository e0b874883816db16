"""Each export holds what was asked for, by the page and by the API alike."""

from __future__ import annotations

import io
import json
import zipfile

import pikepdf
import pytest

from inboxwatch.domain.overrides import Verb
from tests.builders_store import an_override
from tests.entrypoints.web.demo_site import Browser, StillKnown, token, user, users

FORMATS = ("report", "pdf", "bundle", "xlsx", "csv", "ics", "json")


@pytest.mark.parametrize("kind", FORMATS)
def test_the_page_and_the_api_give_the_same_file_twice(page: Browser, kind: str) -> None:
    path = f"/exports/file?format={kind}"
    first = page.get(path)
    assert first.status_code == 200, first.text
    assert first.headers["content-disposition"].startswith('attachment; filename="inboxwatch-2026')
    assert page.get(path).content == first.content
    assert page.api("GET", f"/export?format={kind}").content == first.content


def test_the_chronology_is_a_pdf_of_every_status(page: Browser) -> None:
    answer = page.get("/exports/file?format=pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as document:
        assert len(document.pages) > 2
    assert answer.headers["content-type"] == "application/pdf"


def test_the_bundle_holds_chronology_list_and_manifest(page: Browser) -> None:
    answer = page.get("/exports/file?format=bundle")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert any(name.endswith("chronology.pdf") for name in names)
    assert any(name.endswith("manifest.json") for name in names)


def test_only_what_needs_no_look_is_listed_unless_asked_for(page: Browser) -> None:
    text = page.get("/exports/file?format=csv").text
    assert "Meeting about the draft plan" not in text
    assert "Copy of the educational" not in text
    asked = page.get("/exports/file?format=csv&status=review").text
    assert "Meeting about the draft plan" in asked
    assert "Taxi" not in asked
    assert page.get("/exports/file?format=csv&status=nonsense").status_code == 400
    listed = json.loads(page.get("/exports/file?format=json&body=medway.gov.uk").content)
    assert {t["body"] for t in listed["threads"]} == {"medway.gov.uk"}


def test_an_earlier_day_shows_how_things_stood_then(page: Browser) -> None:
    then = page.get("/exports/file?format=csv&as_of=2026-03-10")
    assert 'filename="inboxwatch-2026-03-10.csv"' in then.headers["content-disposition"]
    assert "waiting,kent.gov.uk,send@kent.gov.uk,Request for an EHC" in then.text
    assert "Taxi" not in then.text
    assert page.get("/exports/file?format=csv&as_of=someday").status_code == 400


@pytest.mark.parametrize("kind", ["report", "csv", "json", "ics", "bundle"])
def test_for_other_eyes_names_are_replaced(page: Browser, kind: str) -> None:
    answer = page.get(f"/exports/file?format={kind}&redact=true&names=A.H.,%20Taxi")
    assert answer.status_code == 200
    texts = [answer.text]
    if kind == "bundle":
        zipped = zipfile.ZipFile(io.BytesIO(answer.content))
        texts = [zipped.read(n).decode("utf-8", "replace") for n in zipped.namelist()]
    for text in texts:
        assert "hartley" not in text.lower()
        assert "priya.nair" not in text
        assert "A.H." not in text
    unticked = page.get(f"/exports/file?format={kind}&names=A.H.,%20Taxi")
    assert unticked.content == answer.content
    api = page.api("GET", f"/export?format={kind}&redact_name=A.H.&redact_name=Taxi")
    assert api.content == answer.content


def test_the_bundle_of_one_case_names_nothing_of_another(
    known: StillKnown,
) -> None:
    ours = next(v for v in known.picture("me").verdicts if "Speech" in v.thread.subject)
    with known.store.transaction() as tx:
        tx.add_override("me", an_override(Verb.CASE, ours.thread.root, value="Sam"))
    page = Browser(known, users(user("lena", cases=["Sam"]), tokens=[token()]))
    page.sign_in("lena")
    zipped = zipfile.ZipFile(io.BytesIO(page.get("/exports/file?format=bundle").content))
    texts = [zipped.read(name).decode("utf-8", "replace") for name in zipped.namelist()]
    assert any("Speech therapy" in text for text in texts)
    for text in texts:
        assert "Taxi" not in text
        assert "medway" not in text
