"""One story of the simulated world: who writes what when, and what is true in the end."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.world import words
from tests.world.mails import (
    INBOX,
    PARENT,
    SENT,
    Mail,
    Place,
    calendar_mail,
    delivery_report,
    reading_report,
    text_mail,
)
from tests.world.truth import AS_OF, LONDON, Expected, Written, working_day_after


@dataclass(slots=True)
class Story:
    """Tells one story; every method writes one mail."""

    scenario: str
    number: int
    rng: random.Random
    start: datetime
    mailbox: str
    domain: str
    mails: list[Mail] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    child: str = ""
    officer: str = ""

    def __post_init__(self) -> None:
        self.child = self.rng.choice(words.CHILDREN)
        self.officer = self.rng.choice(words.OFFICERS)

    @property
    def officer_address(self) -> str:
        return f"{self.officer.lower().replace(' ', '.')}@{self.domain}"

    def new_id(self, host: str) -> str:
        chance = self.rng.getrandbits(32)
        return f"{self.scenario}.{self.number}.{len(self.mails)}.{chance:x}@{host}"

    def fill(self, text: str, **more: str) -> str:
        month = self.rng.choice(words.MONTHS)
        return text.format(child=self.child, officer=self.officer, month=month, **more)

    def subject(self) -> str:
        return self.fill(self.rng.choice(words.SUBJECTS))

    def question(self) -> str:
        """A question nobody asks twice in the same words."""
        rang = self.start - timedelta(days=self.rng.randrange(1, 30))
        asked = self.fill(self.rng.choice(words.QUESTIONS))
        return f"{asked} I last rang about it on {rang:%A} {rang.day} {rang:%B} at {rang:%H:%M}."

    def keep(self, raw: bytes, place: Place, at: datetime, message_id: str) -> None:
        mail = Mail(raw=raw, folder=place[0], role=place[1], received_at=at, message_id=message_id)
        self.mails.append(mail)

    def ask(
        self,
        *,
        at: datetime | None = None,
        subject: str | None = None,
        body: str | None = None,
        to: tuple[str, ...] | None = None,
        cc: tuple[str, ...] = (),
        sender: str = PARENT,
        after: Written | None = None,
        linked: bool = True,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Written:
        """A message of the parent's, in Sent."""
        at = at or self.start
        message_id = self.new_id("example.org")
        if subject is None:
            subject = f"Re: {_bare(after.subject)}" if after else self.subject()
        text = body or self.question()
        references = (*after.references, after.message_id) if after and linked else ()
        named = _reference_headers(references)
        full = text if after is None else f"{text}\n\n{_quote(after)}"
        raw = text_mail(
            message_id=message_id,
            sender=sender,
            to=to or (self.mailbox,),
            cc=cc,
            subject=subject,
            at=at,
            body=full,
            headers=(*named, *headers),
        )
        self.keep(raw, SENT, at, message_id)
        return Written(
            message_id=message_id,
            subject=subject,
            at=at,
            sender=sender,
            to=to or (self.mailbox,),
            body=text,
            references=references,
        )

    def chase(self, after: Written, days: int, **changes: object) -> Written:
        """A chaser under the same subject."""
        body = self.fill(self.rng.choice(words.CHASERS))
        return self.ask(at=after.at + timedelta(days=days), after=after, body=body, **changes)  # type: ignore[arg-type]

    def say(
        self,
        to: Written,
        *,
        days: float,
        body: str | None = None,
        sender: str | None = None,
        subject: str | None = None,
        linked: bool = True,
        references: tuple[str, ...] | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        place: Place = INBOX,
        quoted: bool = True,
        date_lies: timedelta | None = None,
        without_id: bool = False,
        html: bool = False,
        document: str = "",
        receivers: tuple[str, ...] = (PARENT,),
        cc: tuple[str, ...] = (),
    ) -> Written:
        """A message from the other side; an answer with headers unless told otherwise."""
        at = to.at + timedelta(days=days)
        sender = sender or self.mailbox
        message_id = self.new_id(sender.rpartition("@")[2].strip(">"))
        text = body if body is not None else self.fill(self.rng.choice(words.ANSWERS))
        chain = (*to.references, to.message_id) if references is None else references
        named = _reference_headers(chain) if linked else ()
        subject = subject if subject is not None else f"RE: {_bare(to.subject)}"
        raw = text_mail(
            message_id=None if without_id else message_id,
            sender=sender,
            to=receivers,
            cc=cc,
            subject=subject,
            at=at,
            date=at + date_lies if date_lies else None,
            body=f"{text}\n\n{_quote(to)}" if quoted else text,
            headers=(*named, *headers),
            html=html,
            document=document,
        )
        self.keep(raw, place, at, message_id)
        return Written(
            message_id=message_id,
            subject=subject,
            at=at,
            sender=sender,
            to=receivers,
            body=text,
            references=chain if linked else (),
        )

    def acknowledge(
        self,
        to: Written,
        *,
        text: str = "",
        minutes: float = 1.0,
        subject: str | None = None,
        sender: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        linked: bool = False,
    ) -> Written:
        """A machine's answer, mostly without any header that says so."""
        return self.say(
            to,
            days=minutes / 1440,
            body=text or self.rng.choice(words.ACKS),
            quoted=False,
            subject=subject or f"Automatic reply: {_bare(to.subject)}",
            sender=sender,
            linked=linked,
            headers=headers,
        )

    def bounce(
        self,
        of: Written,
        *,
        minutes: int = 3,
        action: str = "failed",
        named: bool = True,
        recipient: str | None = None,
    ) -> None:
        """A delivery report."""
        at = of.at + timedelta(minutes=minutes)
        message_id = self.new_id("mail.example.org")
        failed = action == "failed"
        raw = delivery_report(
            message_id=message_id,
            at=at,
            recipient=recipient or self.mailbox,
            action=action,
            subject="Undelivered Mail Returned to Sender"
            if failed
            else "Delayed Mail (still being retried)",
            status="5.1.1" if failed else "4.4.1",
            original_id=of.message_id if named else None,
            original_subject=of.subject,
        )
        self.keep(raw, INBOX, at, message_id)

    def receipt(self, of: Written, *, hours: int, disposition: str = "displayed") -> None:
        """A reading report."""
        at = of.at + timedelta(hours=hours)
        message_id = self.new_id(self.domain)
        raw = reading_report(
            message_id=message_id,
            sender=self.mailbox,
            at=at,
            original_id=of.message_id,
            original_subject=of.subject,
            disposition=disposition,
        )
        self.keep(raw, INBOX, at, message_id)

    def invite(self, to: Written, *, days: int) -> None:
        """A calendar invitation in answer."""
        at = to.at + timedelta(days=days)
        message_id = self.new_id(self.domain)
        raw = calendar_mail(
            message_id=message_id,
            sender=self.officer_address,
            at=at,
            subject=_bare(to.subject),
            headers=_reference_headers((*to.references, to.message_id)),
        )
        self.keep(raw, INBOX, at, message_id)

    def again(self, place: Place, mail: Mail | None = None) -> None:
        """Another copy of the last mail in another folder."""
        last = mail or self.mails[-1]
        self.keep(last.raw, place, last.received_at, last.message_id)

    def unanswered(
        self,
        asked: Written,
        mailbox: str | None = None,
        *,
        not_before: date | None = None,
        **facts: object,
    ) -> None:
        """Expect that nobody answered: overdue or waiting by the calendar."""
        due = working_day_after(asked.at.astimezone(LONDON).date(), 10)
        due = max(due, not_before or due)
        late = AS_OF.astimezone(LONDON).date() > due
        self.expect(asked, "overdue" if late else "waiting", mailbox=mailbox, **facts)

    def unanswered_or_review(self, asked: Written) -> None:
        """Expect anything but that somebody answered."""
        self.expect(asked, "overdue", "waiting", "review")

    def expect(
        self, asked: Written, *statuses: str, mailbox: str | None = None, **facts: object
    ) -> None:
        """Expect a status, or any of several."""
        self.expected.append(
            Expected(
                scenario=self.scenario,
                message_id=asked.message_id,
                mailbox=mailbox or self.mailbox,
                statuses=frozenset(statuses),
                **facts,  # type: ignore[arg-type]
            )
        )


def _bare(subject: str) -> str:
    while subject[:3].lower() in ("re:", "fw:"):
        subject = subject[3:].strip()
    return subject


def _quote(mail: Written) -> str:
    when = mail.at.strftime("%d %B %Y %H:%M")
    quoted = "\n".join(f"> {line}" for line in mail.body.splitlines())
    return f"On {when}, {mail.sender} wrote:\n{quoted}"


def _reference_headers(references: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    if not references:
        return ()
    chain = " ".join(f"<{one}>" for one in references)
    return (("In-Reply-To", f"<{references[-1]}>"), ("References", chain))
