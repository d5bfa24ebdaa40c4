"""The hours of the week on the screen: deadlines due in each, over all weeks."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ticketcore.cli._common import counted
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import show_table
from ticketcore.comparison import DAYS, HourOfWeek


def show_workload(out: Console, hours: Sequence[HourOfWeek], zone: str) -> None:
    """Print a table of hours by weekdays, and the fullest hours with their percentiles."""
    total = sum(hour.due for hour in hours)
    line(out, Text(f"{counted(total, 'deadline')} due, by hour and weekday in {zone}", "bold"))
    rows = [[Text(""), *(Text(day, "dim") for day in DAYS)]]
    due = {(hour.weekday, hour.hour): hour.due for hour in hours}
    for hour in range(24):
        cells = [due[weekday, hour] for weekday in range(7)]
        if any(cells):
            rows.append(
                [Text(f"{hour:02}:00", "dim"), *(Text(f"{n:,}" if n else "-") for n in cells)]
            )
    show_table(out, rows, right=range(1, 8), whole=range(8))
    busiest = [hour for hour in sorted(hours, key=lambda hour: -hour.due)[:5] if hour.due]
    if busiest:
        heading(out, "Fullest hours", "deadlines in one such hour, over all weeks")
        heads = ("", "due", "median", "90 %", "most")
        table = [[Text(head, "dim") for head in heads]]
        table += [
            [
                Text(f"{DAYS[hour.weekday]} {hour.hour:02}:00"),
                Text(f"{hour.due:,}"),
                Text(f"{hour.median:,.1f}"),
                Text(f"{hour.p90:,.1f}"),
                Text(f"{hour.most:,}"),
            ]
            for hour in busiest
        ]
        show_table(out, table, right=range(1, 5), whole=range(5))
