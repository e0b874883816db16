"""Who may look: from the settings and the password folder, and never by accident."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from inboxwatch.domain.errors import ConfigError
from inboxwatch.entrypoints.web.server import is_loopback, require_password
from inboxwatch.entrypoints.web.users import Users, load_users, set_password
from inboxwatch.settings.model import PageSettings, PageUserSettings
from tests.entrypoints.web.demo_site import user

PAGE = PageSettings()


def test_a_password_that_was_set_counts_without_a_word_in_the_settings(tmp_path: Path) -> None:
    assert load_users(PAGE, tmp_path).is_open
    path = set_password(PAGE, tmp_path, "anna", "four calm invented words")
    assert path == tmp_path / "page-passwords" / "anna"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "four calm" not in path.read_text()
    found = load_users(PAGE, tmp_path)
    assert not found.is_open
    known = found.check("anna", "four calm invented words")
    assert known is not None
    assert known.cases is None
    assert found.check("anna", "four calm invented word") is None
    assert found.check("nobody", "four calm invented words") is None
    set_password(PAGE, tmp_path, "anna", "another five calm words here")
    assert load_users(PAGE, tmp_path).check("anna", "four calm invented words") is None


def test_cases_and_tokens_come_from_the_settings(tmp_path: Path) -> None:
    hash_file = tmp_path / "hash"
    token_file = tmp_path / "token"
    token_file.write_text("token-of-lena-0123456789\n")
    page = PageSettings(
        users={
            "lena": PageUserSettings(
                password_hash_file=hash_file, cases=("Sam",), api_token_file=token_file
            )
        },
        api_token=SecretStr("the-token-of-everything"),
    )
    with pytest.raises(ConfigError, match=r"page\.users\.lena\.password_hash_file"):
        load_users(page, tmp_path)
    assert set_password(page, tmp_path, "lena", "four calm invented words") == hash_file
    found = load_users(page, tmp_path)
    lena = found.find("lena")
    assert lena is not None
    assert lena.cases == frozenset({"Sam"})
    own, every = found.bearer("token-of-lena-0123456789"), found.bearer("the-token-of-everything")
    assert own is not None
    assert every is not None
    assert (own.cases, every.cases) == (frozenset({"Sam"}), None)
    assert found.bearer("the-token-of-everythin") is None


def test_a_user_without_a_password_is_an_error_and_not_an_open_page(tmp_path: Path) -> None:
    page = PageSettings(users={"lena": PageUserSettings()})
    with pytest.raises(ConfigError, match="has no password") as caught:
        load_users(page, tmp_path)
    assert "--set-password lena" in caught.value.remedy


def test_what_is_unusable_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="at least 10"):
        set_password(PAGE, tmp_path, "anna", "short")
    for name in ("", "Anna B", "../x", "a" * 40):
        with pytest.raises(ConfigError, match="cannot be the name"):
            set_password(PAGE, tmp_path, name, "four calm invented words")
    (tmp_path / "page-passwords").write_text("a file where a folder should be")
    with pytest.raises(ConfigError, match="cannot be written"):
        set_password(PAGE, tmp_path, "anna", "four calm invented words")
    (tmp_path / "page-passwords").unlink()
    (tmp_path / "page-passwords").mkdir()
    (tmp_path / "page-passwords" / "anna").write_text("plain text")
    with pytest.raises(ConfigError, match="does not hold an argon2 hash"):
        load_users(PAGE, tmp_path)
    (tmp_path / "page-passwords" / "anna").unlink()
    weak = PageSettings(api_token=SecretStr("short"))
    with pytest.raises(ConfigError, match="shorter than 16"):
        load_users(weak, tmp_path)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_without_a_password_the_page_stays_on_this_machine(host: str) -> None:
    assert is_loopback(host)
    require_password(host, Users())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "watch.example.org", ""])
def test_others_reach_the_page_only_with_a_password(host: str) -> None:
    with pytest.raises(ConfigError, match="open to everyone") as caught:
        require_password(host, Users())
    assert "--set-password" in caught.value.remedy
    require_password(host, Users(users=(user("anna"),)))
