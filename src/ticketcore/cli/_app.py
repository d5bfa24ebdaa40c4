"""The application: it registers every command and turns errors into one line and an exit code.

A command is a plain function in `commands`. It imports what it needs inside its body, so that
no command, and no `--help`, waits for code that only another command needs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from inspect import cleandoc
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from ticketcore.cli import commands
from ticketcore.cli._common import INVALID, harmless, say, shortened
from ticketcore.errors import TicketcoreError

_USAGE_ERROR: Final[type[Any]] = typer.BadParameter.__mro__[1]  # typer exports no name for it


class _Commands(TyperGroup):
    """A group that reports invalid input as a sentence instead of a traceback."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        with _reported():  # --version and --help print already here
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        with _reported():
            return super().invoke(ctx)


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise  # the reader of the output has closed the pipe: typer exits quietly
    except _USAGE_ERROR as error:
        error.message = harmless(shortened(error.message))
        raise
    except (TicketcoreError, OSError) as error:
        say(f"error: {_sentence(error)}", err=True)
        raise typer.Exit(INVALID) from error


def _sentence(error: TicketcoreError | OSError) -> str:
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    reason = error.strerror.lower()
    return reason if error.filename is None else f"{error.filename}: {reason}"


app: typer.Typer = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 success, 1 a check failed, 2 invalid input, 5 nothing to check.",
)
app.command()(commands.simulate)
app.command("test")(commands.run_tests)
app.command()(commands.explain)
app.command()(commands.forecast)
app.command()(commands.backtest)
app.command()(commands.compare)
app.command()(commands.tickets)
app.command()(commands.sweep)
app.command()(commands.workload)
app.command()(commands.report)
app.command()(commands.replay)
app.command()(commands.cover)
app.command()(commands.metrics)
app.command()(commands.schema)
app.add_typer(commands.policy, name="policy")
app.add_typer(commands.history, name="history")


def _join_lines(of: typer.Typer) -> None:
    """Let the paragraphs of each --help fill the terminal: typer keeps the lines of the source."""
    for command in of.registered_commands:
        paragraphs = cleandoc(getattr(command.callback, "__doc__", "")).split("\n\n")
        command.help = "\n\n".join(paragraph.replace("\n", " ") for paragraph in paragraphs)
    for group in of.registered_groups:
        assert group.typer_instance is not None  # as for every group that was added
        _join_lines(group.typer_instance)


_join_lines(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"ticketcore {version('ticketcore')}")
        raise typer.Exit


@app.callback()
def _ticketcore(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Check, explain, simulate and backtest the rules of a support desk."""
