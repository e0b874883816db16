"""The settings of how and when you are reached: reminders, mail, webhooks, channels."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from inboxwatch.settings.part import Part, Security

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
EventType = Literal[
    "thread.overdue",
    "thread.undelivered",
    "thread.action",
    "thread.promise-passed",
    "thread.own-deadline",
    "thread.answered",
    "digest",
    "health",
]


class ReminderSettings(Part):
    """When you are reminded."""

    repeat_every_working_days: int = Field(10, ge=1, description="Between two of one wait.")
    stop_after: int = Field(4, ge=1, description="Reminders of one wait, the last included.")
    remind_from: date | None = Field(
        None, description="Waits begun before are only listed. Default: 30 days before first run."
    )
    weekdays: tuple[Weekday, ...] = Field(
        DAYS[:5], min_length=1, description="Days on which mail may come; never on a bank holiday."
    )
    digest_weekdays: tuple[Weekday, ...] = Field(
        DAYS[:1], min_length=1, description="Days of the regular digest; news may come between."
    )
    on_bank_holidays: bool = Field(False, description="Mail may come on bank holidays too.")
    at_time: time = Field(time(9, 0), description="Local time of the digest.")
    quiet_from: time = Field(time(20, 0), description="Local time; no mail from then on.")
    quiet_until: time = Field(time(8, 0), description="Local time; equal to quiet_from: no quiet.")
    send_empty_digest: bool = Field(False, description="Also when nothing is overdue.")
    answer_by_reply: bool = Field(True, description="Your answers to reminders are acted on.")
    trusted_servers: tuple[str, ...] = Field(
        (), description="Names by which your mail servers sign Authentication-Results."
    )

    @model_validator(mode="after")
    def _not_at_night(self) -> ReminderSettings:
        begins, ends = self.quiet_from, self.quiet_until
        over_midnight = begins > ends
        quiet = (
            self.at_time >= begins or self.at_time < ends
            if over_midnight
            else begins <= self.at_time < ends
        )
        if quiet:
            raise ValueError("at_time lies in the quiet hours from quiet_from to quiet_until")
        return self


class EmailSettings(Part):
    """Where reminders go by email, and through which server."""

    to: tuple[str, ...] = Field((), description="Your own recipients; empty sends no email.")
    sender: str = Field("", description="From address. Default: the first recipient.")
    host: str = Field("", description="SMTP server.")
    port: int | None = Field(None, ge=1, le=65535, description="Default 465 tls, 587 starttls.")
    security: Security = Field("starttls", description="starttls, tls, or plain (loopback).")
    username: str = ""
    password: SecretStr | None = Field(None, description="Environment only.")
    password_file: Path | None = Field(None, description="A file that holds the password.")
    sign_in_as: str = Field(
        "", description="An account that signs in at Microsoft or Google; instead of a password."
    )
    ca_file: Path | None = Field(None, description="A CA to trust besides the system's.")

    @model_validator(mode="after")
    def _complete(self) -> EmailSettings:
        if self.sign_in_as and (self.password is not None or self.password_file is not None):
            raise ValueError("takes either a password or sign_in_as, not both")
        if self.to and not self.host and not self.sign_in_as:
            raise ValueError("host is missing: name the SMTP server that sends the reminders")
        return self


class WebhookSettings(Part):
    """A web address that is told of events, signed by the Standard Webhooks convention."""

    url: str
    secret: SecretStr | None = Field(None, description="Environment only.")
    secret_file: Path | None = Field(None, description="A file with the signing secret, whsec_…")
    types: tuple[EventType, ...] = Field(
        ("thread.overdue", "thread.undelivered", "thread.answered", "health"),
        description="Which events.",
    )
    ca_file: Path | None = Field(None, description="A CA to trust besides the system's.")


class ChannelSettings(Part):
    """Another way to reach you, by Apprise: ntfy, Telegram, Slack and many more."""

    url: SecretStr | None = Field(None, description="Environment only; it holds the token.")
    url_file: Path | None = Field(None, description="A file that holds the Apprise URL.")
    types: tuple[Literal["digest", "health"], ...] = Field(
        ("digest", "health"), description="What is sent there."
    )
