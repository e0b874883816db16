"""Reads one answer of a server into values: atoms, strings, lists. Knows no command."""

from __future__ import annotations

import re
from collections.abc import Sequence

# bytes: atom, string or literal. None: NIL.
Value = bytes | None | list["Value"]

Response = list[bytes]  # line, literal, line, literal, …, line

# A name with a section ("BODY[HEADER.FIELDS (FROM)]<0>") is one token.
_TOKEN = re.compile(
    rb"""[ \r\n]*(?:
        (?P<paren>[()])
      | "(?P<string>(?:[^"\\]|\\.)*)"
      | (?P<atom>[^\s()"\[\]{]+\[[^\]]*\](?:<[\d.]+>)?|[^\s()"{][^\s()"]*)
      | \{(?P<literal>\d+)\+?\}\r?\n?$
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_MAX_DEPTH = 1_000


class Garbled(Exception):
    """An answer that cannot be read; `uid` names the message where it could be told."""

    def __init__(self, problem: str, *, uid: int | None = None) -> None:
        super().__init__(problem)
        self.uid = uid


def read(response: Sequence[bytes], start: int = 0) -> list[Value]:
    """Read every value of a response from an offset in its first line on.

    Raises:
        Garbled: parentheses or quotation marks do not pair.
    """
    top: list[Value] = []
    stack: list[list[Value]] = []
    current = top
    for index in range(0, len(response), 2):
        line = response[index]
        position = start if index == 0 else 0
        end = len(line.rstrip(b"\r\n "))
        while position < end:
            match = _TOKEN.match(line, position)
            if match is None:
                raise Garbled("a quotation mark or bracket does not pair")
            position = match.end()
            kind = match.lastgroup
            if kind == "atom":
                atom = match["atom"]
                current.append(None if atom.upper() == b"NIL" else atom)
            elif kind == "string":
                text = match["string"]
                current.append(_ESCAPED.sub(rb"\1", text) if b"\\" in text else text)
            elif kind == "literal":
                if index + 1 >= len(response):
                    raise Garbled("a literal is missing")
                current.append(response[index + 1])
            elif match["paren"] == b"(":
                if len(stack) >= _MAX_DEPTH:
                    raise Garbled("parentheses are nested too deep")
                stack.append(current)
                inner: list[Value] = []
                current.append(inner)
                current = inner
            else:
                if not stack:
                    raise Garbled("a closing parenthesis too many")
                current = stack.pop()
    if stack:
        raise Garbled("a closing parenthesis is missing")
    return top


def as_int(value: Value) -> int | None:
    """Return a number, or None for anything else."""
    return int(value) if isinstance(value, bytes) and value.isdigit() else None


def as_text(value: Value) -> str:
    """Return an atom or string as text; an empty string for anything else."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
