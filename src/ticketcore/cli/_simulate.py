"""``ticketcore simulate``: play a scenario and show it as a timeline."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ticketcore._visible import visible
from ticketcore.cli._app import FAILED, app, say

if TYPE_CHECKING:
    from ticketcore.scenarios import ScenarioRun


@app.command()
def simulate(
    scenario: Annotated[
        Path, typer.Argument(metavar="SCENARIO.toml", help="The scenario file to play.")
    ],
    json: Annotated[
        bool, typer.Option("--json", help="Print the history, one event a line, and no more.")
    ] = False,
) -> None:
    """Play a scenario: what happens, by which rule, what is pending, and what was expected.

    Exits with 1 when an expectation of the file fails, with 2 when the file is broken.
    """
    from ticketcore.events import to_line
    from ticketcore.scenarios import load_scenario, run_scenario

    run = run_scenario(load_scenario(scenario))
    if json:
        for recorded in run.recorded:
            say(to_line(recorded))
    else:
        _show(run)
    if run.failures:
        if json:
            _show_failures(run)
        raise typer.Exit(FAILED)


def _show(run: "ScenarioRun") -> None:
    from zoneinfo import ZoneInfo

    from rich.text import Text

    from ticketcore.cli._output import console, heading
    from ticketcore.cli._timeline_view import show_checks, show_pending, show_timeline
    from ticketcore.scenarios import timeline_of

    out, scenario, ticket = console(), run.scenario, run.ticket
    zone = ZoneInfo(ticket.opened.zone if ticket else scenario.zone or "UTC")
    out.print(Text(visible(scenario.name), "bold"))
    if scenario.description:
        out.print(Text(" ".join(scenario.description.split())))
    policies = ", ".join(
        f"{policy.name} {policy.version}" for policy in scenario.policies.versions
    )
    out.print(Text(visible(f"ticket {scenario.ticket}, {policies}, times in {zone.key}"), "dim"))
    show_timeline(out, list(timeline_of(run)), zone)
    if ticket:
        show_pending(out, ticket, scenario.policies.of_ticket(ticket), scenario.until, zone)
        heading(out, f"The ticket is {ticket.status}")
    if run.expectations:
        failed = (
            f"{len(run.failures)} of {len(run.expectations)} failed" if run.failures else "all met"
        )
        heading(out, "Expected", failed)
        show_checks(out, run.expectations)


def _show_failures(run: "ScenarioRun") -> None:
    from ticketcore.cli._output import console
    from ticketcore.cli._timeline_view import show_checks

    show_checks(console(stderr=True), run.failures)
