"""``ticketcore forecast``: the future of a ticket if nobody acts, and how to prevent it."""

from pathlib import Path
from typing import Annotated

import typer

from ticketcore.cli.commands._options import AsJson, At, PolicyLanguage, TicketPolicy, Words


def forecast(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Scenario (.toml) or history file.")
    ],
    ticket: Annotated[
        str | None,
        typer.Argument(metavar="TICKET", help="Ticket number; a scenario may leave it out."),
    ] = None,
    policy: TicketPolicy = None,
    at: At = None,
    limit: Annotated[
        int, typer.Option(min=1, help="Stop after this many instants at which timers fire.")
    ] = 100,
    json: AsJson = False,
    language: Words = PolicyLanguage.EN,
) -> None:
    """Show what happens on a ticket if nobody acts, and how long each command can prevent it.

    A scenario is forecast after its last step. Exits with 2 if the file lacks the ticket.
    """
    from ticketcore.cli._recorded import recorded_ticket, ticket_of_scenario
    from ticketcore.cli._screen import console
    from ticketcore.cli.views.clocks._forecast import print_forecast, show_forecast
    from ticketcore.forecast import forecast as forecast_of

    is_scenario = file.suffix == ".toml"
    if is_scenario and policy is not None:
        raise typer.BadParameter("a scenario names its policy itself", param_hint="--policy")
    if is_scenario:
        found = ticket_of_scenario(file, ticket, at)
    elif ticket is not None:
        found = recorded_ticket(file, ticket, policy, at)
    else:
        raise typer.BadParameter("a history has many tickets: give a number", param_hint="TICKET")
    result = forecast_of(
        found.ticket, found.policy, found.ledger, others=found.policies, limit=limit
    )
    if json:
        print_forecast(found, result)
    else:
        show_forecast(console(), found, result, language.value)
