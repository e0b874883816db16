"""The settings, their defaults and units. Reads nothing itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from inboxwatch.settings.part import Part, Security
from inboxwatch.settings.reaching import (
    ChannelSettings,
    EmailSettings,
    ReminderSettings,
    WebhookSettings,
)


class AccountSettings(Part):
    """A log-in at a mail server."""

    address: str = Field(description="Your email address at this account.")
    person: str = Field("me", description="Whose mail this is; accounts of one person are one.")
    aliases: tuple[str, ...] = Field((), description="Your other addresses that send from here.")
    host: str = Field("", description="IMAP server; found from the address for known providers.")
    port: int | None = Field(None, ge=1, le=65535, description="Default 993 for tls, else 143.")
    security: Security = Field("tls", description="tls, starttls, or plain (loopback only).")
    username: str = Field("", description="Default: the address.")
    sign_in: Literal["password", "microsoft", "google"] = Field(
        "password", description="How to sign in: an (app) password or the provider's OAuth."
    )
    password: SecretStr | None = Field(None, description="Environment only.")
    password_file: Path | None = Field(None, description="A file that holds the password.")
    oauth_client_id: str = Field("", description="Client id registered with the provider.")
    oauth_client_secret: SecretStr | None = Field(None, description="Environment only.")
    oauth_client_secret_file: Path | None = Field(
        None, description="A file with the client secret that Google shows beside the client id."
    )
    oauth_authority: str = Field("", description="Another sign-in service; https://…")
    ca_file: Path | None = Field(None, description="A CA to trust besides the system's.")
    sent_folders: tuple[str, ...] = Field((), description="Sent folders, if not found.")
    junk_folders: tuple[str, ...] = Field((), description="Junk folders, if not found.")
    exclude_folders: tuple[str, ...] = Field((), description="Folders never to read.")
    scan_from: date | None = Field(None, description="Do not look at mail before this day.")
    poll_every_minutes: float | None = Field(None, gt=0, description="Default: service's.")

    @field_validator("address", "aliases", mode="after")
    @classmethod
    def _lower(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        def one(address: str) -> str:
            local, at, domain = address.strip().rpartition("@")
            if not (local and at and domain) or " " in address.strip():
                raise ValueError(f"{address!r} is not an email address")
            return address.strip().lower()

        return one(value) if isinstance(value, str) else tuple(one(a) for a in value)


class BodySettings(Part):
    """A council or other body of your own; a name of a shipped body changes that one."""

    title: str = ""
    domains: tuple[str, ...] = Field((), description="Every domain it writes from.")
    addresses: tuple[str, ...] = Field((), description="Addresses elsewhere that are it.")
    not_the_body: tuple[str, ...] = Field((), description="Addresses there that are not it.")
    calendar: str = Field("england-and-wales", description="Whose bank holidays count.")
    successor: str | None = Field(None, description="Name of the body that replaces it.")


class RuleSettings(Part):
    """Which clock runs for which threads; the first rule that matches counts."""

    name: str
    clock: str = Field(description="A preset (see `inboxwatch clocks`) or 10wd, 14d, 6w, 1mo.")
    calendar: str | None = None
    mailboxes: tuple[str, ...] = Field((), description="Addresses, or their part before the @.")
    bodies: tuple[str, ...] = ()
    subject_words: tuple[str, ...] = ()


class StoreSettings(Part):
    """Where facts and decisions are kept."""

    url: SecretStr | None = Field(
        None, description="PostgreSQL, environment only: postgresql://user:password@host/name"
    )
    url_file: Path | None = Field(None, description="A file that holds the PostgreSQL URL.")
    path: Path | None = Field(None, description="SQLite file. Default: data folder/inboxwatch.db")
    keep_originals: bool = Field(True, description="Keep council messages as they came.")
    token_key: SecretStr | None = Field(None, description="Environment only.")
    token_key_file: Path | None = Field(
        None, description="The key for kept sign-ins. Default: one is made in the data folder."
    )
    retention_months: int | None = Field(
        None, ge=1, description="Delete finished threads this long after their last message."
    )


class ServiceSettings(Part):
    """How `inboxwatch run` works."""

    poll_every_minutes: float = Field(15, gt=0, description="Between two polls of an account.")
    stalled_after_hours: float = Field(24, gt=0, description="Without a complete poll: alert.")
    health_file: Path | None = Field(None, description="Default: data folder/health.json")
    health_port: int | None = Field(None, ge=1, le=65535, description="Loopback /health, off.")
    accounts_at_once: int = Field(8, ge=1, description="Polls under way at the same time.")
    ping_url: str = Field("", description="Fetched after each good cycle (Healthchecks).")


class PageUserSettings(Part):
    """Someone who may sign in to the page."""

    password_hash_file: Path | None = Field(
        None, description="Made by `inboxwatch serve --set-password NAME`."
    )
    cases: tuple[str, ...] = Field((), description="Sees only these cases; empty: everything.")
    api_token: SecretStr | None = Field(None, description="Environment only.")
    api_token_file: Path | None = Field(None, description="A file with this user's API token.")


class PageSettings(Part):
    """The web page and its API."""

    enabled: bool = Field(False, description="Whether `inboxwatch run` shows the page too.")
    host: str = Field("127.0.0.1", description="Elsewhere only when a password is set.")
    port: int = Field(8321, ge=1, le=65535)
    names: tuple[str, ...] = Field((), description="Host names by which the page is reached.")
    trusted_proxies: tuple[str, ...] = Field(
        (), description="Addresses of reverse proxies whose X-Forwarded headers count."
    )
    session_hours: float = Field(12, gt=0, description="After that one signs in again.")
    users: dict[str, PageUserSettings] = Field(default_factory=dict)
    api_token: SecretStr | None = Field(None, description="Environment only.")
    api_token_file: Path | None = Field(None, description="A file with the token of the API.")


class _Environment(EnvSettingsSource):
    """The environment; a list may be JSON or words between commas."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return json.loads(value)
        except (ValueError, TypeError):
            if isinstance(value, str) and not value.lstrip().startswith(("[", "{")):
                return [word.strip() for word in value.split(",") if word.strip()]
            raise


