"""``ticketcore workload``: when the deadlines of a policy are due."""

from typing import Annotated

import typer

from ticketcore.cli._common import say_json
from ticketcore.cli.commands._options import (
    AsJson,
    Dask,
    HistoryFile,
    Only,
    Since,
    Until,
    Where,
    Workers,
    Zone,
    check_name,
    known_zone,
    ticket_filter,
)


def workload(
    history: HistoryFile,
    policy: Annotated[str, typer.Option(help="Preset name or policy file.")],
    zone: Zone = None,
    timer: Annotated[str | None, typer.Option(help="Only deadlines of this timer.")] = None,
    where: Where = "true",
    since: Since = None,
    until: Until = None,
    only: Only = None,
    workers: Workers = None,
    dask: Dask = None,
    as_json: AsJson = False,
) -> None:
    """Show how many deadlines are due per hour and weekday, with percentiles over the weeks."""
    from ticketcore.cli._replaying import installed_extras, outcomes_of, zone_of_times
    from ticketcore.cli._screen import console
    from ticketcore.policies import load_policy

    loaded = load_policy(policy)
    names = {each.name for each in loaded.timers}
    check_name("--timer", timer, names, f"policy {loaded.name} has no timer")
    selected, asked = ticket_filter(since, until, only), known_zone(zone)
    with installed_extras():
        from ticketcore.comparison import workload as count_due
    with outcomes_of(
        history,
        [loaded],
        selected=selected,
        workers=workers,
        dask=dask,
        check=lambda empty: empty.rows(where),
    ) as table:
        there = zone_of_times(asked, loaded, table)
        hours = count_due(table, there, timer=timer, where=where)
    if as_json:
        import attrs

        say_json([attrs.asdict(hour) for hour in hours])
    else:
        from ticketcore.cli.views.workbench._workload import show_workload

        show_workload(console(), hours, there)
