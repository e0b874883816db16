"""Fill in the letters: shipped ones, or the user's own in their place. Reads templates alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError, TemplateNotFound
from jinja2.loaders import BaseLoader, ChoiceLoader, FileSystemLoader, PackageLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

from inboxwatch.adapters.headings import WholeSubjects
from inboxwatch.application.letters import Letter
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.ladder import Rung
from inboxwatch.domain.message import Address
from inboxwatch.domain.plain import one_line

_SUBJECT = re.compile(r"\A\s*Subject:[ \t]*(.*?)[ \t]*(?:\n|\Z)", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")
_MAX_CHARACTERS = 20_000


class TemplateLetters:
    """Letters as text files `chaser.txt`, `firm.txt` and so on, in Jinja's language.

    A template can read facts and nothing else: no files, no code of the program's.
    """

    def __init__(self, own_folder: Path | None = None) -> None:
        """Set it up.

        Args:
            own_folder: the user's own letters; one that is not there is the shipped one.
        """
        loaders: list[BaseLoader] = [PackageLoader("inboxwatch", "presets/letters")]
        if own_folder is not None:
            loaders.insert(0, FileSystemLoader(own_folder, encoding="utf-8-sig"))
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader(loaders),
            autoescape=False,  # plain text
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._own_folder = own_folder

    def write(self, rung: str, facts: dict[str, object]) -> tuple[str, str]:
        """Return subject and body of a letter.

        Raises:
            ConfigError: the template cannot be read, is wrong, or has no subject line.
        """
        name = f"{rung}.txt"
        where = (self._own_folder / name) if self._own_folder else Path(name)
        with _faults_of(where):
            text = self._environment.get_template(name).render(facts)
        found = _SUBJECT.match(text)
        if found is None or not found[1].strip():
            raise _unusable(where, "its first line must be “Subject: …”")
        body = _BLANK_LINES.sub("\n\n", text[found.end() :][:_MAX_CHARACTERS])
        return found[1].strip(), body.strip() + "\n"

    def check(self) -> None:
        """Look the user's own letters over before one is needed.

        Raises:
            ConfigError: there is no such folder, no letter has that name, or it is no template.
        """
        if self._own_folder is None:
            return
        if not self._own_folder.is_dir():
            raise ConfigError(
                f"the folder {self._own_folder} of letters does not exist",
                remedy="Correct letters_folder in the configuration, or leave it out.",
            )
        known = [f"{rung.value}.txt" for rung in Rung]
        for path in sorted(self._own_folder.glob("*.txt")):
            if path.name not in known:
                raise _unusable(path, f"no letter has this name; they are {', '.join(known)}")
            with _faults_of(path):
                self._environment.get_template(path.name)


def draft_bytes(letter: Letter, *, at: datetime) -> bytes:
    """Return a letter as a mail that the user can look over and send.

    It has no Message-ID: the mail program gives it one when it is sent.

    Args:
        at: aware, the Date header.
    """
    mail = EmailMessage(policy=WholeSubjects())
    mail["From"] = _address(letter.sender)
    if letter.to is not None:
        mail["To"] = _address(letter.to)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(at)
    text = f"{letter.body}\n{letter.quoted}" if letter.quoted else letter.body
    text = text.encode("utf-8", "replace").decode("utf-8")
    mail.set_content(text, cte="quoted-printable")
    return (
        _ids("In-Reply-To", (letter.in_reply_to,))
        + _ids("References", letter.references)
        + mail.as_bytes()
    )


def _ids(name: str, ids: tuple[str, ...]) -> bytes:
    """Return a header of message ids, one a line.

    The library would write a long id as an encoded word, which no mail program takes for an id.
    """
    kept = [i for i in ids if i and i.isascii() and i.isprintable() and not set(i) & set("<> ")]
    folded = "\r\n ".join(f"<{i}>" for i in kept)
    return f"{name}: {folded}\r\n".encode("ascii") if kept else b""


def _address(address: Address) -> HeaderAddress:
    return HeaderAddress(display_name=one_line(address.name), addr_spec=address.address)


@contextmanager
def _faults_of(where: Path) -> Iterator[None]:
    """Raise what goes wrong in a template as an error that names its file."""
    try:
        yield
    except TemplateNotFound as error:
        raise _unusable(where, "it is not there") from error
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        at = f", line {line}" if line else ""
        raise _unusable(where, f"{error.message}{at}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(where, "it cannot be read as text") from error
    except Exception as error:  # whatever an expression in a template can do
        raise _unusable(where, f"it fails with {type(error).__name__}") from error


def _unusable(where: Path, why: str) -> ConfigError:
    return ConfigError(
        f"the letter {where} cannot be used: {why}",
        remedy="Correct it, or remove it to use the shipped one. docs/reminders.md lists what a"
        " letter can use.",
    )
