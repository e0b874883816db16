"""The command line: one file a verb, loaded only when it is used."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import click

from inboxwatch import __version__
from inboxwatch.domain.errors import InboxwatchError
from inboxwatch.entrypoints.cli.output import complain, forgive_encodings

# verb: module below this package
VERBS = {
    "audit": "audit",
    "backup": "keeping",
    "case": "decisions",
    "classify": "classify",
    "classify-as": "decisions",
    "clock": "decisions",
    "clocks": "clocks",
    "config": "config",
    "demo": "demo",
    "doctor": "doctor",
    "draft": "draft",
    "due": "due",
    "event": "decisions",
    "explain": "explain",
    "export": "export",
    "init": "init",
    "link": "decisions",
    "list": "listing",
    "log": "decisions",
    "mark": "decisions",
    "migrate": "keeping",
    "pause": "pausing",
    "poll": "stages",
    "pool": "pool",
    "purge": "keeping",
    "remind": "stages",
    "restore": "keeping",
    "resume": "pausing",
    "review": "stages",
    "run": "run",
    "serve": "serve",
    "show": "show",
    "sign-in": "sign_in",
    "snooze": "decisions",
    "stats": "stats",
    "threads": "threads",
    "undo": "decisions",
    "unlink": "decisions",
    "verify": "verify",
    "worker": "worker",
}


# As the README has them: what a newcomer needs first.
GROUPS = {
    "Try it": ("demo", "audit"),
    "Set up": ("init", "sign-in", "doctor", "config"),
    "Watch": ("run", "poll", "review", "remind", "serve", "worker"),
    "See where things stand": ("list", "show", "explain", "stats"),
    "Say what you know": (
        "mark", "log", "snooze", "case", "clock", "event", "classify-as", "link", "unlink", "undo",
    ),
    "Act": ("draft", "export", "verify", "pool"),
    "Ask a single question": ("due", "clocks", "classify", "threads"),
    "Care": ("pause", "resume", "migrate", "backup", "restore", "purge"),
}  # fmt: skip


class LazyGroup(click.Group):
    """A group that imports a verb's module when the verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every verb."""
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one verb."""
        module = VERBS.get(cmd_name)
        if module is None:
            return None
        loaded = importlib.import_module(f"inboxwatch.entrypoints.cli.{module}")
        command = getattr(loaded, cmd_name.replace("-", "_"), None) or getattr(
            loaded, f"{cmd_name.replace('-', '_')}_"
        )
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs in groups, each verb with one whole sentence."""
        for title, verbs in GROUPS.items():
            rows = []
            for verb in verbs:
                command = self.get_command(ctx, verb)
                assert command is not None
                rows.append((verb, _first_sentence(command)))
            with formatter.section(title):
                formatter.write_dl(rows, col_spacing=3)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest verb when there is none such."""
        import difflib

        if args and args[0] not in VERBS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], VERBS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(f"there is no command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)


def _first_sentence(command: click.Command) -> str:
    return " ".join((command.help or "").partition("\n\n")[0].split())


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=None,
    help="The configuration file (else ./inboxwatch.toml, your config folder, /config).",
)
@click.version_option(__version__, prog_name="inboxwatch")
@click.pass_context
def cli(ctx: click.Context, config: Path | None) -> None:
    """Which emails to the council never got a human reply.

    Start with `inboxwatch demo`, or `inboxwatch audit` on mail that you exported.
    """
    ctx.obj = config


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with the code that docs/operations.md lists."""
    forgive_encodings()
    try:
        code = cli.main(args=arguments, prog_name="inboxwatch", standalone_mode=False)
    except InboxwatchError as error:
        complain(error)
        _let_go_of_output()
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "inboxwatch"
        click.echo(f"inboxwatch: {error.format_message()}", err=True)
        click.echo(f"  See: {where} --help", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"inboxwatch: {error.format_message()}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        # Below the line that was being typed.
        click.echo("\n" * sys.stderr.isatty() + "inboxwatch: stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): that is no fault of anyone.
        _let_go_of_output()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _let_go_of_output() -> None:
    """Keep Python from trying again, as it ends, to write what could not be written."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except OSError:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
