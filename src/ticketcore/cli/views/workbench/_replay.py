"""One ticket side by side: a mark in each column says where an event happens."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from ticketcore.backtest import Replay
from ticketcore.calendar import clock_time
from ticketcore.cli._screen import heading, line, symbol
from ticketcore.cli._table import MANY_LINES, WIDEST, fit, show_rows, show_table
from ticketcore.cli.views._history import zone_or_utc
from ticketcore.events import local
from ticketcore.policies import Language
from ticketcore.ticket import Ticket, fold
from ticketcore.timeline import TimelineEntry, aligned_timelines, local_time, single_line

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def show_replays(out: Console, replays: Sequence[Replay], language: Language) -> None:
    """Print the events of one ticket as recorded and under each policy, then how it ends."""
    recorded = fold(replays[0].history.events)
    zone = zone_or_utc(recorded)
    line(out, Text(f"ticket {single_line(replays[0].history.ticket)}", "bold"))
    names = ["record", *(f"{replay.policy.name} {replay.policy.version}" for replay in replays)]
    show_table(out, [(Text(_letter(i), "bold"), Text(name)) for i, name in enumerate(names)])
    rows = aligned_timelines(
        zone.key,
        (replays[0].history.events, None),
        *((replay.events, replay.policy) for replay in replays),
        language=language,
    )
    cells = [_row(out, entry, where, zone) for entry, where in rows]
    widths = fit(cells, min(out.width, WIDEST), whole=(0, 1, 2), lines=MANY_LINES)
    days = groupby(zip(rows, cells, strict=True), lambda pair: local(pair[0][0].at, zone).date())
    for day, pairs in days:
        heading(out, f"{day:%a %Y-%m-%d}", zone.key)
        show_rows(out, [row for _, row in pairs], widths)
    heading(out, "In the end")
    ends = [recorded, *(replay.ticket for replay in replays)]
    show_table(out, [(Text(_letter(i)), Text(_ending(end, zone))) for i, end in enumerate(ends)])


def _letter(place: int) -> str:
    return "r" if not place else _LETTERS[place - 1]


def _row(
    out: Console, entry: TimelineEntry, where: Sequence[bool], zone: ZoneInfo
) -> tuple[Text, ...]:
    absent = symbol(out, "·", ".")
    marks = " ".join(_letter(i) if here else absent for i, here in enumerate(where))
    differs = "" if all(where[1:]) else "bold"
    cells = (clock_time(local(entry.at, zone)), marks, entry.actor, entry.text)
    return (*(Text(cell, differs) for cell in cells), Text(entry.rule, "green"))


def _ending(ticket: Ticket | None, zone: ZoneInfo) -> str:
    if ticket is None:
        return "not opened: the policy refuses the opening"
    closed = f" at {local_time(ticket.closed_at, zone)}" if ticket.closed_at else ""
    return f"{ticket.status}{closed}"
