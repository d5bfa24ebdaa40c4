"""Helpers of all commands: printing, counting, exit codes and output files."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import attrs
import typer

from ticketcore._internal.files import naming_file
from ticketcore._internal.limits import MAX_LISTED, MAX_MESSAGE
from ticketcore._internal.terminal import briefly, visible
from ticketcore.errors import DataError, TicketcoreError

FAILED: Final = 1
INVALID: Final = 2
NONE_FOUND: Final = 5
HISTORY_ENDINGS: Final = (".jsonl", ".jsonl.gz")


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print *text* with control characters escaped, whatever file it comes from.

    Long lines of messages, which go to stderr, are cut.
    """
    typer.echo(harmless(shortened(text) if err else text), err=err, nl=nl)


def say_json(values: object, *, default: Callable[[Any], object] | None = None) -> None:
    """Print *values* as JSON. *default* writes the values that JSON does not know."""
    say(json.dumps(values, indent=2, default=default))


def shortened(text: str) -> str:
    """Return *text* with its long lines cut, but for paths of normal length."""
    lines = text.split("\n")
    return "\n".join(line if len(line) <= MAX_MESSAGE else briefly(line) for line in lines)


def harmless(text: str) -> str:
    """Escape the control and bidirectional characters in each line of *text*."""
    return "\n".join(map(visible, text.split("\n")))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 ticket``, ``1,330 events``."""
    return f"{number:,} {plural(number, noun)}"


def utc_text(at: datetime) -> str:
    """Return an instant as ``2026-03-09T22:00:00Z``, with a fraction only if it has one."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def plural(number: int, noun: str) -> str:
    """Return *noun* in the form that goes with *number*."""
    return noun if number == 1 else f"{noun}s"


def say_problems(problems: Sequence[object], count: int, file: Path | None = None) -> None:
    """Print the first problems to stderr, and how many more of all *count* there are."""
    prefix = "" if file is None else f"{file}: "
    for problem in problems[:MAX_LISTED]:
        say(f"{prefix}{problem}", err=True)
    if count > MAX_LISTED:
        say(f"{prefix}and {counted(count - MAX_LISTED, 'problem')} more", err=True)


@attrs.define
class Problems:
    """The problems of a file: all are counted, and the first ones are kept."""

    count: int = 0
    first: list[object] = attrs.field(factory=list)

    def add(self, problem: object) -> None:
        """Count a problem, and keep the first ones."""
        self.count += 1
        if len(self.first) < MAX_LISTED:
            self.first.append(problem)

    def add_ticket(self, ticket: str, error: TicketcoreError) -> None:
        """Count a ticket that cannot be used, and keep the first ones."""
        self.add(f"ticket {ticket}: {error}")

    def say(self, file: Path) -> None:
        """Print the problems on stderr, and exit with 2 if there are any."""
        say_problems(self.first, self.count, file)
        if self.count:
            raise typer.Exit(INVALID)


@contextmanager
def reading(files: Sequence[Path]) -> Iterator[None]:
    """Name the file in an error about its content; an error about one of several names it."""
    try:
        yield
    except DataError as error:
        if len(files) > 1:
            raise
        raise DataError(f"{files[0]}: {error}") from None


def check_output(output: Path, *sources: str | Path, option: str = "-o") -> None:
    """Check, before the work is done, that *output* can be written and is none of *sources*.

    Raises typer.BadParameter for a file that the command reads, and OSError for one that cannot be
    written. A pipe or a device is not opened, since its reader would take that for the output.
    """
    for source in sources:
        if output.exists() and Path(source).exists() and output.samefile(source):
            message = f"cannot write to {output}, the file being read: choose another file"
            raise typer.BadParameter(message, param_hint=option)
    if output.exists() and not (output.is_file() or output.is_dir()):
        return
    is_new = not output.exists()
    with naming_file(output), output.open("ab"):
        pass
    if is_new:
        output.resolve().unlink()
