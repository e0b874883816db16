"""The invented corpus: mail of every kind, each file named for its kind and its trap.

Prints precision and recall by kind and what was judged wrongly (`pytest -s`); fails when a figure
falls below the recorded one.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from inboxwatch.adapters.mime import MimeReader
from inboxwatch.adapters.wording import shipped_wording
from inboxwatch.domain.classify import Context, classify
from inboxwatch.domain.kinds import Classification, Kind
from inboxwatch.domain.message import FolderRole, Location, Message

CORPUS = Path(__file__).parent / "corpus_kinds"
FILES = sorted(CORPUS.glob("*.eml"))
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads(
    (CORPUS / "expected.toml").read_text(encoding="utf-8")
)
FLOORS = EXPECTED.pop("floors")
MAY_BE_UNSURE = frozenset(EXPECTED.pop("may_be_unsure")["files"])
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def read(path: Path) -> Message:
    location = Location(
        account="corpus", folder="INBOX", role=FolderRole.INBOX, uidvalidity=1, uid=1
    )
    message = MimeReader(now=lambda: NOW).read(path.read_bytes(), location=location)
    assert isinstance(message, Message), path.name
    return message


@cache
def judge(path: Path) -> Classification:
    return classify(read(path), Context(wording=shipped_wording()))


def kind_of(path: Path) -> Kind:
    return Kind(path.name.partition("__")[0])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_judged_to_be_what_its_name_says(path: Path) -> None:
    found = judge(path)

    allowed = {kind_of(path)} | ({Kind.UNSURE} if path.stem in MAY_BE_UNSURE else set())
    assert found.kind in allowed, found.reasons
    assert found.evidence or found.kind is Kind.HUMAN
    for field, value in EXPECTED.get(path.stem, {}).items():
        wanted = tuple(value) if isinstance(value, list) else value
        assert getattr(found, field) == wanted, field


def test_every_expectation_has_its_file_and_every_kind_its_files() -> None:
    assert set(EXPECTED) | MAY_BE_UNSURE <= {path.stem for path in FILES}
    assert {kind_of(path) for path in FILES} == set(Kind)


def test_the_figures_do_not_fall_below_the_recorded_ones() -> None:
    wanted = Counter(kind_of(path) for path in FILES)
    called = Counter(judge(path).kind for path in FILES)
    right = Counter(kind_of(path) for path in FILES if judge(path).kind is kind_of(path))
    print()
    for kind in wanted:
        precision = right[kind] / called[kind] if called[kind] else 0.0
        recall = right[kind] / wanted[kind]
        print(f"{kind.value:16} {wanted[kind]:4}  precision {precision:.3f}  recall {recall:.3f}")
    wrong = [path for path in FILES if judge(path).kind is not kind_of(path)]
    for path in wrong:
        print(f"wrong: {path.name} judged {judge(path).kind.value}: {judge(path).reasons[:4]}")

    assert len(FILES) >= FLOORS["files"]
    assert sum(right.values()) / len(FILES) >= FLOORS["right"]
    assert (called[Kind.UNSURE] - right[Kind.UNSURE]) / len(FILES) <= FLOORS["unsure"]


def test_a_message_stays_what_it_is_when_its_lines_end_otherwise() -> None:
    """Mail files have LF, servers send CRLF."""
    for path in FILES:
        raw = path.read_bytes().replace(b"\n", b"\r\n")
        location = read(path).locations[0]
        message = MimeReader(now=lambda: NOW).read(raw, location=location)
        assert isinstance(message, Message)
        again = classify(message, Context(wording=shipped_wording()))
        assert again.kind is judge(path).kind, path.name
