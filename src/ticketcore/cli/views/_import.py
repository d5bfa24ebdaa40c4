"""The report of an import on the screen: what became events, and what did not."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from ticketcore._internal.limits import MAX_LISTED
from ticketcore.cli._common import counted, plural
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import show_table
from ticketcore.importers import ImportReport


def show_import(out: Console, output: Path, report: ImportReport) -> None:
    """Print the counts of an import; counts that are zero are left out."""
    line(out, Text(str(output), "bold"))
    made = f"{counted(report.events, 'event')} of {counted(report.tickets, 'ticket')}"
    line(out, Text(f"{made}, from {counted(report.rows, 'row')}"))
    times, unused = report.times, report.unused.total()
    numbers = [
        (report.left_out, "left out, as log.where says", "row"),
        (report.wrong, "in rows or cells, which were left out", "mistake"),
        (
            report.repeated,
            "left out, as another of its ticket has the same log.id, or the same cells",
            "row",
        ),
        (report.moved, "dated before the one above, moved to its instant", "event"),
        (times.by_order, "shown twice by the clocks, decided by the order of rows", "time"),
        (times.undecided, "shown twice by the clocks, read as the first", "time"),
        (times.skipped, "skipped by the clocks, read as the instant of the change", "time"),
        (report.reopened, "added before an action on a closed ticket", "reopening"),
        (report.reopened_again, "left out, since the ticket was open", "reopening"),
        (report.replied, "made a reply, since the ticket was solved, but open", "reopening"),
        (report.after_closing, "left out, since the ticket was closed already", "event"),
        (report.without_cause, "left out, since nothing was there to answer or to end", "event"),
        (report.damaged, "with NUL or bytes that are not text, replaced", "cell"),
        *(
            (count, f"left out, since a field of {name} has no value", "event")
            for name, count in report.incomplete.most_common()
        ),
        (unused, "that no rule took", "row"),
    ]
    rows = [
        (Text(f"{number:,}"), Text(f"{plural(number, noun)} {what}"))
        for number, what, noun in numbers
        if number
    ]
    show_table(out, rows, right=(0,))
    if report.unused:
        heading(out, "Rows that no rule took", "by state, each with an example")
        states = [
            (
                Text(f"{count:,}"),
                Text(state or "(no state)"),
                Text("ticket {}, {}".format(*report.unused_examples[state]), "dim"),
            )
            for state, count in report.unused.most_common()
        ]
        show_table(out, states, right=(0,))
    if report.tickets and report.without_effect:
        heading(out, "Without effect", "parts of the mapping that no row fits or has a value for")
        for problem in report.without_effect[:MAX_LISTED]:
            line(out, Text(str(problem)))
        if (more := len(report.without_effect) - MAX_LISTED) > 0:
            line(out, Text(f"and {more} more"))
