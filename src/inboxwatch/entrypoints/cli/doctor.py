"""Look whether everything works, in plain words."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import click

from inboxwatch.application.doctor import Finding, Level
from inboxwatch.bootstrap.examining import examine
from inboxwatch.bootstrap.places import health_file
from inboxwatch.domain.errors import DoctorFoundProblems
from inboxwatch.entrypoints.cli.opening import opened
from inboxwatch.entrypoints.cli.output import coloured, print_json, say, say_wrapped
from inboxwatch.settings.load import load

_STALE_AFTER = timedelta(minutes=5)  # the service writes its health every minute
_MARKS = {Level.GOOD: "✓", Level.HINT: "·", Level.PROBLEM: "✗"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.option("--health", is_flag=True, help="Only ask how the running service does.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, health: bool) -> None:
    """Check log-ins, folders, addresses, the store and the ways to reach you."""
    if health:
        settings, _ = load(ctx.find_root().obj)
        say(_service_health(health_file(settings)))
        return
    with opened(ctx, needs_account=False) as app:
        findings = []
        for finding in examine(app):
            findings.append(finding)
            if not as_json:
                _print(finding)
    if as_json:
        print_json(
            [
                {"about": f.about, "level": f.level.value, "text": f.text, "remedy": f.remedy}
                for f in findings
            ]
        )
    problems = [f for f in findings if f.level is Level.PROBLEM]
    if problems:
        raise DoctorFoundProblems(
            "one thing needs your attention"
            if len(problems) == 1
            else f"{len(problems)} things need your attention",
            remedy="Each is marked with ✗ above, with what to do." if not as_json else "See above.",
        )
    if not as_json:
        say("All is well.")


def _print(finding: Finding) -> None:
    mark = _MARKS[finding.level]
    style = {Level.GOOD: "green", Level.HINT: "cyan", Level.PROBLEM: "yellow"}[finding.level]
    say_wrapped(
        f"{finding.about}: {finding.text}", indent=" ", hanging="  ", mark=coloured(mark, style)
    )
    for row in finding.remedy.splitlines():
        say_wrapped(row, indent="    ")


def _service_health(path: Path) -> str:
    """Read the health file of the running service.

    Raises:
        DoctorFoundProblems: it is missing, too old, or says that something is wrong.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        written = datetime.fromisoformat(value["at"])
        status = str(value["status"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DoctorFoundProblems(
            f"there is no health of a running service at {path}",
            remedy="Start it with: inboxwatch run",
        ) from error
    age = datetime.now(written.tzinfo) - written
    if age > _STALE_AFTER:
        raise DoctorFoundProblems(
            f"the service last gave a sign of life at {value['at']}",
            remedy="See its log; restart it if it is stuck.",
        )
    if status == "failing":
        raise DoctorFoundProblems(
            f"the service is failing: {value.get('problem', '')}", remedy="Run: inboxwatch doctor"
        )
    return f"the service is running: {status}"
