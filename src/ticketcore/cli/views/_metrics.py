"""Service metrics on the screen, as JSON and as CSV, with their definitions."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, TypeAlias

from ticketcore._internal.terminal import csv_cell, percent
from ticketcore.cli._common import say, say_json
from ticketcore.metrics import (
    DEFINITIONS,
    TIMER_DEFINITIONS,
    Metrics,
    Ratio,
    Spread,
    TimerMetrics,
    to_record,
)

_Groups: TypeAlias = Sequence[Metrics | TimerMetrics]
_Column: TypeAlias = Callable[[Sequence[Any]], list[str]]


_NO_TIMER: Final = (
    "No timer is recorded in this history. An imported history has none: `ticketcore backtest` "
    "shows what the timers of a policy would do."
)


def print_json(groups: _Groups, *, timers: bool) -> None:
    """Print the definitions and one record for each group."""
    definitions = dict(TIMER_DEFINITIONS if timers else DEFINITIONS)
    shown = {"definitions": definitions, "metrics": [to_record(group) for group in groups]}
    say_json(shown)


def print_csv(groups: _Groups) -> None:
    """Print a header and a line for each group, or nothing for a file without tickets."""
    records = [to_record(group) for group in groups]
    if records:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, records[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {name: csv_cell(value) for name, value in each.items()} for each in records
        )
        say(text.getvalue(), nl=False)


def print_table(groups: _Groups, *, timers: bool) -> None:
    """Print the metrics in a table, without those that are empty, and their definitions."""
    from rich.text import Text

    from ticketcore.cli._screen import console, heading
    from ticketcore.cli._table import paragraph, show_table
    from ticketcore.timeline import single_line

    out = console()
    if not groups:
        paragraph(out, Text(_NO_TIMER if timers else "No ticket could be measured."))
        return
    columns, elapsed = (_TIMER_COLUMNS, "late_by") if timers else (_COLUMNS, "waiting")
    cells = {name: column(groups) for name, column in columns.items()}
    if cells[f"{elapsed}_working"] == cells[elapsed]:  # the calendar never closes
        del cells[f"{elapsed}_working"]
    shown = {name: column for name, column in cells.items() if any(column)}
    groupings = list(groups[0].group)
    by = [*groupings, *(["timer"] if timers else [])]
    rows = [[*map(Text, by), *(Text(_TITLES.get(name, name), "bold") for name in shown)]]
    for i, group in enumerate(groups):
        names = [*group.group.values()]
        if isinstance(group, TimerMetrics):
            names.append(group.timer)
        values = (Text(column[i]) for column in shown.values())
        rows.append([*(Text(single_line(name)) for name in names), *values])
    numbers = range(len(by), len(rows[0]))
    whole = [
        i for i, column in zip(numbers, shown.values(), strict=True) if " " in "".join(column)
    ]
    # titles may wrap, values do not
    whole += range(len(by))
    show_table(out, rows, right=numbers, whole=whole, names=max(len(by), 1))
    heading(out, "What this means")
    definitions = TIMER_DEFINITIONS if timers else DEFINITIONS
    meanings = [
        (Text(_TITLES.get(name, name), "bold"), Text(definitions[name]))
        for name in (*(["group"] if groupings else []), *shown)
    ]
    show_table(out, meanings, whole=(0,))
    paragraph(out, Text("Times are given as median / p90: half, and nine tenths, took no longer."))


def _share(ratio: Ratio) -> str:
    return "" if ratio.value is None else f"{percent(ratio.part, ratio.whole)} of {ratio.whole:,}"


def _times(spreads: Sequence[Spread]) -> list[str]:
    """Write all times of a column in one unit, so that they can be compared by eye."""
    times = [time for spread in spreads for time in (spread.median, spread.p90) if time]
    unit, name, digits = _unit_of(times)
    return [
        ""
        if spread.median is None or spread.p90 is None
        else f"{spread.median / unit:.{digits}f} / {spread.p90 / unit:.{digits}f} {name}"
        for spread in spreads
    ]


def _totals(times: Sequence[timedelta]) -> list[str]:
    unit, name, digits = _unit_of([time for time in times if time])
    return [f"{time / unit:.{digits}f} {name}" if time else "" for time in times]


def _unit_of(times: Sequence[timedelta]) -> tuple[timedelta, str, int]:
    if all(time < _HOUR for time in times):
        return timedelta(minutes=1), "min", 0
    if all(time >= 2 * _DAY for time in times):
        return _DAY, "d", 1
    return _HOUR, "h", 1


def _number(number: int) -> str:
    return f"{number:,}" if number else ""


def _per_unit(ratio: Ratio) -> str:
    return "" if ratio.value is None else f"{ratio.value:.2f}"


_TITLES: Final = {
    "first_in_time": "first in time",
    "in_time": "all in time",
    "waiting_working": "working",
    "per_unit": "per unit",
    "met_in_time": "met in time",
    "attained": "in time",
    "met_late": "met late",
    "late_by": "late by",
    "late_by_working": "late by, working",
}
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_COLUMNS: Final[Mapping[str, _Column]] = {
    "tickets": lambda groups: [_number(group.tickets) for group in groups],
    "first_in_time": lambda groups: [_share(group.first_in_time) for group in groups],
    "in_time": lambda groups: [_share(group.in_time) for group in groups],
    "waiting": lambda groups: _times([group.waiting for group in groups]),
    "waiting_working": lambda groups: _times([group.waiting_working for group in groups]),
    "solution": lambda groups: _times([group.solution for group in groups]),
    "reopenings": lambda groups: [_number(group.reopenings) for group in groups],
    "warnings": lambda groups: [_number(group.warnings) for group in groups],
    "refunds": lambda groups: [_number(group.refunds) for group in groups],
    "refunded": lambda groups: [", ".join(map(str, group.refunded)) for group in groups],
    "per_unit": lambda groups: [_per_unit(group.per_unit) for group in groups],
}
_TIMER_COLUMNS: Final[Mapping[str, _Column]] = {
    "cycles": lambda groups: [_number(group.cycles) for group in groups],
    "met_in_time": lambda groups: [_number(group.met_in_time) for group in groups],
    "attained": lambda groups: [_share(group.attained) for group in groups],
    "met_late": lambda groups: [_number(group.met_late) for group in groups],
    "missed": lambda groups: [_number(group.missed) for group in groups],
    "late_by": lambda groups: _times([group.late_by for group in groups]),
    "late_by_working": lambda groups: _times([group.late_by_working for group in groups]),
    "fired": lambda groups: [_number(group.fired) for group in groups],
    "cancelled": lambda groups: [_number(group.cancelled) for group in groups],
    "running": lambda groups: [_number(group.running) for group in groups],
    "paused": lambda groups: _totals([group.paused for group in groups]),
}
