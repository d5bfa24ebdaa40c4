"""``ticketcore report``: a comparison as one HTML file."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from ticketcore._internal.files import naming_file
from ticketcore.cli._common import check_output, say
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
    """Write a comparison of two policies as one HTML file, which needs no network or script."""
    from ticketcore.cli._replaying import installed_extras, outcomes_of, zone_of_times
    from ticketcore.policies import load_policy

    check_output(output, history)
    loaded = [load_policy(base), load_policy(other)]
    selected, asked = ticket_filter(since, until, only), known_zone(zone)
    with installed_extras():
        from ticketcore.backtest import check_recorded
        from ticketcore.comparison import Outcomes, compare, policy_variants, sweep_of
        from ticketcore.coverage import TicketUses
        from ticketcore.reports import render_report
    variants = policy_variants(other, parameters_of(values)) if values else None

    def check(empty: Outcomes) -> None:
        compare(empty, by=by)
        check_recorded(history, loaded, fields=by or ())

    uses = TicketUses(policies=len(loaded))
    with outcomes_of(
        history,
        [*loaded, *(variants.policies if variants is not None else ())],
        selected=selected,
        workers=workers,
        dask=dask,
        lists=len(loaded),
        tally=uses,
        check=check,
    ) as table:
        swept = None if variants is None else sweep_of(table, variants, base="other")
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
    with naming_file(output):
        output.write_text(html, encoding="utf-8")
    say(str(output))
