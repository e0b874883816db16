"""inboxwatch: which emails to the council never got a human reply."""

__version__ = "0.1.0"
