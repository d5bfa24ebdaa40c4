"""``ticketcore backtest``: what a policy would have done with recorded tickets."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from ticketcore.cli._common import FAILED, INVALID, say, say_json
from ticketcore.cli.commands._options import (
    AsJson,
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

_Versions: TypeAlias = Annotated[
    list[str],
    typer.Option(
        help="Preset name or policy file. Repeat it for several versions of one policy; each "
        "ticket uses the version in force when it was opened."
    ),
]


def backtest(
    history: HistoryFile,
    policy: _Versions,
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
    as_json: AsJson = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first broken ticket and exit with 2.")
    ] = False,
) -> None:
    """Replay recorded tickets under a policy and report what its timers would have done.

    Skips and lists tickets that cannot be read. Exits with 2 if none of them can, with 1 if a
    ticket breaks a guarantee of the policy.
    """
    from ticketcore.backtest import backtest as run_backtest
    from ticketcore.cli._replaying import showing_progress, workers_at
    from ticketcore.cli._screen import console
    from ticketcore.cli.views._backtest import show_backtest

    versions = _versions(policy, ticket_type)
    selected = ticket_filter(since, until, only)
    with (
        _naming_ticket(history),
        workers_at(dask, workers) as pool,
        showing_progress() as progress,
    ):
        report = run_backtest(
            history,
            versions,
            workers=pool,
            ticket_type=ticket_type,
            tickets=selected,
            compare_recorded=compare_recorded,
            strict=strict,
            progress=progress,
        )
    if as_json:
        say_json(report.to_json())
    else:
        show_backtest(console(), history, report, policy[0])
    if not report.tickets:
        raise typer.Exit(INVALID)
    if any(guarantee.broken for guarantee in report.guarantees):
        raise typer.Exit(FAILED)


@contextmanager
def _naming_ticket(history: Path) -> Iterator[None]:
    """Exit with 2 and name the ticket if --strict stops the replay."""
    try:
        yield
    except (BacktestError, QueryError):
        raise
    except TicketcoreError as error:
        say(f"error: {history}: {error.__notes__[0]}", err=True)
        raise typer.Exit(INVALID) from error


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
