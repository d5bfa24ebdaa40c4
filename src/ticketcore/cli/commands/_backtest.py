"""``ticketcore backtest``: what a policy would have done with recorded tickets."""

from typing import TYPE_CHECKING, Annotated

import typer

from ticketcore.cli._common import FAILED, INVALID, say
from ticketcore.cli.commands._options import (
    Dask,
    HistoryFile,
    Only,
    Since,
    Until,
    Workers,
    ticket_filter,
)
from ticketcore.errors import BacktestError, QueryError, TicketcoreError

if TYPE_CHECKING:
    from ticketcore.policies import Policy, PolicyVersions


def backtest(
    history: HistoryFile,
    policy: Annotated[
        list[str],
        typer.Option(
            help="Preset name or policy file. Repeat it for several versions of one policy; each "
            "ticket uses the version in force when it was opened."
        ),
    ],
    ticket_type: Annotated[
        str | None,
        typer.Option("--type", help="Treat every ticket as this type, whatever was recorded."),
    ] = None,
    compare_recorded: Annotated[
        bool,
        typer.Option(
            "--compare-recorded",
            help="Compare the closing time of each ticket with the recorded one.",
        ),
    ] = False,
    since: Since = None,
    until: Until = None,
    only: Only = None,
    workers: Workers = None,
    dask: Dask = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first broken ticket and exit with 2.")
    ] = False,
) -> None:
    """Replay recorded tickets under a policy and report what its timers would have done.

    Skips and lists tickets that cannot be read. Exits with 2 if none of them can, with 1 if a
    ticket breaks a guarantee of the policy.
    """
    from ticketcore.backtest import backtest as replay
    from ticketcore.cli._replaying import showing_progress, workers_at
    from ticketcore.cli._screen import console
    from ticketcore.cli.views._backtest import show_backtest

    versions = _versions(policy, ticket_type)
    selected = ticket_filter(since, until, only)
    try:
        with workers_at(dask, workers) as pool, showing_progress() as progress:
            report = replay(
                history,
                versions,
                workers=pool,
                ticket_type=ticket_type,
                tickets=selected,
                compare_recorded=compare_recorded,
                strict=strict,
                progress=progress,
            )
    except (BacktestError, QueryError):
        raise
    except TicketcoreError as error:  # raised with --strict only
        say(f"error: {history}: {error.__notes__[0]}", err=True)
        raise typer.Exit(INVALID) from error
    if as_json:
        import json

        say(json.dumps(report.to_json(), indent=2))
    else:
        show_backtest(console(), history, report)
        for guarantee in report.guarantees:
            if guarantee.story is not None:
                comment = f'the first ticket that breaks "{guarantee.name}": {guarantee.message}'
                story = guarantee.story.scenario(policy[0], comment=comment)
                say(f"\n{story}", nl=False)
    if not report.tickets:
        raise typer.Exit(INVALID)
    if any(guarantee.broken for guarantee in report.guarantees):
        raise typer.Exit(FAILED)


def _versions(names: list[str], ticket_type: str | None) -> "Policy | PolicyVersions":
    from ticketcore.policies import PolicyVersions, load_policy

    policies = [load_policy(name) for name in names]
    if ticket_type is not None:
        for policy in policies:
            if not policy.any_type and ticket_type not in policy.types:
                raise typer.BadParameter(
                    f'unknown type "{ticket_type}": policy {policy.name} has '
                    f"{', '.join(policy.types)}",
                    param_hint="--type",
                )
    return policies[0] if len(policies) == 1 else PolicyVersions.of(*policies)
