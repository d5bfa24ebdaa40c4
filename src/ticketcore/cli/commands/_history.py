"""``ticketcore history``: check history files, show a ticket, import other systems' logs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ticketcore.cli._common import INVALID, counted, refuse_overwriting, say, say_problems, writing
from ticketcore.cli.commands._options import HistoryFile, Only, Since, Until, ticket_filter

if TYPE_CHECKING:
    from ticketcore.events import Event
    from ticketcore.importers import ImportReport

_PUBLISHED_ROWS: Final = 141_712

history: typer.Typer = typer.Typer(
    no_args_is_help=True, help="Check history files, show a ticket, import other systems' logs."
)
logs = typer.Typer(
    no_args_is_help=True, help="Convert another system's ticket log into a history file."
)
history.add_typer(logs, name="import")


@history.command()
def check(file: HistoryFile, since: Since = None, until: Until = None, only: Only = None) -> None:
    """Summarize a history file and report the problems with their lines.

    Checks also that each ticket can have happened: no action after a closing without a reopening,
    nothing but disputes after a final closing, no number twice. Lists twenty problems and counts
    all. Exits with 2 if there is a problem.
    """
    from ticketcore.cli._screen import console
    from ticketcore.cli._survey import survey
    from ticketcore.cli.views._history import show_survey

    summary = survey(file, ticket_filter(since, until, only))
    show_survey(console(), file, summary)
    say_problems(summary.problems, summary.problem_count, file)
    if summary.problems:
        raise typer.Exit(INVALID)


@history.command()
def show(
    file: HistoryFile,
    ticket: Annotated[str, typer.Argument(help="Ticket number.")],
    policy: Annotated[
        str | None,
        typer.Option(
            help="Preset name or policy file that names the rules. Default: the preset recorded "
            "on the ticket."
        ),
    ] = None,
) -> None:
    """Show one ticket of a history file as a timeline.

    Exits with 2 if the file lacks the ticket.
    """
    from ticketcore.cli._screen import console
    from ticketcore.cli._survey import find_history
    from ticketcore.cli.views._history import show_history
    from ticketcore.policies import load_policy

    chosen = None if policy is None else load_policy(policy)
    show_history(console(), find_history(file, ticket), chosen)


@logs.command()
def servicenow(
    log: Annotated[
        Path,
        typer.Argument(metavar="LOG.csv|LOG.zip", help="Incident event log, UCI data set 498."),
    ],
    zone: Annotated[str, typer.Option(help="Time zone of the log's timestamps, as an IANA name.")],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="History file to write (.jsonl or .jsonl.gz)."),
    ],
    infer_escalations: Annotated[
        bool,
        typer.Option(
            "--infer-escalations",
            help="Record raised priorities and reassignments as escalations.",
        ),
    ] = False,
    skip_checksum: Annotated[
        bool,
        typer.Option("--skip-checksum", help="Accept a log that differs from the published file."),
    ] = False,
) -> None:
    """Convert the ServiceNow incident log of the UCI repository into a history file.

    Exits with 2 for any other log.
    """
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
            write_histories(output, _with_progress(tickets, report, rows))
    except LogError as error:
        say(f"error: {log}: {error}", err=True)
        raise typer.Exit(INVALID) from None
    say(
        f"{output}: {counted(report.events, 'event')} of {counted(report.tickets, 'ticket')}, "
        f"from {counted(report.rows, 'row')}; skipped {counted(report.bad_rows, 'row')} without "
        f"a state, corrected {counted(report.corrections, 'time')} out of order"
    )


def _with_progress(
    tickets: "Iterator[tuple[str, tuple[Event, ...]]]", report: "ImportReport", rows: int | None
) -> "Iterator[tuple[str, tuple[Event, ...]]]":
    """Pass the tickets on, and show on the terminal how many rows have been read for them."""
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    from ticketcore.cli._screen import console

    out = console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task("rows", total=rows)
        for ticket in tickets:
            progress.update(task, completed=report.rows)
            yield ticket
