"""Count replays a second time, in the pass that makes the table of outcomes."""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from functools import partial
from typing import Any, Generic, Protocol, Self, TypeVar

import attrs

from ticketcore.backtest import (
    Collector,
    Progress,
    Replay,
    ReplayJob,
    TicketPosition,
    WorkerPool,
    run_replay,
)
from ticketcore.errors import TicketcoreError

Result = TypeVar("Result")


class Tally(Collector[Any], Protocol):
    """A collector whose results add up."""

    def merge(self, other: Self) -> None:
        """Add the result of another part."""


class _Both(Generic[Result]):
    """Collects the replays of a part with a collector, and with a copy of an empty tally."""

    def __init__(self, collect: Callable[[], Collector[Result]], tally: Tally) -> None:
        self._collector = collect()
        self._tally = deepcopy(tally)

    def add(self, position: TicketPosition, replays: Sequence[Replay]) -> None:
        self._collector.add(position, replays)
        self._tally.add(position, replays)

    def add_broken(
        self, position: TicketPosition, ticket: str | None, error: TicketcoreError
    ) -> None:
        self._collector.add_broken(position, ticket, error)
        self._tally.add_broken(position, ticket, error)

    def result(self) -> tuple[Result, object]:
        return self._collector.result(), self._tally.result()


def run_with_tally(
    job: ReplayJob[Result],
    tally: Tally | None,
    workers: int | WorkerPool | None,
    *,
    progress: Progress | None,
    range_size: int,
) -> Iterator[Result]:
    """Yield the results of all parts as `run_replay` does, and count the replays in *tally*."""
    if tally is None:
        yield from run_replay(job, workers, progress=progress, range_size=range_size)
        return
    collect: Any = partial(_Both, job.collect, tally)
    both: ReplayJob[Any] = attrs.evolve(job, collect=collect)
    for result, counted in run_replay(both, workers, progress=progress, range_size=range_size):
        tally.merge(counted)
        yield result
