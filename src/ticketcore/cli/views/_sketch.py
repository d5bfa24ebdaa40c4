"""The sketch of a log on the screen: its columns, and its states with their successors."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from ticketcore._internal.terminal import short
from ticketcore.cli._common import counted
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import show_table
from ticketcore.importers import LogSketch
from ticketcore.importers.sketch._draft import MOST_STATES


def show_sketch(out: Console, output: Path, sketch: LogSketch) -> None:
    """Print what the columns and states of a log seem to be."""
    tables = (sketch, *sketch.others)
    rows = counted(sum(table.rows for table in tables), "row")
    line(out, Text(str(output), "bold"))
    line(out, Text(f"a first mapping, from {rows}: edit it"))
    for table in tables:
        if table.file:
            heading(out, table.file)
        _show_table(out, table)


def _show_table(out: Console, sketch: LogSketch) -> None:
    if len(sketch.lists) > 1:
        heading(out, "Lists", "with the number of elements seen; the first was read")
        show_table(out, [(Text(path), Text(f"{n:,}")) for path, n in sketch.lists], right=(1,))
    heading(out, "Columns", "with the number of distinct cells, and an example")
    roles: dict[str | None, str] = {
        **dict.fromkeys(sketch.fields.values(), "field"),
        sketch.order: "order",
        sketch.type: "type",
        sketch.customer: "customer",
        sketch.person: "person",
        sketch.state: "state",
        sketch.ticket: "ticket",
        **dict.fromkeys(sketch.instants, "instant"),
        sketch.opened: "opening",
        sketch.time: "time",
    }
    show_table(
        out,
        [
            (Text(name), Text(roles.get(name, ""), "bold"), Text(f"{count:,}"), Text(short(cell)))
            for name, count, cell in sketch.columns
        ],
        right=(2,),
    )
    if sketch.states:
        heading(out, "States", "with their number, and the states that follow")
        rows = []
        for name, count, following in sketch.states[:MOST_STATES]:
            then = ", ".join(
                f"{after or 'the end'} {number:,}" for after, number in following.most_common(4)
            )
            rows.append((Text(name), Text(f"{count:,}"), Text(then, "dim")))
        show_table(out, rows, right=(1,))
        if len(sketch.states) > MOST_STATES:
            line(out, Text(f"and {len(sketch.states) - MOST_STATES} rarer states"))
