"""``ticketcore history``: check history files, show a ticket, import other systems' logs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from ticketcore._internal.files import naming_file
from ticketcore.cli._common import (
    INVALID,
    NONE_FOUND,
    check_output,
    reading,
    say,
    say_problems,
)
from ticketcore.cli.commands._options import (
    AsJson,
    At,
    HistoryFile,
    Only,
    PolicyLanguage,
    Since,
    TicketPolicy,
    Until,
    Words,
    check_name,
    checked_filter,
    zone_name,
)

if TYPE_CHECKING:
    from ticketcore.events import Event, History
    from ticketcore.importers import ImportReport

Logs: TypeAlias = Annotated[
    list[Path],
    typer.Argument(
        metavar="LOG...", help="CSV, JSON, JSON Lines or XES files, also in a gzip or zip file."
    ),
]

history: typer.Typer = typer.Typer(
    no_args_is_help=True, help="Check history files, show a ticket, import other systems' logs."
)


@history.command()
def check(file: HistoryFile, since: Since = None, until: Until = None, only: Only = None) -> None:
    """Summarize a history file and report the problems with their lines.

    Also checks that the events of a ticket can have happened: no action after a closing without a
    reopening, nothing but disputes after a final closing, no number twice. Lists twenty problems
    and counts all. Exits with 2 if there is a problem.
    """
    from ticketcore.cli._screen import console
    from ticketcore.cli._survey import survey
    from ticketcore.cli.views._history import show_survey

    summary = survey(file, checked_filter(file, since, until, only))
    show_survey(console(), file, summary)
    summary.problems.say(file)


@history.command()
def show(
    file: HistoryFile,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help="Ticket number.")],
    policy: Annotated[
        str | None,
        typer.Option(
            help="Preset name or policy file that names the rules. Default: the preset recorded "
            "on the ticket."
        ),
    ] = None,
    language: Words = PolicyLanguage.EN,
) -> None:
    """Show one ticket of a history file as a timeline.

    Exits with 2 if the file lacks the ticket.
    """
    from ticketcore.cli._screen import console
    from ticketcore.cli._survey import find_history
    from ticketcore.cli.views._history import show_history
    from ticketcore.policies import load_policy

    chosen = None if policy is None else load_policy(policy)
    show_history(console(), find_history(file, ticket), chosen, language.value)


@history.command()
def explain(
    file: HistoryFile,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help="Ticket number.")],
    policy: TicketPolicy = None,
    timer: Annotated[str | None, typer.Option(help="Only this timer.")] = None,
    at: At = None,
    json: AsJson = False,
    language: Words = PolicyLanguage.EN,
) -> None:
    """Explain the timers of a ticket: used time, pauses, and what moved each deadline.

    Exits with 2 if the file lacks the ticket, or the ticket has had no such timer.
    """
    from ticketcore.cli._recorded import recorded_ticket
    from ticketcore.cli._screen import console
    from ticketcore.cli.views.clocks._cycles import print_explained, show_explained
    from ticketcore.explain import explain_ticket

    found = recorded_ticket(file, ticket, policy, at)
    cycles = explain_ticket(found.events, found.policy, found.at)
    names = dict.fromkeys(cycle.timer.name for cycle in cycles)
    check_name("--timer", timer, names, "the ticket has had no timer")
    cycles = tuple(cycle for cycle in cycles if timer in (None, cycle.timer.name))
    if json:
        print_explained(found, cycles)
    else:
        show_explained(console(), found, cycles, language.value)


@history.command("import")
def import_(
    logs: Logs,
    map_: Annotated[
        str,
        typer.Option(
            "--map", metavar="MAP", help="Name of an included mapping, or a mapping file."
        ),
    ],
    zone: Annotated[
        str,
        typer.Option(help="Time zone of times without an offset, and of the tickets (IANA name)."),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="History file to write (.jsonl or .jsonl.gz)."),
    ],
) -> None:
    """Convert another system's ticket log into a history file, as a mapping says.

    Reports the rows that no rule took. Rows that cannot be read are counted and left out. Exits
    with 2 if the mapping does not fit the log, or no ticket could be read.
    """
    from ticketcore.cli._screen import console
    from ticketcore.cli.views._import import show_import
    from ticketcore.events import write_histories
    from ticketcore.importers import ImportReport, import_log, load_mapping

    check_output(output, *logs)
    report = ImportReport()
    mapping = load_mapping(map_)
    with reading(logs), naming_file(output):
        tickets = import_log(logs, mapping, zone_name(zone), report=report)
        write_histories(output, _with_progress(tickets, report))
    show_import(console(), output, report)
    say_problems(report.wrong_examples, report.wrong)
    if not report.rows:
        say("no rows: look at log.rows of the mapping; history sketch shows lists", err=True)
    if not report.tickets:
        raise typer.Exit(INVALID)


@history.command()
def sketch(
    logs: Logs,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Mapping file to write. Default: print it."),
    ] = None,
) -> None:
    """Look at some rows of a log, and write a first mapping to be edited.

    Reads 10,000 rows. Names the likely ticket, time, state and person columns, and lists the
    states with those that follow them. Files with different columns are tables: each gets rules
    of its own.
    """
    from ticketcore.cli._screen import console
    from ticketcore.cli.views._sketch import show_sketch
    from ticketcore.importers import sketch_log

    if output is not None:
        check_output(output, *logs)
    with reading(logs):
        found = sketch_log(logs)
    if output is None:
        say(found.to_toml(), nl=False)
        return
    with naming_file(output):
        output.write_text(found.to_toml(), encoding="utf-8")
    show_sketch(console(), output, found)


@history.command("mappings")
def show_mappings(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Name of an included mapping.")
    ] = None,
) -> None:
    """List the included mappings, or print one as a file to be edited."""
    from ticketcore.importers import load_mapping, mapping_text, mappings

    if name is not None:
        say(mapping_text(name), nl=False)
        return
    for known in mappings():
        say(f"{known:16}  {load_mapping(known).title}")


@history.command()
def export(
    file: HistoryFile,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="XES file to write (.xes or .xes.gz).")
    ],
    since: Since = None,
    until: Until = None,
    only: Only = None,
) -> None:
    """Write a history as an XES log, which process-mining tools open."""
    from ticketcore.cli._common import counted
    from ticketcore.importers import write_xes

    check_output(output, file)
    with naming_file(output):
        traces = write_xes(output, _selected(file, since, until, only))
    say(f"{output}: {counted(traces, 'trace')}")


@history.command()
def infer(file: HistoryFile, since: Since = None, until: Until = None, only: Only = None) -> None:
    """Find the rule by which the recorded desk closes or warns by itself, and print it as TOML.

    Shows how many closings and warnings came within an hour after the best rule of each kind:
    elapsed hours, hours on weekdays, both up to a nightly run, and working hours. If the type, the
    category or a field such as the priority clearly divides them, prints a target for each of its
    values, with its share. Exits with 5 if there are fewer than ten, if most came at once, if no
    rule explains half of them, or if many came just before the best one, where a timer would leave
    a gap.
    """
    from ticketcore.cli._screen import console
    from ticketcore.cli.views._infer import show_rule
    from ticketcore.importers import infer_rules

    out = console()
    shown = [show_rule(out, rule) for rule in infer_rules(_selected(file, since, until, only))]
    if not shown:
        why = "the system closed or warned fewer than ten times, or at once"
        say(f"{file}: no rule found, since {why}", err=True)
    if not any(shown):
        raise typer.Exit(NONE_FOUND)


def _selected(
    file: Path, since: str | None, until: str | None, only: list[str] | None
) -> "Iterator[History]":
    """Return the histories of the tickets that the options select."""
    selected = checked_filter(file, since, until, only)
    return (h for h in _histories(file) if selected is None or selected(h))


def _histories(file: Path) -> "Iterator[History]":
    from ticketcore.events import read_histories

    with reading([file]):
        yield from read_histories(file)


def _with_progress(
    tickets: "Iterator[tuple[str, tuple[Event, ...]]]", report: "ImportReport"
) -> "Iterator[tuple[str, tuple[Event, ...]]]":
    """Pass the tickets on, and show on the terminal how many have been made."""
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    from ticketcore.cli._screen import console

    out = console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("tickets"), MofNCompleteColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task("tickets", total=None)
        for ticket in tickets:
            progress.update(task, completed=report.tickets)
            yield ticket
