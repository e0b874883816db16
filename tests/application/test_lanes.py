"""However ill a mail server is, it never holds every place, and nobody waits for ever."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from inboxwatch.application.lanes import Lanes


def test_a_server_alone_has_every_place() -> None:
    lanes = Lanes(places=3, has_others=False)
    assert [lanes.enter("a", str(n)) for n in range(4)] == [True, True, True, False]


def test_a_server_among_others_leaves_them_a_quarter() -> None:
    lanes = Lanes(places=8, has_others=True)
    assert [lanes.enter("ill", str(n)) for n in range(8)] == [True] * 6 + [False] * 2
    assert lanes.enter("well", "x")
    assert lanes.enter("well", "y")


def test_who_waits_is_let_in_in_order_and_once() -> None:
    lanes = Lanes(places=1, has_others=True)
    assert lanes.enter("a", "first")
    for name in ("second", "third", "second"):
        assert not lanes.enter("a", name)
    assert lanes.leave("a") == "second"
    assert lanes.enter("a", "second")
    assert lanes.leave("a") == "third"
    assert lanes.leave("a") is None


@given(places=st.integers(1, 100), has_others=st.booleans())
def test_everyone_has_a_place_and_nobody_all_of_them(places: int, has_others: bool) -> None:
    share = Lanes(places=places, has_others=has_others).share
    assert 1 <= share <= places
    if has_others and places > 1:
        assert share < places


class Polling(RuleBasedStateMachine):
    """Accounts of three servers come and go as they like."""

    def __init__(self) -> None:
        super().__init__()
        self.lanes = Lanes(places=4, has_others=True)
        self.inside: dict[str, list[str]] = {"a": [], "b": [], "c": []}
        self.waiting: dict[str, list[str]] = {"a": [], "b": [], "c": []}

    @rule(server=st.sampled_from("abc"), number=st.integers(0, 9))
    def come(self, server: str, number: int) -> None:
        account = f"{server}{number}"
        if account in self.inside[server]:
            return  # the service never polls an account twice at a time
        self._enter(server, account)

    def _enter(self, server: str, account: str) -> None:
        if self.lanes.enter(server, account):
            self.inside[server].append(account)
            if account in self.waiting[server]:
                self.waiting[server].remove(account)
        elif account not in self.waiting[server]:
            self.waiting[server].append(account)

    @rule(server=st.sampled_from("abc"))
    def go(self, server: str) -> None:
        if not self.inside[server]:
            return
        self.inside[server].pop()
        following = self.lanes.leave(server)
        assert following == (self.waiting[server][0] if self.waiting[server] else None)
        if following is not None:
            self.waiting[server].remove(following)
            self._enter(server, following)

    @invariant()
    def no_server_has_more_than_its_share(self) -> None:
        for server, inside in self.inside.items():
            assert len(inside) <= 3
            assert not self.waiting[server] or len(inside) == 3


TestPolling = Polling.TestCase
