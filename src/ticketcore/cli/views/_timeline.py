"""A timeline on the screen: a heading for each day, and a line for each event."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from ticketcore.calendar import clock_time
from ticketcore.cli._screen import heading, line, symbol
from ticketcore.cli._table import MANY_LINES, WIDEST, fit, show_rows, show_table
from ticketcore.events import Timer, local
from ticketcore.policies import Policy
from ticketcore.scenarios import Expectation
from ticketcore.ticket import Ticket
from ticketcore.timeline import TimelineEntry, local_time, single_line, timer_label

_SYMBOLS: Final = {
    "party": ("●", "*", "bold"),
    "system": ("◆", "#", "cyan"),
    "timer": ("○", ".", "dim"),
    "refusal": ("✗", "x", "red"),
}
_WHOLE_RULE: Final = 28  # characters: a longer rule wraps, so that the event gets enough width


def show_timeline(
    out: Console,
    entries: Sequence[TimelineEntry],
    zone: ZoneInfo,
    *,
    tickets: Sequence[str] = (),
) -> None:
    """Print entries, at least one, under the days of *zone*.

    The heading of a day has its UTC offset, and says if the clocks have changed since the day
    before. If the entries belong to several tickets, *tickets* has the number for each entry.
    """
    rows = [_row(out, entry, zone) for entry in entries]
    actor = 2
    if tickets:
        actor = 3
        rows = [
            (*row[:2], Text(number), *row[2:]) for number, row in zip(tickets, rows, strict=True)
        ]
    rule = (actor + 2,) if max(len(e.rule) for e in entries) <= _WHOLE_RULE else ()
    width = min(out.width, WIDEST)
    widths = fit(rows, width, whole=(*range(actor + 1), *rule), lines=MANY_LINES)
    if len(widths) > 1:  # wrap names of persons and rules, which are of use beside the event only
        widths = fit(rows, width, whole=range(actor), lines=MANY_LINES)
    before: timedelta | None = None
    days = groupby(zip(entries, rows, strict=True), lambda pair: _day(pair[0], zone))
    for (_, offset), pairs in days:
        that_day = list(pairs)
        morning = local(that_day[0][0].at, zone)
        remark = f"UTC{morning.isoformat(timespec='minutes')[16:]}"
        if before is not None and before != offset:
            remark += ", the clocks changed"
        heading(out, f"{morning:%a %Y-%m-%d}", remark)
        before = offset
        show_rows(out, [row for _, row in that_day], widths)


def _row(out: Console, entry: TimelineEntry, zone: ZoneInfo) -> tuple[Text, ...]:
    fancy, letter, style = _SYMBOLS[entry.kind]
    time = clock_time(local(entry.at, zone))
    cells = (symbol(out, fancy, letter), time, entry.actor, entry.text)
    return (*(Text(cell, style) for cell in cells), Text(entry.rule, "green"))


def _day(entry: TimelineEntry, zone: ZoneInfo) -> tuple[object, timedelta | None]:
    there = local(entry.at, zone)
    return there.date(), there.utcoffset()


def show_pending(
    out: Console, ticket: Ticket, policy: Policy | None, at: datetime, zone: ZoneInfo
) -> None:
    """Print the pending deadlines of a ticket, and how far away they are from *at*.

    A paused timer moves on when its pause ends, so its deadline has no distance.
    """
    if not ticket.pending_timers:
        heading(out, "Nothing is pending")
        return
    heading(out, "Pending", f"as of {local_time(at, zone)}")
    rows = [
        _pending(out, timer, timer_label(timer.name, ticket, policy), at, zone)
        for timer in ticket.pending_timers
    ]
    show_table(out, rows, whole=(0, 1, 2))


def _pending(
    out: Console, timer: Timer, rule: str, at: datetime, zone: ZoneInfo
) -> tuple[Text, ...]:
    return (
        Text(symbol(out, "○", ".")),
        Text(local_time(timer.due, zone)),
        Text(f"{timer.due:%Y-%m-%dT%H:%M:%SZ}", "dim"),
        Text(f"in {duration(timer.due - at)}" if timer.paused is None else "paused"),
        Text(rule, "green"),
    )


def duration(time: timedelta) -> str:
    """Return an amount of time in its two largest units: ``2 days 3 h``."""
    minutes = time // timedelta(minutes=1)
    days, rest = divmod(minutes, 24 * 60)
    amounts = ((days, " day" if days == 1 else " days"), (rest // 60, " h"), (rest % 60, " min"))
    parts = [f"{amount}{unit}" for amount, unit in amounts if amount]
    return " ".join(parts[:2]) or "less than a minute"


def show_expectations(out: Console, expectations: Iterable[Expectation]) -> None:
    """Print each expectation, with the actual value if it failed."""
    for expectation in expectations:
        mark = symbol(out, "✓", "ok") if expectation.met else symbol(out, "✗", "FAILED")
        style = "green" if expectation.met else "bold red"
        line(out, Text.assemble((mark, style), "  ", single_line(expectation.expected)))
        if not expectation.met:
            line(out, Text(f"   found: {single_line(expectation.found)}", "red"))
