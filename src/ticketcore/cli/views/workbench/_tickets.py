"""Rows of the table of outcomes on the screen, as JSON and as CSV."""

import io
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from ticketcore.calendar import zone_of
from ticketcore.cli._common import counted, say
from ticketcore.cli._screen import line
from ticketcore.cli._table import show_table
from ticketcore.comparison import Outcomes
from ticketcore.events import local
from ticketcore.timeline import single_line

SHOWN: Final = 20
"""Number of tickets that the screen shows, unless another one is asked for."""


def print_csv(table: Outcomes, where: str, limit: int | None) -> None:
    """Print a header and a line for each ticket that meets a condition."""
    text = io.StringIO(newline="")
    table.write_csv(text, where, limit=limit)
    say(text.getvalue(), nl=False)


def show_tickets(out: Console, table: Outcomes, where: str, limit: int, zone: str) -> None:
    """Print the first tickets that meet a condition, and how many there are."""
    there = zone_of(zone)
    rows = table.rows(where, limit=limit)
    total = table.count(where)
    heads = ["ticket", "opened", *(f"{n} {c}" for n in table.names for c in _HEADS.values())]
    shown = [[Text(head, "dim") for head in heads]]
    for row in rows:
        cells = [single_line(row["ticket"]), _instant(row["opened_at"], there)]
        for name in table.names:
            cells += [_shown(row[name][column], there) for column in _HEADS]
        shown.append([Text(cell) for cell in cells])
    if rows:
        numbers = [i for i, head in enumerate(heads) if head.endswith(("reopened", "late"))]
        instants = [i for i, head in enumerate(heads) if head.endswith(("opened", "closed"))]
        show_table(out, shown, right=numbers, whole=(0, *instants))
    more = f", of which {len(rows)} are shown" if total > len(rows) else ""
    times = f"; times in {zone}" if rows else ""
    line(out, Text(f"{counted(total, 'ticket')}{more}{times}", "bold"))


_HEADS: Final = {"closed_at": "closed", "reopened_by_people": "reopened", "late": "late"}


def _shown(value: datetime | int | None, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return _instant(value, zone)
    return f"{value:,}" if value else "-"


def _instant(at: datetime, zone: ZoneInfo) -> str:
    return f"{local(at, zone):%Y-%m-%d %H:%M}"
