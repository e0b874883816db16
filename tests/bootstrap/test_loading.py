"""What only some need is not loaded by all: it would be in memory as long as a service runs."""

import subprocess
import sys


def test_what_writes_mail_and_letters_is_loaded_by_who_writes_one() -> None:
    """The program itself, as every command and the service load it, has no use for templates."""
    program = """
import sys
import inboxwatch.bootstrap
assert "jinja2" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
