"""``ticketcore replay``: one real ticket, as recorded and under other policies."""

from typing import Annotated

import typer

from ticketcore.cli.commands._options import HistoryFile, PolicyLanguage, Words


def replay(
    history: HistoryFile,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help="Ticket number.")],
    policy: Annotated[list[str], typer.Option(help="Preset name or policy file. Repeatable.")],
    language: Words = PolicyLanguage.EN,
) -> None:
    """Show one recorded ticket side by side: as it was, and as it is under each policy.

    The other tickets of its order are replayed too. Exits with 2 if the file lacks the ticket.
    """
    from ticketcore.backtest import replay_tickets
    from ticketcore.cli._screen import console
    from ticketcore.cli._survey import not_found
    from ticketcore.cli.views.workbench._replay import show_replays
    from ticketcore.errors import HistoryError
    from ticketcore.policies import load_policy

    policies = [load_policy(name) for name in policy]
    try:
        replays = replay_tickets(history, [ticket], policies)[ticket]
    except HistoryError as error:
        missing = error.problem == "not-found"
        raise (not_found(history, ticket) if missing else error) from None
    show_replays(console(), replays, language.value)
