"""Wording files: those shipped are sound, the user's are added, mistakes are told all at once."""

from pathlib import Path

import pytest

from inboxwatch.adapters import wording as module
from inboxwatch.adapters.wording import load_wording, shipped_wording
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.evidence.folding import fold
from inboxwatch.domain.evidence.routine import is_routine
from inboxwatch.domain.evidence.wording import Says, Where


def test_the_shipped_files_say_something_of_every_kind() -> None:
    assert {phrase.says for phrase in shipped_wording().phrases} == set(Says)


def test_no_shipped_phrase_stands_twice() -> None:
    seen = [(p.text, p.where, p.says) for p in shipped_wording().phrases]

    assert sorted(one for one in set(seen) if seen.count(one) > 1) == []


def test_without_files_of_ones_own_the_shipped_phrases_hold(tmp_path: Path) -> None:
    assert load_wording() is shipped_wording()
    assert load_wording(tmp_path).phrases == shipped_wording().phrases


def test_ones_own_phrases_are_added(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(
        '[[phrases]]\nsays = "acknowledgement"\nwhere = "text"\nstrength = "strong"\n'
        'any = ["We’ve popped it in the tray"]\n',
        encoding="utf-8",
    )
    (tmp_path / "notes.txt").write_text("not wording", encoding="utf-8")

    wording = load_wording(tmp_path)
    text = fold("we've popped it in the tray")

    assert len(wording.phrases) == len(shipped_wording().phrases) + 1
    assert [h.phrase.says for h in wording.hits(Where.TEXT, text)] == [Says.ACKNOWLEDGEMENT]


def test_ones_own_words_are_added(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text('[words]\nroutine = "Pigeonhole TRAY"\n')

    wording = load_wording(tmp_path)

    assert wording.routine == shipped_wording().routine | {"pigeonhole", "tray"}
    assert wording.common == shipped_wording().common
    assert not is_routine("The pigeonhole tray may charge.", shipped_wording())
    assert is_routine("The pigeonhole tray may charge.", wording)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        '[[phrases]]\nsays = "acknowledgment"\nany = ["thank you", "(open", "x"]\n'
        '[[phrases]]\nwhere = "footer"\nstrength = "huge"\nany = []\ncolour = 1\n',
        encoding="utf-8",
    )
    (tmp_path / "b.toml").write_text("not toml", encoding="utf-8")
    (tmp_path / "c.toml").write_text("phrases = 1\n[other]\nx = 1\n", encoding="utf-8")
    (tmp_path / "d.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "e.toml").write_text('[words]\nrare = "x"\ncommon = ["a"]\n', encoding="utf-8")
    (tmp_path / "f.toml").write_text("words = 1\n", encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_wording(tmp_path)

    told = "\n".join(caught.value.faults)
    assert "15 mistakes" in caught.value.problem
    for part in (
        "a.toml, table 1: 'says' must be one of automatic",
        "'(open' has brackets",
        "'x' is too short",
        "table 2: unknown key 'colour'",
        "table 2: 'says' must be one of",
        "table 2: 'where' must be one of subject",
        "table 2: 'strength' must be one of strong",
        "table 2: 'any' must be a list",
        "b.toml: is not TOML",
        "c.toml: unknown key 'other'",
        "c.toml: 'phrases' must be tables",
        "d.toml: is not TOML",
        "e.toml: [words]: unknown key 'rare'; there are common, routine, dealing",
        "e.toml: [words]: 'common' must be words in one pair of quotes",
        "f.toml: 'words' must be a table",
    ):
        assert part in told
    assert len(caught.value.faults) == 15


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="absent of wording files does not exist"):
        load_wording(tmp_path / "absent")


def test_one_mistake_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("nonsense = 1\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"1 mistake$"):
        load_wording(tmp_path)


def test_a_damaged_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "presets" / "wording").mkdir(parents=True)
    monkeypatch.setattr(module, "files", lambda _: tmp_path)

    with pytest.raises(ConfigError, match="damaged"):
        shipped_wording.__wrapped__()
