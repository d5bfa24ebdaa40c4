"""``ticketcore cover``: which rules of a policy are used by scenarios and by a history."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from ticketcore.cli._common import FAILED, HISTORY_ENDINGS, NONE_FOUND, check_output, say
from ticketcore.cli.commands._options import (
    JUnitFile,
    Only,
    PolicyName,
    Since,
    Until,
    Workers,
    ticket_filter,
)

_Text: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--text",
        help="Print the policy file instead, with a mark before each line: + used by a "
        "scenario, ~ by the history only, - unused.",
    ),
]


def cover(
    name: PolicyName,
    scenarios: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE|DIRECTORY", help="Scenario files, or directories to search."),
    ] = None,
    history: Annotated[
        Path | None, typer.Option(help="History file whose tickets are replayed too.")
    ] = None,
    text: _Text = False,
    fail_under: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="Exit with 1 if less than this percentage is used."),
    ] = None,
    junit: JUnitFile = None,
    since: Since = None,
    until: Until = None,
    only: Only = None,
    workers: Workers = None,
) -> None:
    """Show which timers, permissions, notifications, calendars and windows are used.

    Exits with 5 if there is neither a scenario nor a history, with 2 if no ticket of the history
    could be read.
    """
    from ticketcore.cli._replaying import say_broken, showing_progress
    from ticketcore.cli._screen import console
    from ticketcore.cli.views import _coverage as view
    from ticketcore.coverage import marked_text, measure_coverage
    from ticketcore.policies import load_policy
    from ticketcore.scenarios import find_scenarios

    policy, selected = load_policy(name), ticket_filter(since, until, only)
    for each in scenarios or ():
        if each.name.endswith(HISTORY_ENDINGS):
            message = f"{each} is JSON, such as a history, not a scenario in TOML: use --history"
            raise typer.BadParameter(message, param_hint="FILE|DIRECTORY")
    found = list(find_scenarios(scenarios or ()))
    if not found and history is None:
        say("no scenario found: name scenario files, directories or a --history", err=True)
        raise typer.Exit(NONE_FOUND)
    if junit is not None:
        sources = [each for each in (Path(name), history, *found) if each is not None]
        check_output(junit, *sources, option="--junit")
    with showing_progress() as progress:
        coverage = measure_coverage(
            policy, found, history, tickets=selected, workers=workers, progress=progress
        )
    if history is not None and coverage.first_broken is not None:
        say_broken(history, [coverage.first_broken], coverage.tickets or 0)
    if text:
        view.show_marked(console(), marked_text(coverage, name))
    else:
        view.show_coverage(console(), coverage)
    if junit is not None:
        from ticketcore.cli.views._junit import write_coverage

        write_coverage(junit, coverage)
    if fail_under is not None and coverage.percent < fail_under:
        say(f"{coverage.percent:.1f} % is less than {fail_under:g} %", err=True)
        raise typer.Exit(FAILED)
