"""What mail is judged by has a mark of its own for each state of the code."""

from __future__ import annotations

from pathlib import Path

from inboxwatch.adapters.program import mark_of_code, program_mark


def test_any_change_of_the_code_gives_another_mark(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "judge.py").write_text("LIMIT = 1\n")
    (tmp_path / "evidence" / "words.py").write_text("")
    first = mark_of_code(tmp_path)
    assert mark_of_code(tmp_path) == first

    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "judge.cpython-311.pyc").write_bytes(b"compiled")
    assert mark_of_code(tmp_path) == first

    seen = {first}
    for change in (
        lambda: (tmp_path / "judge.py").write_text("LIMIT = 2\n"),
        lambda: (tmp_path / "evidence" / "more.py").write_text("LIMIT = 2\n"),
        lambda: (tmp_path / "evidence" / "more.py").rename(tmp_path / "more.py"),
        lambda: (tmp_path / "judge.py").unlink(),
    ):
        change()
        now = mark_of_code(tmp_path)
        assert now not in seen
        seen.add(now)


def test_the_program_has_one() -> None:
    assert len(program_mark()) == 32
    assert program_mark() == program_mark()
