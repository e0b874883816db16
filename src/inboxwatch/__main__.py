"""Run the command line with `python -m inboxwatch`."""

from inboxwatch.entrypoints.cli import main

main()
