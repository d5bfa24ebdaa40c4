"""``ticketcore tickets``: the tickets behind a count."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from ticketcore.cli._common import check_output, say, say_json
from ticketcore.cli.commands._options import (
    AsCsv,
    AsJson,
    Dask,
    HistoryFile,
    Only,
    Since,
    Until,
    Where,
    Workers,
    Zone,
    known_zone,
    refuse_several,
    ticket_filter,
)

_Others: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="Preset name or policy file; its column is `other`, then `other_2`. Repeatable."
    ),
]


def tickets(
    history: HistoryFile,
    policy: Annotated[str, typer.Option(help="Preset name or policy file; its column is `base`.")],
    against: _Others = None,
    where: Where = "true",
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Maximum number of tickets. Default: 20; all in JSON and CSV."),
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write all tickets to a .parquet or .csv file."),
    ] = None,
    zone: Zone = None,
    since: Since = None,
    until: Until = None,
    only: Only = None,
    workers: Workers = None,
    dask: Dask = None,
) -> None:
    """List the tickets that meet a condition on their outcomes under one policy or several.

    JSON, CSV and files have times in UTC.
    """
    from ticketcore.cli._replaying import outcomes_of, zone_of_times
    from ticketcore.cli._screen import console
    from ticketcore.events import format_instant
    from ticketcore.policies import load_policy

    refuse_several(json=as_json, csv=as_csv, output=output is not None)
    if output is not None:
        _check_file(output, history, limit)
    loaded = [load_policy(name) for name in (policy, *(against or ()))]
    selected, asked = ticket_filter(since, until, only), known_zone(zone)
    with outcomes_of(
        history,
        loaded,
        selected=selected,
        workers=workers,
        dask=dask,
        check=lambda empty: empty.rows(where),
    ) as table:
        from ticketcore.cli.views.workbench import _tickets as view

        if output is not None:
            table.save(output, where)
        elif as_json:
            say_json(table.rows(where, limit=limit), default=format_instant)
        elif as_csv:
            view.print_csv(table, where, limit)
        else:
            shown_in = zone_of_times(asked, loaded[0], table)
            view.show_tickets(console(), table, where, limit or view.SHOWN, shown_in)
    if output is not None:
        say(str(output))


def _check_file(output: Path, history: Path, limit: int | None) -> None:
    """Check, before the work is done, that all tickets can be written to *output*."""
    if output.suffix not in (".parquet", ".csv"):
        raise typer.BadParameter("expected a .parquet or .csv file", param_hint="-o")
    if limit is not None:
        raise typer.BadParameter("a file has all tickets", param_hint="--limit")
    check_output(output, history)
