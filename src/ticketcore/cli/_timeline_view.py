"""A timeline on the screen: a heading for each day, and a line for each thing that happened."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from ticketcore.calendar import clock_time
from ticketcore.cli._output import columns, heading, line, sign
from ticketcore.events import Timer, local
from ticketcore.policies import Policy
from ticketcore.scenarios import Expectation
from ticketcore.ticket import Ticket
from ticketcore.timeline import TimelineEntry, local_time, single_line, timer_label

_MARKS: Final = {
    "party": ("●", "*", "bold"),
    "system": ("◆", "#", "cyan"),
    "timer": ("○", ".", "dim"),
    "refusal": ("✗", "x", "red"),
}
_LEAST: Final = 24  # columns for what happened, however long the names of the rules are


def show_timeline(out: Console, entries: Sequence[TimelineEntry], zone: ZoneInfo) -> None:
    """Print entries under the days of the zone. A change of its clocks is said where it shows."""
    actor = max((len(entry.actor) for entry in entries), default=0)
    clock = max((len(clock_time(local(entry.at, zone))) for entry in entries), default=0)
    used = 2 + 1 + clock + actor + 4 * 2
    rule = min(max((len(e.rule) for e in entries), default=0), max(out.width - used - _LEAST, 0))
    before: timedelta | None = None
    for (_, offset), each in groupby(entries, lambda entry: _day(entry, zone)):
        that_day = list(each)
        morning = local(that_day[0].at, zone)
        zone_then = f"UTC{morning.isoformat(timespec='minutes')[16:]}"
        if before is not None and before != offset:
            zone_then += ", the clocks were changed"
        heading(out, f"{morning:%a %Y-%m-%d}", zone_then)
        before = offset
        table = columns(1, clock, actor, max(out.width - used - rule, _LEAST), rule)
        for entry in that_day:
            fancy, plain, style = _MARKS[entry.kind]
            time = clock_time(local(entry.at, zone))
            cells = (sign(out, fancy, plain), time, entry.actor, entry.text)
            table.add_row(*(Text(cell, style) for cell in cells), Text(entry.rule, "green"))
        out.print(table)


def _day(entry: TimelineEntry, zone: ZoneInfo) -> tuple[object, timedelta | None]:
    there = local(entry.at, zone)
    return there.date(), there.utcoffset()


def show_pending(
    out: Console, ticket: Ticket, policy: Policy | None, at: datetime, zone: ZoneInfo
) -> None:
    """Print what the clocks will bring, seen from *at*."""
    if not ticket.timers:
        heading(out, "Nothing is pending")
        return
    heading(out, "Pending", f"seen from {local_time(at, zone)}")
    table = columns(1, None, None, None, None)
    for timer in ticket.timers:
        table.add_row(*_pending(out, timer, timer_label(timer.name, ticket, policy), at, zone))
    out.print(table)


def _pending(
    out: Console, timer: Timer, rule: str, at: datetime, zone: ZoneInfo
) -> tuple[Text, ...]:
    due = timer.due
    return (
        Text(sign(out, "○", ".")),
        Text(rule, "green"),
        Text(local_time(due, zone), no_wrap=True),
        Text(f"{due:%Y-%m-%dT%H:%M:%SZ}", "dim", no_wrap=True),
        Text(f"in {duration(due - at)}"),
    )


def duration(time: timedelta) -> str:
    """An amount of time in its two largest units: ``2 days 3 h``."""
    minutes = time // timedelta(minutes=1)
    days, rest = divmod(minutes, 24 * 60)
    amounts = ((days, " day" if days == 1 else " days"), (rest // 60, " h"), (rest % 60, " min"))
    parts = [f"{amount}{unit}" for amount, unit in amounts if amount]
    return " ".join(parts[:2]) or "less than a minute"


def show_checks(out: Console, checks: Iterable[Expectation]) -> None:
    """Print how each expectation fared, and of a failed one what happened instead."""
    for check in checks:
        mark = sign(out, "✓", "ok") if check.met else sign(out, "✗", "FAILED")
        style = "green" if check.met else "bold red"
        line(out, Text.assemble((mark, style), "  ", single_line(check.expected)))
        if not check.met:
            line(out, Text(f"   found: {single_line(check.found)}", "red"))
