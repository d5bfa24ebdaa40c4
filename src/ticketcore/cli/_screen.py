"""Output for people: results go to stdout, everything else to stderr."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.segment import Segment
from rich.text import Text

from ticketcore.cli._common import harmless


class _Screen(Console):
    """A console that escapes control characters in whatever it prints; styles still apply."""

    def render(self, renderable: Any, options: Any = None) -> Iterable[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else harmless(text), style, control)


def console(*, stderr: bool = False) -> Console:
    """Return a console that prints text as it is, without markup, links or highlighted numbers."""
    return _Screen(stderr=stderr, highlight=False, markup=False, emoji=False)


def symbol(out: Console, fancy: str, plain: str) -> str:
    """Return *fancy* if the output's encoding can show it, else *plain*."""
    return fancy if out.encoding.lower().startswith("utf") else plain


def heading(out: Console, text: str, remark: str = "") -> None:
    """Print a blank line and a bold heading, with an optional remark behind it."""
    out.print()
    line(out, Text.assemble((text, "bold"), (f"  {remark}" if remark else "", "dim")))


def line(out: Console, text: Text) -> None:
    """Print a line without wrapping it, so that a search finds all of it."""
    out.print(text, soft_wrap=True)
