"""A sweep on the screen: a curve for each goal, and the value that was chosen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from ticketcore.cli._common import counted
from ticketcore.cli._screen import heading, line, symbol
from ticketcore.cli._table import show_table
from ticketcore.comparison import Change, Sweep
from ticketcore.comparison.wording import currency_of, figure, total

_BAR: Final = 16  # characters of the longest bar; half of them on a narrow screen
_NARROW: Final = 100


def show_sweep(out: Console, history: Path, sweep: Sweep) -> None:
    """Print one table for each goal, then the frontier and the choice."""
    line(out, Text.assemble((sweep.policy, "bold"), f"  over {history.name}"))
    replayed = counted(sweep.tickets, "ticket")
    if sweep.orders != sweep.tickets:
        replayed += f" of {counted(sweep.orders, 'order')}"
    broken = f"; {counted(sweep.broken, 'ticket')} broken" if sweep.broken else ""
    line(out, Text(f"{replayed}, replayed with each value{broken}", "dim"))
    if len(sweep.points[0].values) > 1:
        line(out, Text(f"values of {' · '.join(sweep.points[0].values)}", "dim"))
    for goal in sweep.points[0].totals:
        _show_curve(out, goal, sweep)
    if any(point.dominated for point in sweep.points):
        line(out, Text("* another point is better in one goal or days open, and worse in none"))
    if sweep.choice is not None:
        _show_choice(out, sweep)


def _show_curve(out: Console, goal: str, sweep: Sweep) -> None:
    base = sweep.points[0].totals[goal].base
    remark = (
        f"{total(goal, base)} with the policy as it is, median {_days(sweep.open_days)} days open"
    )
    heading(out, goal, remark)
    most = max(point.totals[goal].other for point in sweep.points)
    currency = currency_of(goal)
    narrow = _BAR // 2 if currency is None else 0  # amounts leave no room for a bar
    longest = narrow if out.width < _NARROW else _BAR
    keys = list(sweep.points[0].values)
    value = keys[0] if len(keys) == 1 else "values"
    heads = (value, currency or goal, "", "difference (95 %)", "days open")
    rows = [tuple(Text(head, "dim") for head in heads)]
    for point in sweep.points:
        change = point.totals[goal]
        bar = symbol(out, "█", "#") * round(longest * change.other / most) if most else ""
        rows.append(
            (
                Text(" · ".join(point.values.values())),
                Text(figure(goal, change.other), "bold"),
                Text(bar, "cyan"),
                Text("as it is" if point.as_is else _difference(goal, change)),
                Text(f"{'* ' if point.dominated else ''}{_days(point.open_days)}"),
            )
        )
    show_table(out, rows, right=(1, 4), whole=(1, 2, 3, 4))


def _difference(goal: str, change: Change) -> str:
    numbers = (change.difference, change.interval.low, change.interval.high)
    difference, low, high = (figure(goal, number, sign=True) for number in numbers)
    return f"{difference} ({low} to {high})"


def _days(days: float | None) -> str:
    return "-" if days is None else f"{days:.1f}"


def _show_choice(out: Console, sweep: Sweep) -> None:
    choice = sweep.choice
    assert choice is not None
    chosen, as_is = choice.first
    heading(out, "Chosen", f"the least {choice.cost} on orders before {choice.since:%Y-%m-%d}")
    line(out, Text(_values(choice.values), "bold"))
    than = ", no less than" if chosen >= as_is else ","
    cost = f"cost on those orders: {chosen:,.1f}{than} with the policy as it is"
    line(out, Text(cost if chosen == as_is else f"{cost} {as_is:,.1f}"))
    line(out, Text("on the orders since then, which did not take part in the choice:"))
    rows = [
        (
            Text(goal),
            Text(f"{figure(goal, change.base)} -> {figure(goal, change.other)}"),
            Text(_difference(goal, change)),
        )
        for goal, change in choice.totals.items()
    ]
    show_table(out, rows, whole=(1, 2))


def _values(values: Mapping[str, str]) -> str:
    return ", ".join(f"{key} = {value}" for key, value in values.items())
