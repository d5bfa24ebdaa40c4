"""How commands write: results to stdout, all else to stderr, wrapped to the width there is."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from ticketcore.cli._app import harmless


class _Screen(Console):
    """Whatever is printed acts on the terminal only as its style does."""

    def render(self, renderable: Any, options: Any = None) -> Iterable[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else harmless(text), style, control)


def console(*, stderr: bool = False) -> Console:
    """Where to write. Text is written as it is: nothing in it is markup, a link or a number."""
    return _Screen(stderr=stderr, highlight=False, markup=False, emoji=False)


def sign(out: Console, fancy: str, plain: str) -> str:
    """A sign where the output can show it, or else a plain one."""
    return fancy if out.encoding.lower().startswith("utf") else plain


def heading(out: Console, text: str, beside: str = "") -> None:
    """A line that begins a part, after a blank one."""
    out.print()
    out.print(Text.assemble((text, "bold"), (f"  {beside}" if beside else "", "dim")))


def line(out: Console, text: Text) -> None:
    """A line that is not wrapped, so that a search finds all of it."""
    out.print(text, soft_wrap=True)


def columns(*widths: int | None) -> Table:
    """A table without lines, its columns two blanks apart; None is as wide as it needs."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for width in widths:
        table.add_column(width=width, overflow="fold")
    return table
