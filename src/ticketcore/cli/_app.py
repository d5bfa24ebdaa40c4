"""The application that every command joins, and what it does about errors.

A command is one module that decorates its function with ``app.command()``; the package's
``__init__`` imports it, which is all there is to registering it. What a command needs it imports
inside its function, so that none waits for what only others need.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ticketcore._internal.terminal import visible
from ticketcore.errors import TicketcoreError

FAILED = 1
BROKEN = 2


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text, which acts on no terminal whatever file it comes from."""
    typer.echo(harmless(text), err=err, nl=nl)


def harmless(text: str) -> str:
    """The lines of a text, each of them visible."""
    return "\n".join(map(visible, text.split("\n")))


def counted(number: int, what: str) -> str:
    """So many of them: ``1 ticket``, ``1,330 events``."""
    return f"{number:,} {plural(number, what)}"


def plural(number: int, what: str) -> str:
    """What there is one or another number of."""
    return what if number == 1 else f"{what}s"


class _Commands(TyperGroup):
    """The commands; what is wrong with their input is said in a sentence, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read the output has enough of it: typer ends quietly
        except typer.BadParameter as wrong:
            wrong.message = harmless(wrong.message)
            raise
        except (TicketcoreError, OSError) as error:
            say(f"error: {_said(error)}", err=True)
            raise typer.Exit(BROKEN) from error


def _said(error: TicketcoreError | OSError) -> str:
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    what = error.strerror.lower()
    return what if error.filename is None else f"{error.filename}: {what}"


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Name the file in an error of writing it: a full disk does not."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(file)
        raise


def refuse_overwriting(output: Path, source: str | Path) -> None:
    """Refuse to write over the file that is read. Raises BadParameter."""
    if output.exists() and Path(source).exists() and output.samefile(source):
        raise typer.BadParameter(f"{output} is what is read: name another file", param_hint="-o")


app: typer.Typer = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 well, 1 an expectation failed, 2 broken input, 5 no scenario found.",
)


def group(name: str, about: str) -> typer.Typer:
    """A group of commands below *name*."""
    commands = typer.Typer(no_args_is_help=True, help=about)
    app.add_typer(commands, name=name)
    return commands


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
    """Ticket rules as data: try them on a scenario, explain a deadline, check a policy file."""
