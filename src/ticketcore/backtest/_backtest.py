"""Replay the recorded tickets of a history file: count what happened, or return single replays."""

import os
from collections.abc import Sequence
from functools import partial

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.backtest._filter import TicketFilter
from ticketcore.backtest._job import ReplayJob
from ticketcore.backtest._parts import TicketPosition
from ticketcore.backtest._replay import Replay
from ticketcore.backtest._report import BacktestReport, make_report
from ticketcore.backtest._run import RANGE_SIZE, Progress, WorkerPool, run_replay
from ticketcore.backtest._tally import BacktestTally, empty_tally
from ticketcore.errors import HistoryError, TicketcoreError
from ticketcore.events import History
from ticketcore.policies import Policy, PolicyVersions


@typed
def backtest(
    history: str | os.PathLike[str],
    policy: Policy | PolicyVersions,
    *,
    workers: int | WorkerPool | None = None,
    ticket_type: str | None = None,
    tickets: TicketFilter | None = None,
    compare_recorded: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
    range_size: int = RANGE_SIZE,
) -> BacktestReport:
    """Replay the actions of people in a history file as commands under *policy*.

    Derived events and decisions of the system are not replayed. The timers of *policy* act
    instead: before each command, and after the last one until no timer is pending. If a person
    acted on a ticket that the policy had closed by then, the replay reopens the ticket and
    continues. The tickets of one order are replayed together, since they share its money.

    The file is read in ranges of whole tickets, of about *range_size* bytes. *workers* is a number
    of processes (default: one per 16 MB, at most one per CPU core), or a pool whose workers
    can read the file. The processes are spawned, so a script needs ``if __name__ == "__main__"``.
    The report is the same for any number of workers. A pipe is read by this process alone.

    *ticket_type* replaces the recorded type of every ticket. *tickets* selects those that are
    counted. *compare_recorded* compares the closing of each ticket with the recorded one.
    *progress* is called after each range. With *strict*, the first broken ticket raises its error;
    a note of the error names the ticket and its line.

    Raises OSError if the file cannot be read, QueryError if *tickets* names a field that neither
    the policy nor the tickets have, and BacktestError, with the range of bytes, if the replay of a
    range failed.
    """
    job = ReplayJob[BacktestTally](
        path=os.fspath(history),
        policies=(policy,),
        ticket_type=ticket_type,
        admits=tickets,
        collect=partial(empty_tally, compare_recorded=compare_recorded),
    )
    tally = job.collect().result()
    for part in run_replay(job, workers, progress=progress, range_size=range_size):
        tally.merge(part)
        if strict and tally.broken_examples:
            break
    report = make_report(job, tally)
    if strict and report.broken_examples:
        first = report.broken_examples[0]
        first.error.add_note(str(first))
        raise first.error
    return report


def replay_tickets(
    history: str | os.PathLike[str],
    tickets: Sequence[str],
    policies: Sequence[Policy | PolicyVersions],
) -> dict[str, tuple[Replay, ...]]:
    """Return the replays of recorded tickets, by their numbers, under each of *policies*.

    Raises HistoryError if the history lacks one of the tickets. If one of them cannot be read or
    replayed, raises that error. Other errors are those of :func:`run_replay`.
    """
    job = ReplayJob[_FoundTicket](
        path=os.fspath(history),
        policies=tuple(policies),
        admits=_IsAmong(frozenset(tickets)),
        collect=_FoundTicket,
    )
    replays: dict[str, tuple[Replay, ...]] = {}
    for found in run_replay(job, workers=1):
        replays |= found.replays
        for number, error in found.broken:
            if number in tickets:
                raise error
    for ticket in tickets:
        if ticket not in replays:
            raise HistoryError("not-found", f"not found in {os.fspath(history)}", ticket=ticket)
    return {ticket: replays[ticket] for ticket in tickets}


@attrs.frozen
class _IsAmong:
    numbers: frozenset[str]

    def __call__(self, history: History) -> bool:
        return history.ticket in self.numbers


@attrs.define
class _FoundTicket:
    replays: dict[str, tuple[Replay, ...]] = attrs.field(factory=dict)
    broken: list[tuple[str | None, TicketcoreError]] = attrs.field(factory=list)

    def add(self, _: TicketPosition, replays: Sequence[Replay]) -> None:
        self.replays[replays[0].history.ticket] = tuple(replays)

    def add_broken(self, _: TicketPosition, ticket: str | None, error: TicketcoreError) -> None:
        self.broken.append((ticket, error))

    def result(self) -> "_FoundTicket":
        return self
