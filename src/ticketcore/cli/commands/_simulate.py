"""``ticketcore simulate``: run a scenario and show it as a timeline."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ticketcore.cli._common import FAILED, say
from ticketcore.cli.commands._options import PolicyLanguage, Words

if TYPE_CHECKING:
    from ticketcore.scenarios import ScenarioRun


def simulate(
    scenario: Annotated[
        Path, typer.Argument(metavar="SCENARIO.toml", help="Scenario file to run.")
    ],
    json: Annotated[
        bool,
        typer.Option("--json", help="Print only the resulting history, one JSON event per line."),
    ] = False,
    language: Words = PolicyLanguage.EN,
) -> None:
    """Run a scenario and show its timeline, pending deadlines and expectations.

    Exits with 1 if an expectation fails, with 2 if the file is invalid.
    """
    from ticketcore.events import to_line
    from ticketcore.scenarios import load_scenario, run_scenario

    run = run_scenario(load_scenario(scenario))
    if json:
        for recorded in run.recorded:
            say(to_line(recorded))
    else:
        _show(run, language)
    if run.failures:
        if json:
            _show_failures(run)
        raise typer.Exit(FAILED)


def _show(run: "ScenarioRun", language: PolicyLanguage) -> None:
    from zoneinfo import ZoneInfo

    from rich.text import Text

    from ticketcore.cli._screen import console, heading, line
    from ticketcore.cli._table import paragraph
    from ticketcore.cli.views._timeline import show_expectations, show_pending, show_timeline
    from ticketcore.scenarios import timeline_of

    out, scenario = console(), run.scenario
    zone = ZoneInfo(run.ticket.opened.zone if run.ticket else scenario.zone or "UTC")
    line(out, Text(scenario.name, "bold"))
    if scenario.description:
        paragraph(out, Text(" ".join(scenario.description.split())))
    numbers = list(dict.fromkeys(step.ticket for step in scenario.steps))
    versions = (each for number in numbers for each in scenario.policies_of(number).versions)
    policies = ", ".join(dict.fromkeys(f"{each.name} {each.version}" for each in versions))
    several = len(numbers) > 1
    tickets = f"{'tickets' if several else 'ticket'} {', '.join(numbers)}"
    line(out, Text(f"{tickets}, {policies}, times in {zone.key}", "dim"))
    entries = list(timeline_of(run, language=language.value))
    show_timeline(
        out,
        [entry for _, entry in entries],
        zone,
        tickets=[number for number, _ in entries] if several else (),
    )
    for number, ticket in run.tickets.items():
        policy = scenario.policies_of(number).of_ticket(ticket)
        show_pending(out, ticket, policy, scenario.until, zone)
        heading(out, f"{f'Ticket {number}' if several else 'The ticket'} is {ticket.status}")
    if run.expectations:
        failures = len(run.failures)
        remark = f"{failures} of {len(run.expectations)} failed" if failures else "all met"
        heading(out, "Expected", remark)
        show_expectations(out, run.expectations)


def _show_failures(run: "ScenarioRun") -> None:
    from ticketcore.cli._screen import console
    from ticketcore.cli.views._timeline import show_expectations

    show_expectations(console(stderr=True), run.failures)
