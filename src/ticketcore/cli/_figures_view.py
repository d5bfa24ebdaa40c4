"""Service figures on the screen, as JSON and as CSV, the definitions beside the numbers."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TypeAlias

from ticketcore.cli._app import say
from ticketcore.inbox import DEFINITIONS, Figures, Grouping, Ratio, Spread, record

_Cell: TypeAlias = Callable[[Figures], str]


def print_json(found: Iterable[Figures]) -> None:
    """Print the definitions, and a record for each group."""
    shown = {"definitions": dict(DEFINITIONS), "figures": [record(one) for one in found]}
    say(json.dumps(shown, indent=2))


def print_csv(found: Sequence[Figures]) -> None:
    """Print a header and a line for each group; nothing where there is no ticket."""
    records = [record(one) for one in found]
    if records:
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, records[0], lineterminator="\n")
        table.writeheader()
        table.writerows(records)
        say(text.getvalue(), nl=False)


def print_table(found: Sequence[Figures], by: "Grouping | None") -> None:
    """Print a table of the figures that there are, and below it what each of them means."""
    from rich.text import Text

    from ticketcore.cli._output import columns, console, heading
    from ticketcore.timeline import single_line

    out = console()
    cells = {name: [cell(one) for one in found] for name, cell in _CELLS.items()}
    if cells["waiting_working"] == cells["waiting"]:  # the desk never closes
        del cells["waiting_working"]
    shown = {name: column for name, column in cells.items() if any(column)}
    table = columns(None, *(None for _ in shown))
    table.add_row(by or "", *(Text(_TITLES.get(name, name), "bold") for name in shown))
    for column in table.columns[1:]:
        column.justify = "right"
    for i, one in enumerate(found):
        table.add_row(
            Text(single_line(one.group)), *(Text(column[i]) for column in shown.values())
        )
    out.print(table)
    heading(out, "What this means")
    meaning = columns(None, None)
    for name in dict.fromkeys(("group", *shown)):
        meaning.add_row(Text(_TITLES.get(name, name), "bold"), Text(DEFINITIONS[name]))
    out.print(meaning)
    out.print(Text("A time is given as the median / p90: half, and nine tenths, took no longer."))


def _share(ratio: Ratio) -> str:
    return "" if ratio.value is None else f"{ratio.value:.1%}"


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
    "tickets": lambda one: _number(one.tickets),
    "first_in_time": lambda one: _share(one.first_in_time),
    "in_time": lambda one: _share(one.in_time),
    "waiting": lambda one: _times(one.waiting),
    "waiting_working": lambda one: _times(one.waiting_working),
    "solution": lambda one: _times(one.solution),
    "reopenings": lambda one: _number(one.reopenings),
    "warnings": lambda one: _number(one.warnings),
    "refunds": lambda one: _number(one.refunds),
    "refunded": lambda one: ", ".join(map(str, one.refunded)),
    "per_unit": lambda one: _per_unit(one.per_unit),
}
