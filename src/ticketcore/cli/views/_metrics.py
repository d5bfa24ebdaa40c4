"""Service metrics on the screen, as JSON and as CSV, with their definitions."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TypeAlias

from ticketcore.cli._common import cell, say
from ticketcore.metrics import DEFINITIONS, Metrics, Ratio, Spread, to_record

_Column: TypeAlias = Callable[[Sequence[Metrics]], list[str]]


def print_json(groups: Iterable[Metrics]) -> None:
    """Print the definitions and one record for each group."""
    shown = {"definitions": dict(DEFINITIONS), "metrics": [to_record(group) for group in groups]}
    say(json.dumps(shown, indent=2))


def print_csv(groups: Sequence[Metrics]) -> None:
    """Print a header and a line for each group, or nothing for a file without tickets."""
    records = [to_record(group) for group in groups]
    if records:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, records[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: cell(value) for name, value in each.items()} for each in records)
        say(text.getvalue(), nl=False)


def print_table(groups: Sequence[Metrics]) -> None:
    """Print the metrics in a table, without those that are empty, and their definitions."""
    from rich.text import Text

    from ticketcore.cli._screen import console, heading
    from ticketcore.cli._table import paragraph, show_table
    from ticketcore.timeline import single_line

    out = console()
    if not groups:
        paragraph(out, Text("No ticket could be measured."))
        return
    cells = {name: column(groups) for name, column in _COLUMNS.items()}
    if cells["waiting_working"] == cells["waiting"]:  # the calendar never closes
        del cells["waiting_working"]
    shown = {name: column for name, column in cells.items() if any(column)}
    by = list(groups[0].group)
    rows = [[*map(Text, by), *(Text(_TITLES.get(name, name), "bold") for name in shown)]]
    for i, group in enumerate(groups):
        names = (Text(single_line(name)) for name in group.group.values())
        rows.append([*names, *(Text(column[i]) for column in shown.values())])
    numbers = range(len(by), len(by) + len(shown))
    values = dict(zip(numbers, shown.values(), strict=True))
    whole = [i for i in numbers if any(" " in cell for cell in values[i])]
    # titles may wrap, values do not
    show_table(out, rows, right=numbers, whole=(*range(len(by)), *whole))
    heading(out, "What this means")
    meanings = [
        (Text(_TITLES.get(name, name), "bold"), Text(DEFINITIONS[name]))
        for name in dict.fromkeys((*(["group"] if by else []), *shown))
    ]
    show_table(out, meanings, whole=(0,))
    paragraph(out, Text("Times are given as median / p90: half, and nine tenths, took no longer."))


def _share(ratio: Ratio) -> str:
    return "" if ratio.value is None else f"{ratio.value:.1%} of {ratio.whole:,}"


def _times(spreads: Sequence[Spread]) -> list[str]:
    """Write all times of a column in one unit, so that they can be compared by eye."""
    times = [time for spread in spreads for time in (spread.median, spread.p90) if time]
    if all(time < _HOUR for time in times):
        unit, name, digits = timedelta(minutes=1), "min", 0
    elif all(time >= 2 * _DAY for time in times):
        unit, name, digits = _DAY, "d", 1
    else:
        unit, name, digits = _HOUR, "h", 1
    return [
        ""
        if spread.median is None or spread.p90 is None
        else f"{spread.median / unit:.{digits}f} / {spread.p90 / unit:.{digits}f} {name}"
        for spread in spreads
    ]


def _number(number: int) -> str:
    return f"{number:,}" if number else ""


def _per_unit(ratio: Ratio) -> str:
    return "" if ratio.value is None else f"{ratio.value:.2f}"


_TITLES = {
    "first_in_time": "first in time",
    "in_time": "all in time",
    "waiting_working": "working",
    "per_unit": "per unit",
}
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_COLUMNS: dict[str, _Column] = {
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
