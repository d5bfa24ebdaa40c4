"""Replay one part of a history under one policy or several, and collect the results."""

import pickle
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import Any, Generic, Protocol, TypeVar

import attrs

from ticketcore.backtest._actions import RecordedTicket
from ticketcore.backtest._order import replay_order
from ticketcore.backtest._parts import Part, Placed, TicketPosition
from ticketcore.backtest._replay import Replay
from ticketcore.errors import TicketcoreError
from ticketcore.events import History
from ticketcore.policies import Policy, PolicyVersions

Result_co = TypeVar("Result_co", covariant=True)

# Run each step for 32 replays before the next step. This takes about a third less time than one
# replay after the other, since the interpreter stays in the same code for longer. More of them
# only keep more objects alive, which the garbage collector goes through again and again.
_BATCH_SIZE = 32
_STEPS = (Replay.open, Replay.act, Replay.finish)


class Collector(Protocol[Result_co]):
    """An object that collects the replays of a part. Its result is sent between processes."""

    def add(self, position: TicketPosition, replays: Sequence[Replay]) -> None:
        """Take a ticket, replayed under each policy."""

    def add_broken(
        self, position: TicketPosition, ticket: str | None, error: TicketcoreError
    ) -> None:
        """Take a ticket that could not be read or replayed."""

    def result(self) -> Result_co:
        """Return what was gathered."""


@attrs.frozen(kw_only=True)
class ReplayJob(Generic[Result_co]):
    """The parameters of a replay, which are the same for all parts of its file.

    *ticket_type* is the type that replaces every recorded one, if any. *admits* says which tickets
    are collected; the others are replayed only if they share an order with one of these. *collect*
    makes an empty collector.
    """

    path: str
    policies: tuple[Policy | PolicyVersions, ...]
    ticket_type: str | None = None
    admits: Callable[[History], bool] | None = None
    collect: Callable[[], Collector[Result_co]]

    def run(self, part: Part) -> Result_co:
        """Replay the tickets of a part. A broken ticket is collected as such."""
        collector = self.collect()
        units = part.units(self.path)
        size = max(1, _BATCH_SIZE // len(self.policies))
        while batch := tuple(islice(units, size)):
            single = []
            for unit in batch:
                if isinstance(unit, tuple):
                    position, broken = unit
                    collector.add_broken(position, broken.ticket, broken.error)
                    continue
                cases = self._cases(unit)
                if len(cases) == 1:
                    single += cases
                elif cases:
                    self._replay_order(cases)
                    _collect(cases, collector)
            self._replay_single(single)
            _collect(single, collector)
        return collector.result()

    def _cases(self, unit: Sequence[Placed]) -> "list[_Case]":
        """Return the tickets of a unit, unless none of them is admitted."""
        admitted = [self.admits is None or self.admits(history) for _, history in unit]
        if not any(admitted):
            return []
        return [_Case(placed, self, wanted) for placed, wanted in zip(unit, admitted, strict=True)]

    def _replay_single(self, cases: "list[_Case]") -> None:
        for case in cases:
            leaders = case.replays[:2]
            for place, replay in enumerate(case.replays):
                replay.leaders = leaders[:place]
        places = range(len(self.policies))
        for step, place in (
            *product([Replay.begin], places),
            *product(_STEPS, places[:1]),  # the others follow it,
            *product(_STEPS, places[1:2]),  # or else this one
            *product(_STEPS, places[2:]),
        ):
            for case in cases:
                if case.error is None:
                    try:
                        step(case.replays[place])
                    except TicketcoreError as error:  # for example, no version is in force
                        case.error = error

    def _replay_order(self, cases: "list[_Case]") -> None:
        for place in range(len(self.policies)):
            failed = replay_order([case.replays[place] for case in cases])
            for i, error in failed.items():
                cases[i].error = error


class _Case:
    """A ticket with its replay under each policy, and the first error of these."""

    __slots__ = ("error", "history", "position", "replays", "wanted")

    def __init__(self, placed: Placed, job: ReplayJob[Any], wanted: bool) -> None:
        self.position, self.history = placed
        self.wanted = wanted
        recorded = RecordedTicket(self.history)
        self.replays = [Replay(recorded, policy, job.ticket_type) for policy in job.policies]
        self.error: TicketcoreError | None = None


def _collect(cases: "list[_Case]", collector: Collector[Any]) -> None:
    for case in cases:
        if not case.wanted:
            continue
        if case.error is None:
            collector.add(case.position, case.replays)
        else:
            collector.add_broken(case.position, case.history.ticket, case.error)


def run_job(pickled: bytes, part: Part) -> Any:
    """Replay a part in a worker process. The job is pickled once for all parts."""
    return _unpickled(pickled).run(part)


@lru_cache(maxsize=2)
def _unpickled(pickled: bytes) -> ReplayJob[Any]:
    job: ReplayJob[Any] = pickle.loads(pickled)  # noqa: S301  # pickled by this library
    return job
