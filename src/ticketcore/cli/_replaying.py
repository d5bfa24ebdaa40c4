"""The common parts of the commands that replay a history: progress, other machines, extras."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ticketcore.cli._common import INVALID, say

if TYPE_CHECKING:
    from ticketcore.backtest import Progress, TicketFilter, WorkerPool
    from ticketcore.comparison import Outcomes, Tally
    from ticketcore.policies import Policy

EXTRAS = {
    "duckdb": "comparison",
    "pyarrow": "comparison",
    "numpy": "comparison",
    "distributed": "dask",
    "altair": "report",
    "vl_convert": "report",
}
"""The extra that installs each optional package of these commands."""


@contextmanager
def installed_extras() -> Iterator[None]:
    """Exit with an instruction if an optional package is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        extra = EXTRAS.get(error.name or "")
        if extra is None:
            raise
        say(f"error: this needs {error.name}: pip install 'ticketcore[{extra}]'", err=True)
        raise typer.Exit(INVALID) from None


@contextmanager
def showing_progress() -> "Iterator[Progress]":
    """Show a progress bar in bytes on stderr until the block ends; only on a terminal."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    from ticketcore.cli._screen import console

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


@contextmanager
def workers_at(dask: str | None, workers: int | None) -> "Iterator[int | WorkerPool | None]":
    """Provide the workers: processes of this machine, or those of a Dask scheduler."""
    if dask is None:
        yield workers
        return
    if workers is not None:
        raise typer.BadParameter("cannot be combined with --dask", param_hint="--workers")
    with installed_extras():
        from distributed import Client
    try:
        client = Client(dask, timeout=5)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"no scheduler at {dask}: {error}", param_hint="--dask") from None
    with client:
        yield client


@contextmanager
def outcomes_of(
    history: Path,
    policies: "Sequence[Policy]",
    *,
    selected: "TicketFilter | None",
    workers: int | None,
    dask: str | None,
    lists: int | None = None,
    tally: "Tally | None" = None,
    check: "Callable[[Outcomes], object] | None" = None,
) -> "Iterator[Outcomes]":
    """Replay a history under policies and provide the table; report broken tickets on stderr.

    *check* is that of `outcomes`. Exit with 2 if no ticket could be read.
    """
    with installed_extras():
        from ticketcore.comparison import outcomes

    with ExitStack() as stack:
        with workers_at(dask, workers) as pool, showing_progress() as progress:
            table = stack.enter_context(
                outcomes(
                    history,
                    policies,
                    workers=pool,
                    tickets=selected,
                    lists=lists,
                    tally=tally,
                    progress=progress,
                    check=check,
                )
            )
        say_broken(history, table.written.broken_examples, table.written.rows)
        yield table


def say_broken(history: Path, examples: Sequence[str], replayed: int) -> None:
    """Report broken tickets on stderr. Exit with 2 if there are some and none was *replayed*."""
    for example in examples:
        say(f"{history}: {example}", err=True)
    if examples and not replayed:
        raise typer.Exit(INVALID)


def zone_of_times(zone: str | None, policy: "Policy", table: "Outcomes") -> str:
    """Return the zone of the times shown: as given, the policy's, or that of all tickets."""
    known = zone or policy.zone
    zones = [] if known else table.query("SELECT DISTINCT zone FROM outcomes LIMIT 2")
    return known or (zones[0][0] if len(zones) == 1 else "UTC")
