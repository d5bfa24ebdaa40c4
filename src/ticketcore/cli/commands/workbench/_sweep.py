"""``ticketcore sweep``: try values of a policy's parameters on recorded tickets."""

from typing import Annotated, TypeAlias

import typer

from ticketcore.cli._common import say_json
from ticketcore.cli.commands._options import (
    AsJson,
    Dask,
    HistoryFile,
    Only,
    PolicyName,
    Since,
    Until,
    Workers,
    parameters_of,
    ticket_filter,
)

_Goals: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="Total to look at: reopened, late, refused, not_opened, or money by currency, "
        "such as refund_eur, lost_usd. Repeatable. Default: reopened and late."
    ),
]


def sweep(
    history: HistoryFile,
    policy: PolicyName,
    values: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="KEY=VALUE,...",
            help='Values to try, such as "timer.resolved.after=24 hours,48 hours". Repeatable: '
            "all combinations are tried.",
        ),
    ],
    goal: _Goals = None,
    minimize: Annotated[
        str | None,
        typer.Option(
            metavar="COST",
            help="The best value makes this smallest, such as "
            '"5 * reopened + late + 100 * open_days". Default: the first goal.',
        ),
    ] = None,
    since: Since = None,
    until: Until = None,
    only: Only = None,
    workers: Workers = None,
    dask: Dask = None,
    as_json: AsJson = False,
) -> None:
    """Try values of a policy's parameters in one pass, and compare each with the policy as it is.

    The best value is chosen on the first half of the orders, and reported on the second.
    Exits with 2 if no ticket could be read.
    """
    from ticketcore.cli._replaying import (
        installed_extras,
        say_broken,
        showing_progress,
        workers_at,
    )
    from ticketcore.cli._screen import console

    parameters = parameters_of(values)
    selected = ticket_filter(since, until, only)
    with installed_extras():
        from ticketcore.cli.views.workbench._sweep import show_sweep
        from ticketcore.comparison import sweep as try_values
    with workers_at(dask, workers) as pool, showing_progress() as progress:
        found = try_values(
            history,
            policy,
            parameters,
            goals=tuple(goal or ("reopened", "late")),
            cost=minimize,
            workers=pool,
            tickets=selected,
            progress=progress,
        )
    say_broken(history, found.broken_examples, found.tickets)
    if as_json:
        say_json(found.to_json())
    else:
        show_sweep(console(), history, found)
