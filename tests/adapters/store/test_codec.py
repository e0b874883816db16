"""JSON of frozen values: lossless, strict, small."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.store.codec import Codec, codec, from_microseconds, to_microseconds
from inboxwatch.adapters.store.columns import Words, digest
from tests.strategies_store import TEXT

AWARE = st.datetimes(timezones=st.sampled_from((UTC, timezone(timedelta(hours=-12)))))


class Colour(Enum):
    """Two are enough."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A part."""

    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One of each kind of field."""

    at: datetime
    on: date | None = None
    count: int = 0
    sure: bool = False
    weight: float = 1.0
    colour: Colour = Colour.RED
    inner: Inner | None = None
    inners: tuple[Inner, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    mixed: tuple[tuple[str, int], ...] = ()
    words: tuple[str, ...] = ()


NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FULL = Whole(
    at=NOW,
    on=date(2026, 3, 2),
    count=3,
    sure=True,
    weight=0.5,
    colour=Colour.BLUE,
    inner=Inner(),
    inners=(Inner(name="a"), Inner()),
    pairs=(("a", "b"),),
    mixed=(("a", 1),),
    words=("x",),
)


def test_every_kind_of_field_comes_back() -> None:
    assert codec(Whole).load(codec(Whole).dump(FULL)) == FULL


def test_what_equals_its_default_takes_no_room() -> None:
    assert json.loads(codec(Whole).dump(Whole(at=NOW))) == {"v": 1, "at": 1_772_442_000_000_000}


def test_a_field_added_later_is_read_from_older_rows_as_its_default() -> None:
    assert codec(Whole).load('{"v":1,"at":0}') == Whole(at=datetime(1970, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        '{"at":0}',
        '{"v":2,"at":0}',
        '{"v":1}',
        '{"v":1,"at":"0"}',
        '{"v":1,"at":9999999999999999999}',
        '{"v":1,"at":0,"unknown":1}',
        '{"v":1,"at":0,"count":"3"}',
        '{"v":1,"at":0,"count":true}',
        '{"v":1,"at":0,"sure":1}',
        '{"v":1,"at":0,"weight":"1"}',
        '{"v":1,"at":0,"colour":"green"}',
        '{"v":1,"at":0,"on":"yesterday"}',
        '{"v":1,"at":0,"inner":[]}',
        '{"v":1,"at":0,"inner":{"name":1}}',
        '{"v":1,"at":0,"inner":{"other":""}}',
        '{"v":1,"at":0,"words":"x"}',
        '{"v":1,"at":0,"words":[1]}',
        '{"v":1,"at":0,"pairs":[["a"]]}',
        '{"v":1,"at":0,"pairs":[["a","b","c"]]}',
        '{"v":1,"at":0,"mixed":[["a","b"]]}',
    ],
)
def test_a_damaged_row_is_seen(text: str) -> None:
    with pytest.raises(ValueError):
        codec(Whole).load(text)


def test_a_type_without_a_json_form_is_refused_when_the_program_starts() -> None:
    @dataclass(frozen=True)
    class Odd:
        parts: set[str]

    with pytest.raises(TypeError):
        Codec(Odd)


@given(AWARE)
def test_times_keep_every_microsecond_and_their_order(at: datetime) -> None:
    if (
        datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
        < at
        < datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
    ):
        assert from_microseconds(to_microseconds(at)) == at
        assert from_microseconds(to_microseconds(at)).tzinfo is UTC
        assert to_microseconds(at + timedelta(microseconds=1)) == to_microseconds(at) + 1


def test_a_time_beyond_what_utc_can_say_becomes_the_last_moment() -> None:
    hostile = datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12)))
    first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=12)))
    assert from_microseconds(to_microseconds(hostile)) == datetime.max.replace(tzinfo=UTC)
    assert from_microseconds(to_microseconds(first)) == datetime.min.replace(tzinfo=UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_microseconds(datetime(2026, 1, 1))


@given(TEXT)
def test_any_text_becomes_one_that_a_database_takes_and_comes_back(text: str) -> None:
    words = Words()
    stored = words.process_bind_param(text, None)  # type: ignore[arg-type]
    assert stored is not None
    assert "\x00" not in stored.encode("utf-8").decode("utf-8")
    assert words.process_result_value(stored, None) == text  # type: ignore[arg-type]


@given(TEXT, TEXT)
def test_two_texts_are_never_stored_alike(one: str, other: str) -> None:
    bind = Words().process_bind_param
    assert (bind(one, None) == bind(other, None)) == (one == other)  # type: ignore[arg-type]


def test_a_digest_stands_for_its_parts_alone() -> None:
    together = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), ("1:a", "bc")]
    assert len({digest(*parts) for parts in together}) == len(together)
    assert len(digest("\ud800", 7)) == 16
