"""``ticketcore history import``: other systems' ticket logs, as histories."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ticketcore.cli._app import BROKEN, counted, refuse_overwriting, say, writing
from ticketcore.cli._history import history

if TYPE_CHECKING:
    from ticketcore.events import Event
    from ticketcore.importers import ImportReport

_PUBLISHED_ROWS: Final = 141_712

logs = typer.Typer(no_args_is_help=True, help="Turn another system's ticket log into a history.")
history.add_typer(logs, name="import")


@logs.command()
def servicenow(
    log: Annotated[
        Path, typer.Argument(metavar="LOG.csv|LOG.zip", help="The incident event log, UCI 498.")
    ],
    zone: Annotated[
        str, typer.Option(help="The IANA zone in which its times were written; they do not say.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The history to write: .jsonl, or .jsonl.gz.")
    ],
    infer_escalations: Annotated[
        bool, typer.Option(help="Take raised priorities and reassignments for infer_escalations.")
    ] = False,
    skip_checksum: Annotated[
        bool, typer.Option(help="Accept a log that is not the published one, byte for byte.")
    ] = False,
) -> None:
    """Turn the audit trail of a ServiceNow desk into a history. Exits with 2 for another log."""
    from ticketcore.errors import LogError
    from ticketcore.events import write_histories
    from ticketcore.importers import ImportReport, import_servicenow

    refuse_overwriting(output, log)
    report = ImportReport()
    try:
        tickets = import_servicenow(
            log,
            zone,
            infer_escalations=infer_escalations,
            skip_checksum=skip_checksum,
            report=report,
        )
        rows = None if skip_checksum else _PUBLISHED_ROWS
        with writing(output):
            write_histories(output, _watched(tickets, report, rows))
    except LogError as error:
        say(f"error: {log}: {error}", err=True)
        raise typer.Exit(BROKEN) from None
    say(
        f"{output}: {counted(report.events, 'event')} of {counted(report.tickets, 'ticket')}, "
        f"from {counted(report.rows, 'row')}; {counted(report.bad_rows, 'row')} without a state "
        f"left out, {counted(report.corrections, 'time')} put in order"
    )


def _watched(
    tickets: "Iterator[tuple[str, tuple[Event, ...]]]", report: "ImportReport", rows: int | None
) -> "Iterator[tuple[str, tuple[Event, ...]]]":
    """The same tickets, with a bar on the terminal that shows how many rows they took."""
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    from ticketcore.cli._output import console

    out = console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task("rows", total=rows)
        for ticket in tickets:
            progress.update(task, completed=report.rows)
            yield ticket
