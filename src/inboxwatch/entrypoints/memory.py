"""What a service does about its memory, once, when all that it starts with is there."""

from __future__ import annotations

import gc


def settle() -> None:
    """Leave what is loaded out of the search for garbage from now on.

    Modules, settings and wording stay as long as the service. Python would go through all of
    them, some 20 ms, each time that a few polls with news have made a quarter as much again.
    """
    gc.collect()
    gc.freeze()
