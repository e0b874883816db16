"""The documentation names every command, setting and exit code, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from inboxwatch.domain import errors
from inboxwatch.entrypoints.cli import VERBS
from inboxwatch.entrypoints.cli.listing import OVERDUE_EXIT_CODE
from inboxwatch.settings.names import all_paths

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_readme_names_every_command() -> None:
    missing = [verb for verb in VERBS if f"`{verb}`" not in README]
    assert not missing


def test_operations_list_every_exit_code() -> None:
    codes = {error.exit_code for error in vars(errors).values() if hasattr(error, "exit_code")}
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", OPERATIONS, re.MULTILINE)}
    assert codes | {0, 1, OVERDUE_EXIT_CODE} <= listed


def test_the_example_configuration_names_every_setting() -> None:
    example = (ROOT / "config" / "inboxwatch.example.toml").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]+", example))
    assert not [path for path in all_paths() if path[-1] not in words]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_documentation_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert not [link for link in local if not (page.parent / link).exists()]


def test_every_picture_is_there_is_shown_and_is_small() -> None:
    shown = {
        (page.parent / name).resolve()
        for page in PAGES
        for name in re.findall(r'(?:src|srcset)="([^"]+\.png)"', page.read_text(encoding="utf-8"))
    }
    made = {path.resolve() for path in (ROOT / "docs" / "pictures").iterdir()}
    assert shown == made
    assert [path.name for path in made if path.stat().st_size > 150_000] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_nobody_is_told_to_install_it_by_a_name_that_an_index_may_give_to_another(
    page: Path,
) -> None:
    """It is not in an index of packages: whoever asked one for it might get a stranger's program.

    With an extra, as `pip install "inboxwatch[web]"`, pip takes the one that is installed.
    """
    assert not re.findall(r"pipx? install inboxwatch\b(?!\[)", page.read_text(encoding="utf-8"))


def test_the_glossary_gives_each_word_once() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)[1:]
    assert len(words) == len(set(words)) > 30


def test_the_changelog_says_nothing_twice() -> None:
    """Merging leaves lines behind, which then belong to no entry."""
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in set(lines) if len(line) > 40 and lines.count(line) > 1] == []
