"""``ticketcore report``: a comparison as one HTML file."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from ticketcore.cli._common import refuse_overwriting, say, writing
from ticketcore.cli.commands._options import (
    By,
    Dask,
    HistoryFile,
    Only,
    PolicyLanguage,
    Since,
    Until,
    Words,
    Workers,
    Zone,
    known_zone,
    parameters_of,
    ticket_filter,
)


def report(
    history: HistoryFile,
    base: Annotated[str, typer.Argument(metavar="BASE", help="Preset name or policy file.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Preset name or policy file.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write.")],
    by: By = None,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE,...",
            help="Values of the other policy to try, as in `sweep`. Repeatable.",
        ),
    ] = None,
    zone: Zone = None,
    language: Words = PolicyLanguage.EN,
    since: Since = None,
    until: Until = None,
    only: Only = None,
    workers: Workers = None,
    dask: Dask = None,
) -> None:
    """Write a comparison of two policies as one HTML file without network access or scripts."""
    from ticketcore.cli._replaying import (
        installed_extras,
        outcomes_of,
        workers_at,
        zone_of_times,
    )
    from ticketcore.policies import load_policy

    refuse_overwriting(output, history)
    loaded = [load_policy(base), load_policy(other)]
    selected, asked = ticket_filter(since, until, only), known_zone(zone)
    with installed_extras():
        from ticketcore.comparison import compare, sweep
        from ticketcore.coverage import TicketUses
        from ticketcore.reports import render_report
    uses = TicketUses()
    with outcomes_of(
        history, loaded, selected=selected, workers=workers, dask=dask, tally=uses
    ) as table:
        swept = None
        if values:
            with workers_at(dask, workers) as pool:
                swept = sweep(
                    history, other, parameters_of(values), workers=pool, tickets=selected
                )
        html = render_report(
            history,
            table,
            compare(table, by=by),
            zone=zone_of_times(asked, loaded[0], table),
            language=language.value,
            sweep=swept,
            coverage=uses.coverage_of(loaded),
            sources=(base, other),
            commands=[shlex.join(["ticketcore", *sys.argv[1:]])],
        )
    with writing(output):
        output.write_text(html, encoding="utf-8")
    say(str(output))
