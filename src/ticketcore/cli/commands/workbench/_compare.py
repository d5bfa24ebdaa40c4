"""``ticketcore compare``: what changes if another policy takes the place of this one."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from ticketcore.cli._common import FAILED, NONE_FOUND, say, say_json
from ticketcore.cli.commands._options import (
    AsJson,
    By,
    Dask,
    HistoryFile,
    Only,
    Policies,
    Since,
    Until,
    Watch,
    Workers,
    filter_arguments,
    ticket_filter,
)

if TYPE_CHECKING:
    from ticketcore.comparison import Comparison, Outcomes


def compare(
    history: HistoryFile,
    policies: Policies,
    by: By = None,
    fail_if: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help='Exit with 1 if this holds, such as "reopened > 100 or refund_usd > 500000".',
        ),
    ] = None,
    since: Since = None,
    until: Until = None,
    only: Only = None,
    workers: Workers = None,
    dask: Dask = None,
    as_json: AsJson = False,
    watch: Watch = False,
) -> None:
    """Compare policies on recorded tickets: the changed tickets, deadlines and money.

    Exits with 1 if a condition of --fail-if holds, with 2 if no ticket can be read, and with 5 if
    --fail-if is given and no ticket is selected.
    """
    from ticketcore.cli._watch import watch_files

    if watch:
        watch_files([history, *policies])
        return
    from ticketcore.cli._replaying import installed_extras, outcomes_of
    from ticketcore.cli._screen import console
    from ticketcore.policies import load_policy

    if len(policies) < 2:
        raise typer.BadParameter("name at least two policies", param_hint="BASE OTHER...")
    loaded = [load_policy(name) for name in policies]
    selected = ticket_filter(since, until, only)
    with installed_extras():
        from ticketcore.backtest import check_recorded
        from ticketcore.cli.views.workbench._comparison import show_comparison
        from ticketcore.comparison import check_condition, currencies_of
        from ticketcore.comparison import compare as compare_column

    def check(empty: "Outcomes") -> None:
        nothing = compare_column(empty, by=by)
        for condition in fail_if or ():
            check_condition(empty, nothing, condition)
        check_recorded(history, loaded, fields=by or (), currencies=currencies_of(fail_if or ()))

    with outcomes_of(
        history, loaded, selected=selected, workers=workers, dask=dask, check=check
    ) as table:
        comparisons = [compare_column(table, other, by=by) for other in table.names[1:]]
        if as_json:
            say_json([comparison.to_json() for comparison in comparisons])
        else:
            filters = filter_arguments(since, until, only)
            for comparison in comparisons:
                show_comparison(console(), history, comparison, policies, filters)
        if fail_if and not comparisons[0].tickets:
            say("no ticket is selected, so no condition of --fail-if was checked", err=True)
            raise typer.Exit(NONE_FOUND)
        _fail_if(table, comparisons, fail_if or ())


def _fail_if(
    table: "Outcomes", comparisons: "Iterable[Comparison]", conditions: Collection[str]
) -> None:
    """Name the conditions of --fail-if that hold, and exit with 1 if there are any."""
    from ticketcore.comparison import holds

    failures = [
        f"{comparison.other}: {condition}"
        for comparison in comparisons
        for condition in conditions
        if holds(table, comparison, condition)
    ]
    for failure in failures:
        say(f"failed: {failure}", err=True)
    if failures:
        raise typer.Exit(FAILED)