class Settings(BaseSettings):
    """Everything. Order: flag, environment, file (given as arguments), default."""

    model_config = SettingsConfigDict(
        env_prefix="INBOXWATCH_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file."""
        return (_Environment(settings_cls), init_settings)

    data_folder: Path | None = Field(None, description="Default: the user's data folder.")
    watch: tuple[str, ...] = Field((), description="Bodies, domains or addresses to watch.")
    also_mine: tuple[str, ...] = Field((), description="More addresses of yours, anywhere.")
    accounts: dict[str, AccountSettings] = Field(default_factory=dict)
    bodies: dict[str, BodySettings] = Field(default_factory=dict)
    rules: tuple[RuleSettings, ...] = ()
    rules_file: Path | None = Field(None, description="A TOML file with more [[rules]].")
    after: str = Field("ordinary-email", description="The clock where no rule matches.")
    calendar: str = Field("england-and-wales", description="For plain allowances.")
    holidays_file: Path | None = Field(None, description="More holidays, as TOML.")
    term_dates_file: Path | None = Field(None, description="School term dates, as TOML.")
    clocks_file: Path | None = Field(None, description="Clocks of your own, as TOML.")
    wording_folder: Path | None = Field(None, description="Wording lists of your own, as TOML.")
    letters_folder: Path | None = Field(None, description="Letters of your own, as text files.")
    reminders: ReminderSettings = Field(default_factory=ReminderSettings)
    email: EmailSettings = Field(default_factory=EmailSettings)
    webhooks: dict[str, WebhookSettings] = Field(default_factory=dict)
    channels: dict[str, ChannelSettings] = Field(default_factory=dict)
    store: StoreSettings = Field(default_factory=StoreSettings)
    service: ServiceSettings = Field(default_factory=ServiceSettings)
    page: PageSettings = Field(default_factory=PageSettings)
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="How much is logged.")
    ] = "info"

    def own_addresses(self, person: str | None = None) -> frozenset[str]:
        """Return every address that is said to be a person's; everyone's without one."""
        mine = {word.strip().lower() for word in self.also_mine}
        for account in self.accounts.values():
            if person in (None, account.person):
                mine |= {account.address, *account.aliases}
        return frozenset(mine)
