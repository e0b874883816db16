"""What the From address tells: daemons, robots, addresses that take no answer, people. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inboxwatch.domain.evidence.weights import Observation
from inboxwatch.domain.message import Address, Message

_DAEMON = re.compile(r"mailer-?daemon|mail-?daemon|maildaemon|^mda?emon$|^smtp-?daemon|^bounces?$")
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[ -]?daemon|mail delivery (?:sub)?system|mail delivery service|mail administrator"
    r"|delivery (?:sub)?system|internet mail delivery|microsoft outlook$|system administrator"
)
_POSTMASTER = re.compile(r"^(?:postmaster|post\.?master|mail-?admin|microsoftexchange[0-9a-f]+)")
_ROBOT = re.compile(
    r"(?:^|[^a-z])(?:bot|robot|chatbot|autobot|auto-?responder|auto-?reply|autoresponse|automailer)"
    r"(?:$|[^a-z])|canned\.response"
)
_NO_REPLY = re.compile(
    r"no[-_.]?repl(?:y|ies)|do[-_.]?not[-_.]?repl|dont[-_.]?reply|noreply|unmonitored|no[-_.]?response"
    r"|notifications?$|^notify|^alerts?$|^auto(?:mated|matic)?$|^system$|^ateb-?na"
)
_BULK = re.compile(
    r"news(?:letter|flash|desk)?(?:$|[-_.@])|enews|e-?bulletin|bulletin|subscri|mailing|campaign"
    r"|marketing|offers|updates?$|^alerts|promo|digest|dispatch|members?hip$|digital-?updates"
    r"|no-?reply-?news|stayconnected|listserv"
)
_BULK_NAME = re.compile(r"newsletter|e-?news\b|bulletin|digest|dispatch|headlines|\bupdate today\b")
_BULK_DOMAIN = re.compile(
    r"(?:^|\.)(?:newsletters?|enews|e-?mail-?news|mailings?|campaigns?|lists?|em|mktg|marketing"
    r"|govdelivery|mcsv|mailchimpapp|rsgsv|mcdlv|cmail\d*|createsend\d*|sendgrid|eshot)\."
)
_TEAM_WORDS = frozenset(
    {
        "the", "team", "service", "services", "council", "enquiries", "support", "desk", "helpdesk",
        "office", "department", "centre", "admissions", "complaints", "information", "governance",
        "send", "sen", "customer", "contact", "planning", "reply", "automated", "notification",
        "administrator", "mail", "system", "feedback", "unit", "group", "requests", "county",
        "borough", "city", "district", "education", "childrens", "schools", "transport", "foi",
        "do", "not", "alerts", "crm", "news", "newsletter", "daily", "update", "list", "online",
        "via", "portal", "hub", "self", "forms", "form", "data", "protection", "cxm", "secure",
        "messaging", "security", "insight", "front", "door", "citizen", "casework", "housing",
        "benefits", "social", "care", "adult", "child", "children", "children's", "safeguarding",
        "trust", "school", "academy", "tribunal", "ombudsman", "ehc", "ehcp", "ehchub", "admin",
        "business", "secretaries", "assessment", "review", "reviews", "panel", "health", "therapy",
        "therapies", "learning", "inclusion", "travel", "highways", "parking", "waste", "revenues",
        "web", "website", "gateway", "quarantine", "gov.uk", "localoffer", "offer", "local",
        "of", "to", "for", "and", "at", "in", "on", "committee", "democratic", "licensing",
        "registry", "registrars", "revenue", "tax", "correspondence", "operations",
        "account", "accounts", "my", "your", "our", "no-reply", "noreply", "notify", "services'",
    }
)  # fmt: skip
_INSTITUTIONS = (".gov.uk", ".nhs.uk", ".nhs.net", ".sch.uk", ".ac.uk", ".police.uk", ".gov.wales",
                 ".llyw.cymru", ".gov.scot", ".org.uk")  # fmt: skip
_NAME_PART = re.compile(r"[^\W\d_][\w'’.-]*")


def is_daemon(sender: Address | None) -> bool:
    """Tell whether a mail system itself wrote the message."""
    if sender is None:
        return False
    local = sender.address.partition("@")[0]
    return bool(_DAEMON.search(local) or _DAEMON_NAME.search(sender.name.lower()))


def is_no_reply(sender: Address | None) -> bool:
    """Tell whether the address says that it takes no answer."""
    return sender is not None and bool(_NO_REPLY.search(sender.address.partition("@")[0]))


def is_a_person(sender: Address) -> bool:
    """Tell whether a sender is one person by name; a body's own name is none.

    "Oakminster Self" of oakminster.gov.uk is named for the body.
    """
    if not looks_like_a_person(sender.name):
        return False
    local, _, domain = sender.address.partition("@")
    if not domain.endswith(_INSTITUTIONS):
        return True
    words = [word.lower() for word in _NAME_PART.findall(sender.name)]
    labels = domain.split(".")
    return not any(word in labels and word not in local for word in words)


def looks_like_a_person(name: str) -> bool:
    """Tell whether a display name is one person's: two to four words, none of a service.

    What follows in brackets, as "(KENT COMMUNITY TRUST)", says where the person works.
    """
    own = name.partition("(")[0].replace(",", " ")
    words = [word.lower().strip(".'") for word in _NAME_PART.findall(own)]
    return 2 <= len(words) <= 4 and not any(word in _TEAM_WORDS for word in words)


def observe_sender(message: Message) -> Iterator[Observation]:
    """Yield what the From address and its name tell."""
    sender = message.sender
    if sender is None:
        return
    local, _, domain = sender.address.partition("@")
    name = sender.name.lower()
    if is_daemon(sender):
        yield _seen("mailer-daemon", f"it comes from a mail system ({sender})")
    elif _POSTMASTER.search(local):
        yield _seen("postmaster", f"it comes from the postmaster ({sender.address})")
    elif _ROBOT.search(local) or _ROBOT.search(name):
        yield _seen("robot", f"the sender calls itself a robot ({sender})")
    elif is_no_reply(sender):
        yield _seen("no-reply sender", f"it comes from {sender.address}, which takes no answer")
    elif is_a_person(sender):
        yield _seen("personal sender", f"the sender is a person by name ({sender.name})")
    if _BULK.search(local) or _BULK_NAME.search(name) or _BULK_DOMAIN.search(domain + "."):
        yield _seen("bulk sender", f"the sender is named for a newsletter ({sender})")
    if [to.address for to in message.to + message.cc] == [sender.address]:
        yield _seen("addressed to many", "it is addressed to its own sender, as mail to many is")


def _seen(row: str, text: str) -> Observation:
    return Observation(row, text, "sender")
