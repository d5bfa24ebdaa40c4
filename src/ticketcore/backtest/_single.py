"""Replay single tickets of a history, each with the other tickets of its order."""

import os
from collections.abc import Sequence

import attrs

from ticketcore.backtest._job import ReplayJob
from ticketcore.backtest._parts import TicketPosition
from ticketcore.backtest._replay import Replay
from ticketcore.backtest._run import run_replay
from ticketcore.errors import HistoryError, TicketcoreError
from ticketcore.events import History
from ticketcore.policies import Policy, PolicyVersions


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
