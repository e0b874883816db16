"""What every part of the settings shares: unknown keys are errors. Reads nothing."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Security = Literal["tls", "starttls", "plain"]


class Part(BaseModel):
    """A table of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)
