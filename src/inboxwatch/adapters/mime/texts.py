"""Tell an author's own words from quotation, signature and disclaimer. Text in, text out."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from inboxwatch.adapters.mime.guards import MAX_EXTRACTED, MAX_OWN_TEXT, MAX_QUOTED_TEXT
from inboxwatch.adapters.mime.quotation import INTRODUCTION, without_quotation

_MAX_LINE = 1_000
_MAX_ON = 25
_ON = re.compile("On")
_RUN = re.compile(r"([^\w\s])\1{60,}")
_RUNS = tuple(sign * 61 for sign in string.punctuation if sign != "_")
_BLANKS = re.compile(r"[ \t\u00a0]{9,}")
_SOME_BLANKS = (" " * 9, "\t", "\u00a0")
_SIGNATURE_MARK = re.compile(r"^-- ?$")
_TAGLINE = re.compile(
    r"^\W{0,3}(?:sent (?:from|via|using) (?:my |the )?[\w .,+®™-]{2,40}|get outlook for \w+.{0,60}"
    r"|sent with [\w .]{2,40})\W*$",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"^\W*(?:(?:legal |email |e-mail )?disclaimer\b|confidentiality notice"
    r"|privileged (?:and|&|/)|this (?:e-?mail|message|communication|transmission)"
    r"(?:,? (?:and|including|together)\b.{0,60})?,? (?:is|are|may|contains?|has|was)\b.{0,80}"
    r"(?:intended|confidential|privileged|private|monitored|scanned|swept|solely)"
    r"|the (?:information|contents?) (?:contained )?(?:in|of) this (?:e-?mail|message)"
    r"|if you (?:are not|have received) (?:the intended|this (?:e-?mail|message|communication) in)"
    r"|(?:e-?mails?|communications?) (?:sent|received|to and from).{0,80}(?:monitored|recorded)"
    r"|(?:please )?(?:think|consider|save).{0,40}(?:before (?:you )?print|environment|paper)"
    r"|any (?:views|opinions) (?:or opinions )?expressed|virus(?:es)? (?:check|scan))",
    re.IGNORECASE | re.DOTALL,
)
_BANNER = re.compile(
    r"^\W*(?:caution|warning|external|this (?:e-?mail|message))\b.{0,120}"
    r"(?:outside|external|originat|do not (?:click|open)).{0,300}$",
    re.IGNORECASE | re.DOTALL,
)
_STUB = re.compile(
    r"(?:view|read|display|support|see|enable)\w*.{0,60}\bhtml\b|\bhtml\b.{0,30}(?:e-?mail|message|version)",
    re.IGNORECASE | re.DOTALL,
)
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


def own_and_quoted(plain: Sequence[str], html: Sequence[str]) -> tuple[str, str]:
    """Return the author's own words and the rest of the text, both bounded.

    The plain text is read where it says anything; else, or when it is a stub or a footer beside
    a letter in HTML, the HTML part. Nothing is in neither, but for the bounds.
    """
    text, beside = "\n\n".join(part for part in plain if part.strip()), ""
    if html and (_is_stub(text) or len(text) * 4 < sum(map(len, html)) // 10):
        from inboxwatch.adapters.mime.pages import page_text

        pages = [page_text(source) for source in html]
        written = "\n\n".join(own for own, _ in pages if own)
        quoted = "\n\n".join(rest for _, rest in pages if rest)
        if _is_stub(text) or len(text) * 4 < len(written):
            # Some programs indent all they write with a blockquote.
            indented = not written and not INTRODUCTION.search(quoted[:MAX_EXTRACTED])
            text, beside = (quoted, "") if indented else (written, quoted)
    text = _bounded(text)
    own = _without_furniture(without_quotation(text))
    rest = _rest(text, own)
    return own[:MAX_OWN_TEXT].strip(), f"{rest}\n\n{beside}".strip()[:MAX_QUOTED_TEXT].strip()


def _is_stub(text: str) -> bool:
    """Tell whether a plain part only says that there is an HTML one."""
    short = text.strip()
    return len(short) < 2 or (len(short) < 300 and _STUB.search(short) is not None)


def _bounded(text: str) -> str:
    """Return text that no pattern takes long over: no endless lines, no endless runs.

    The extractor's pattern for "On … wrote:" takes cubic time in the number of "On"; all but
    the first few lose their capital.
    """
    text = text[: MAX_EXTRACTED * 2]
    if not text.isascii() or any(run in text for run in _RUNS):
        text = _RUN.sub(lambda run: run[1] * 60, text)
    if any(blank in text for blank in _SOME_BLANKS):
        text = _BLANKS.sub("    ", text)
    text = text[:MAX_EXTRACTED]
    lines = text.split("\n")
    if max(map(len, lines)) > _MAX_LINE:
        text = "\n".join(
            line[at : at + _MAX_LINE]
            for line in lines
            for at in range(0, max(len(line), 1), _MAX_LINE)
        )
    if text.count("On") <= _MAX_ON:
        return text
    keep = [match.start() for match in _ON.finditer(text)][_MAX_ON]
    return text[:keep] + text[keep:].replace("On", "on")


def _without_furniture(text: str) -> str:
    """Cut a marked signature, mobile taglines, disclaimers and "external mail" banners.

    Only from the ends, and never the whole: a council's one sentence stays, whatever it is.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if number and _SIGNATURE_MARK.match(line) and any(map(str.strip, lines[:number])):
            lines = lines[:number]
            break
    while len(lines) > 1 and (not lines[-1].strip() or _TAGLINE.match(lines[-1])):
        lines.pop()
    paragraphs = _PARAGRAPHS.split("\n".join(lines).strip())
    while len(paragraphs) > 1 and _DISCLAIMER.match(paragraphs[-1]):
        paragraphs.pop()
    for at in range(len(paragraphs) - 1, 0, -1):  # a footer may follow the disclaimer
        if len(paragraphs) - at > 6:
            break
        if _DISCLAIMER.match(paragraphs[at]):
            del paragraphs[at:]
    while len(paragraphs) > 1 and _BANNER.match(paragraphs[0]):
        paragraphs.pop(0)
    return "\n\n".join(paragraphs).strip()


def _rest(text: str, own: str) -> str:
    """Return the lines of the text that are not the author's own, in order."""
    mine = iter([line.strip() for line in own.split("\n") if line.strip()])
    waiting = next(mine, None)
    rest: list[str] = []
    for line in text.split("\n"):
        if waiting is not None and line.strip() == waiting:
            waiting = next(mine, None)
        elif line.strip() or (rest and rest[-1].strip()):
            rest.append(line.rstrip())
    return "\n".join(rest).strip()
