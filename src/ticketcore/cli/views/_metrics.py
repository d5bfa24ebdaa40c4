"""Service metrics on the screen, as JSON and as CSV, with their definitions."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TypeAlias

from ticketcore.cli._common import say
from ticketcore.metrics import DEFINITIONS, Metrics, Ratio, Spread, to_record

_Cell: TypeAlias = Callable[[Metrics], str]


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
        writer.writerows(records)
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
    cells = {name: [cell(group) for group in groups] for name, cell in _CELLS.items()}
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


def _times(spread: Spread) -> str:
    if spread.median is None or spread.p90 is None:
        return ""
    return f"{_time(spread.median)} / {_time(spread.p90)}"


def _time(time: timedelta) -> str:
    hours = time / timedelta(hours=1)
    if hours < 1:
        return f"{hours * 60:.0f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"


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
_CELLS: dict[str, _Cell] = {
    "tickets": lambda group: _number(group.tickets),
    "first_in_time": lambda group: _share(group.first_in_time),
    "in_time": lambda group: _share(group.in_time),
    "waiting": lambda group: _times(group.waiting),
    "waiting_working": lambda group: _times(group.waiting_working),
    "solution": lambda group: _times(group.solution),
    "reopenings": lambda group: _number(group.reopenings),
    "warnings": lambda group: _number(group.warnings),
    "refunds": lambda group: _number(group.refunds),
    "refunded": lambda group: ", ".join(map(str, group.refunded)),
    "per_unit": lambda group: _per_unit(group.per_unit),
}
