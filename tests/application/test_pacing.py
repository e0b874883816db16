"""Patience with a server that is ill."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.application.pacing import Pace

EVERY = timedelta(minutes=15)


def test_a_success_brings_the_usual_rhythm_back() -> None:
    pace = Pace(every=EVERY).after_failure(transient=True, retry_after=None, jitter=0)
    assert pace.wait() == timedelta(minutes=1)
    assert pace.after_success().wait() == EVERY


@given(st.integers(1, 40), st.floats(0, 1))
def test_the_pause_grows_to_an_hour_and_no_further(failures: int, jitter: float) -> None:
    pace, before = Pace(every=EVERY), timedelta(0)
    for _ in range(failures):
        pace = pace.after_failure(transient=True, retry_after=None, jitter=jitter)
        assert before <= pace.wait() <= timedelta(hours=1.5)
        before = pace.wait()


def test_the_servers_own_wish_is_obeyed() -> None:
    pace = Pace(every=EVERY).after_failure(transient=True, retry_after=7200, jitter=0)
    assert pace.wait() == timedelta(hours=2)


def test_a_refused_password_is_not_tried_again_and_again() -> None:
    pace = Pace(every=EVERY)
    for _ in range(2):
        pace = pace.after_failure(transient=False, retry_after=None, jitter=0)
    assert pace.wait() == timedelta(hours=6)
