"""``ticketcore history``: import logs as histories, check history files, show a ticket."""

from pathlib import Path
from typing import Annotated

import typer

from ticketcore.cli._app import BROKEN, group, say

history = group("history", "Import logs as histories, check history files, show a ticket.")


@history.command()
def check(
    file: Annotated[Path, typer.Argument(help="A history file: .jsonl, or .jsonl.gz.")],
) -> None:
    """Say what a history file holds, and what is wrong with it: every problem with its line.

    Exits with 2 when there is any.
    """
    from ticketcore.cli._history_view import show_survey
    from ticketcore.cli._output import console
    from ticketcore.cli._survey import survey

    found = survey(file)
    show_survey(console(), file, found)
    for problem in found.problems:
        say(f"{file}: {problem}", err=True)
    if found.problems:
        raise typer.Exit(BROKEN)


@history.command()
def show(
    file: Annotated[Path, typer.Argument(help="A history file.")],
    ticket: Annotated[str, typer.Argument(help="The ticket's id.")],
    policy: Annotated[
        str | None, typer.Option(help="What it goes by; else the preset that it recorded.")
    ] = None,
) -> None:
    """Show a ticket of a history file as a timeline. Exits with 2 when it is not there."""
    from ticketcore.cli._history_view import show_history
    from ticketcore.cli._output import console
    from ticketcore.cli._survey import find_history
    from ticketcore.policies import load_policy

    given = None if policy is None else load_policy(policy)
    show_history(console(), find_history(file, ticket), given)
