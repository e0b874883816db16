"""A provider's refusals in plain words with their remedies. Pure.

Sources: RFC 6749 sections 4.1.2.1 and 5.2, RFC 8628 section 3.5; Microsoft's and Google's lists of
sign-in errors. Microsoft's numbers may change, so they only ever choose better words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from inboxwatch.domain.errors import MailSourceError
from inboxwatch.domain.plain import one_line

_NUMBER = re.compile(r"AADSTS(\d{4,9})")
_CODE = re.compile(r"[a-z0-9_.-]{1,40}", re.ASCII | re.IGNORECASE)
_AGAIN = "Sign in again: inboxwatch sign-in {account}"
_STUCK = "Or export your mail and run `inboxwatch audit` on it; see docs/sign-in.md."
_ORGANISATION = f"Ask the people who run your organisation's accounts to allow it.\n{_STUCK}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One kind of refusal; fits when its error fits, and its numbers or words where it has any."""

    problem: str
    remedy: str
    errors: frozenset[str] = frozenset()  # empty: any
    numbers: frozenset[int] = frozenset()
    words: str = ""
    transient: bool = False

    def fits(self, error: str, numbers: frozenset[int], text: str) -> bool:
        if self.errors and error not in self.errors:
            return False
        if self.numbers:
            return bool(self.numbers & numbers)
        return self.words in text


_CASES = (
    _Case(
        problem="your organisation must approve inboxwatch first",
        remedy=_ORGANISATION,
        numbers=frozenset({90094, 90095, 90099}),
    ),
    _Case(
        problem="a rule of your organisation forbids this way to sign in",
        remedy=_ORGANISATION,
        numbers=frozenset({53000, 53001, 53002, 53003, 53004, 530031, 530032, 530033}),
    ),
    _Case(
        problem="your organisation does not let other programs read its mail",
        remedy=_ORGANISATION,
        errors=frozenset({"admin_policy_enforced", "org_internal"}),
    ),
    _Case(
        problem="the permission to read mail was not given",
        remedy=f"{_AGAIN} and say yes to reading mail (tick its box where there is one).",
        numbers=frozenset({65001, 65004}),
    ),
    _Case(
        problem="the permission to read mail was not given",
        remedy=f"{_AGAIN} and say yes to reading mail (tick its box where there is one).",
        errors=frozenset({"consent_required"}),
    ),
    _Case(
        problem="the client id is registered for personal accounts only",
        remedy='Write under [accounts.{account}]:\n  oauth_authority = "https://login.'
        'microsoftonline.com/consumers"',
        numbers=frozenset({9002331, 9002346}),
    ),
    _Case(
        problem="the client id is registered for one organisation only",
        remedy="Write that organisation's directory id under [accounts.{account}]:\n"
        '  oauth_authority = "https://login.microsoftonline.com/DIRECTORY-ID"',
        numbers=frozenset({50059, 50194, 90130}),
    ),
    _Case(
        problem="the client id is not registered as a program on a computer (public client)",
        remedy="In the registration, under Authentication, set 'Allow public client flows' to"
        " Yes;\ndocs/sign-in.md shows where.",
        numbers=frozenset({7000218, 70002, 700025}),
    ),
    _Case(
        problem="the client secret is missing",
        remedy="Put the client secret that Google shows beside the client id into a file, and"
        " name it\nwith oauth_client_secret_file under [accounts.{account}].",
        words="client_secret is missing",
    ),
    _Case(
        problem="the client id is not of the kind 'Desktop app'",
        remedy="Make another with the application type 'Desktop app'; docs/sign-in.md shows how.",
        errors=frozenset({"redirect_uri_mismatch"}),
    ),
    _Case(
        problem="the answer on the page was no",
        remedy=f"{_AGAIN} and choose Accept or Allow.\nAt Google, your address must be among the"
        " test users of your registration, or the registration published.",
        errors=frozenset({"access_denied", "authorization_declined"}),
    ),
    _Case(
        problem="the code ran out before it was used",
        remedy=f"{_AGAIN} (you get a new code).",
        errors=frozenset({"expired_token", "bad_verification_code", "code_expired"}),
    ),
    _Case(
        problem="the sign-in is no longer good: it was revoked, ran out, or the password changed",
        remedy=_AGAIN,
        errors=frozenset({"invalid_grant", "interaction_required", "login_required"}),
    ),
    _Case(
        problem="the client id or its secret is wrong",
        remedy="Compare oauth_client_id (and oauth_client_secret_file) with the registration.",
        errors=frozenset({"invalid_client", "deleted_client", "disabled_client"}),
    ),
    _Case(
        problem="this client id may not be used for this kind of account",
        remedy="Compare oauth_client_id with the registration, and there the kinds of account it"
        " is for;\ndocs/sign-in.md shows how.",
        errors=frozenset({"unauthorized_client"}),
    ),
    _Case(
        problem="the registration lacks the permission to read mail by IMAP",
        remedy="Add it to the registration; docs/sign-in.md names it.",
        errors=frozenset({"invalid_scope", "invalid_resource"}),
    ),
    _Case(
        problem="its sign-in service is busy",
        remedy="It will be tried again.",
        errors=frozenset({"temporarily_unavailable", "server_error", "internal_failure"}),
        transient=True,
    ),
)
_SENDING = _Case(
    problem="the permission to send mail was not given",
    remedy=f"{_AGAIN} and say yes to sending mail too.\nOr let reminders go out another way: take"
    " sign_in_as out of [email]; docs/sign-in.md shows both.",
)
# What a refusal means when the tokens are to send with.
_CONSENT = frozenset({"consent_required", "invalid_scope", "invalid_resource"})
_NOT_CONSENTED = frozenset({65001, 65004})
_OTHER = _Case(problem="it refused the sign-in", remedy=f"{_AGAIN}\n{_STUCK}")


def refusal(
    account: str, title: str, answer: Mapping[str, object], *, sending: bool = False
) -> MailSourceError:
    """Return the error for a provider's refusal.

    Args:
        account: its name in the settings.
        title: the provider, for people.
        answer: `error`, and where given `error_description`, `error_codes`, `suberror`.
        sending: what was asked for is leave to send.
    """
    error = _code_in(answer.get("error"))
    text = str(answer.get("error_description") or "")
    numbers = _numbers(answer.get("error_codes")) | {int(n) for n in _NUMBER.findall(text)}
    if answer.get("suberror") == "consent_required":
        error = "consent_required"
    case = next((c for c in _CASES if c.fits(error, numbers, text)), _OTHER)
    if sending and (error in _CONSENT or numbers & _NOT_CONSENTED):
        case = _SENDING
    said = " ".join((error, *(f"AADSTS{number}" for number in sorted(numbers))))
    if case is _OTHER and not numbers and text:
        said += f": {one_line(text, 100)}"
    return MailSourceError(
        f"account '{account}': {title}: {case.problem} ({said})",
        remedy=case.remedy.replace("{account}", account),
        transient=case.transient,
    )


def _code_in(error: object) -> str:
    # A foreign text: only what has the form of a code is repeated.
    return error if isinstance(error, str) and _CODE.fullmatch(error) else "unknown error"


def _numbers(codes: object) -> frozenset[int]:
    if not isinstance(codes, list):
        return frozenset()
    return frozenset(c for c in codes if isinstance(c, int) and not isinstance(c, bool))
