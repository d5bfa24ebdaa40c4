"""The sketch of a log on the screen: its columns, and its states with their successors."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from ticketcore._internal.terminal import short
from ticketcore.cli._common import counted
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import show_table
from ticketcore.importers import LogSketch


def show_sketch(out: Console, output: Path, sketch: LogSketch) -> None:
    """Print what the columns and states of a log seem to be."""
    line(out, Text(str(output), "bold"))
    line(out, Text(f"a first mapping, from {counted(sketch.rows, 'row')}: edit it"))
    heading(out, "Columns", "with the number of distinct cells, and an example")
    roles: dict[str | None, str] = {
        sketch.person: "person",
        sketch.state: "state",
        sketch.ticket: "ticket",
    }
    roles.update(dict.fromkeys(sketch.instants, "instant"))
    roles[sketch.time] = "time"
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
        for name, count, following in sketch.states:
            then = ", ".join(
                f"{after or 'the end'} {number:,}" for after, number in following.most_common(4)
            )
            rows.append((Text(name), Text(f"{count:,}"), Text(then, "dim")))
        show_table(out, rows, right=(1,))
