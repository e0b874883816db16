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


def test_what_reads_html_is_loaded_with_the_first_html_that_is_read() -> None:
    """Mail that says all in plain text is read without."""
    program = """
import sys
import inboxwatch.bootstrap
from inboxwatch.adapters.mime.texts import own_and_quoted
words = "Thank you for your letter. We will write to you about the school place."
assert own_and_quoted([words], [f"<p>{words}</p>"])[0] == words
assert "lxml" not in sys.modules
assert own_and_quoted([], [f"<p>{words}</p>"])[0] == words
assert "lxml" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_a_service_does_not_load_what_draws_tables_and_bars() -> None:
    """Nor does a command that draws none."""
    program = """
import sys
import inboxwatch.entrypoints.cli.run
assert "rich" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
