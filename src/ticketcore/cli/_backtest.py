"""``ticketcore backtest``: what a policy would have made of the tickets of a history."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ticketcore.cli._app import BROKEN, app, say
from ticketcore.errors import BacktestError, TicketcoreError

if TYPE_CHECKING:
    from ticketcore.backtest import BacktestReport, Progress
    from ticketcore.policies import Policy, PolicyVersions


@app.command()
def backtest(
    history: Annotated[Path, typer.Argument(help="A history file: .jsonl, or .jsonl.gz.")],
    policy: Annotated[
        list[str],
        typer.Option(help="A preset or a policy file; several are versions, by effective date."),
    ],
    ticket_type: Annotated[
        str | None, typer.Option("--type", help="Take every ticket as one of this type.")
    ] = None,
    compare_recorded: Annotated[
        bool,
        typer.Option("--compare-recorded", help="Compare the last closings with the recorded."),
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="How many processes; one for each core if not said.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at a broken ticket, and exit with 2.")
    ] = False,
) -> None:
    """Replay what people did in a history under a policy, and report how its timers fared.

    A ticket that cannot be read is counted and named. Exits with 2 when not one can.
    """
    from ticketcore.backtest import backtest as replay
    from ticketcore.cli._backtest_view import show_backtest
    from ticketcore.cli._output import console

    book = _book(policy, ticket_type)
    try:
        with _progress() as progress:
            report = replay(
                history,
                book,
                workers=workers,
                ticket_type=ticket_type,
                compare_recorded=compare_recorded,
                strict=strict,
                progress=progress,
            )
    except BacktestError:
        raise
    except TicketcoreError as broken:  # raised with --strict only
        say(f"error: {history}: {broken.__notes__[0]}", err=True)
        raise typer.Exit(BROKEN) from broken
    if as_json:
        _print_json(report)
    else:
        show_backtest(console(), history, report)
    if not report.tickets:
        raise typer.Exit(BROKEN)


def _book(names: list[str], ticket_type: str | None) -> "Policy | PolicyVersions":
    from ticketcore.policies import PolicyVersions, load_policy

    policies = [load_policy(name) for name in names]
    if ticket_type is not None:
        for policy in policies:
            if not policy.any_type and ticket_type not in policy.types:
                known = ", ".join(policy.types)
                raise typer.BadParameter(f"{ticket_type!r} is no type of {policy.name}: {known}")
    return policies[0] if len(policies) == 1 else PolicyVersions.of(*policies)


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar on stderr that measures bytes, gone when all is done; none where nobody looks."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    from ticketcore.cli._output import console

    out = console(stderr=True)
    bar = Progress(
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_json(report: "BacktestReport") -> None:
    import json

    say(json.dumps(report.to_json(), indent=2))
