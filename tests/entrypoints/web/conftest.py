"""The page over the sample mail, once for a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.web.demo_site import Browser, StillKnown, known_of, token, user, users


@pytest.fixture
def known(tmp_path: Path) -> Iterator[StillKnown]:
    """The sample mail in a store of its own."""
    made = known_of(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def page(known: StillKnown) -> Browser:
    """The page as its owner sees it on their own machine: open, with a token for the API."""
    browser = Browser(known, users(tokens=[token()]))
    browser.get("/")
    return browser


@pytest.fixture
def guarded(known: StillKnown) -> Browser:
    """The page with a password; nobody is signed in yet."""
    return Browser(known, users(user("anna"), tokens=[token()]))
