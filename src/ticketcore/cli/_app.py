"""The application: it registers every command and turns errors into one line and an exit code.

A command is a plain function in `commands`. It imports what it needs inside its body, so that
no command, and no `--help`, waits for code that only another command needs.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from ticketcore.cli._common import HISTORY_ENDINGS, INVALID, harmless, say, shortened
from ticketcore.cli.commands._backtest import backtest
from ticketcore.cli.commands._explain import explain
from ticketcore.cli.commands._forecast import forecast
from ticketcore.cli.commands._history import history
from ticketcore.cli.commands._metrics import metrics
from ticketcore.cli.commands._schema import schema
from ticketcore.cli.commands._simulate import simulate
from ticketcore.cli.commands._test import run_tests
from ticketcore.cli.commands.policy._group import policy
from ticketcore.cli.commands.workbench._compare import compare
from ticketcore.cli.commands.workbench._cover import cover
from ticketcore.cli.commands.workbench._replay import replay
from ticketcore.cli.commands.workbench._report import report
from ticketcore.cli.commands.workbench._sweep import sweep
from ticketcore.cli.commands.workbench._tickets import tickets
from ticketcore.cli.commands.workbench._workload import workload
from ticketcore.errors import TicketcoreError

_PREFIX: Final = "Value error, "  # of typer, before the message about an unknown word
_USAGE_ERROR: Final[type[Any]] = typer.BadParameter.__mro__[1]  # typer exports no name for it


class _Commands(TyperGroup):
    """A group that reports invalid input as a sentence instead of a traceback."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        with _reported():  # --version and --help print already here
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        with _reported():
            return super().invoke(ctx)


class _Command(TyperCommand):
    """A command that refuses values that would be misread.

    These are a second value of an option that has one, because the last would win, and a list
    with commas for an option that is repeated. An error shows the usage of the command if a
    history is given in another place than that of the history.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        values, _, order = self.make_parser(ctx).parse_args(args=[*args])
        given: list[Any] = [] if ctx.resilient_parsing else order
        for option in given:
            reason = None
            if option.multiple and not option.metavar:
                reason = _one_each(option.opts[0], values[option.name])
            elif given.count(option) > 1 and not (option.multiple or option.is_flag):
                reason = "give it once, it has one value"
            if reason is not None:
                raise typer.BadParameter(reason, ctx=ctx, param_hint=option.opts[0])
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (TicketcoreError, OSError):
            if any(_is_misplaced(each.name, ctx.params[each.name]) for each in self.params):
                say(ctx.get_usage(), err=True)
            raise


def _is_misplaced(argument: str, value: object) -> bool:
    """Return whether a history, by its name, is given as another argument or option."""
    values = value if isinstance(value, list | tuple) else [value]  # by version of typer
    is_place = argument in ("history", "file", "logs", "output")
    return not is_place and any(str(each).endswith(HISTORY_ENDINGS) for each in values)


def _one_each(option: str, values: Sequence[str]) -> str | None:
    """Say how several values are given, if one of the values of an option is a list of them."""
    for value in values:
        several = [part.strip() for part in value.split(",")]
        if len(several) > 1 and not Path(value).exists():
            return f"give it for each value: {' '.join(f'{option} {part}' for part in several)}"
    return None


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise  # the reader of the output has closed the pipe: typer exits quietly
    except _USAGE_ERROR as error:
        error.message = harmless(shortened(error.message.removeprefix(_PREFIX)))
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
app.command()(simulate)
app.command("test")(run_tests)
app.command()(explain)
app.command()(forecast)
app.command()(backtest)
app.command()(compare)
app.command()(tickets)
app.command()(sweep)
app.command()(workload)
app.command()(report)
app.command()(replay)
app.command()(cover)
app.command()(metrics)
app.command()(schema)
app.add_typer(policy, name="policy")
app.add_typer(history, name="history")


def _complete(of: typer.Typer) -> None:
    """Let the paragraphs of each --help fill the terminal: typer keeps the lines of the source.

    Each command becomes a `_Command`.
    """
    for command in of.registered_commands:
        command.cls = _Command
        paragraphs = cleandoc(getattr(command.callback, "__doc__", "")).split("\n\n")
        command.help = "\n\n".join(paragraph.replace("\n", " ") for paragraph in paragraphs)
    for group in of.registered_groups:
        assert group.typer_instance is not None  # as for every group that was added
        _complete(group.typer_instance)


_complete(app)


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
