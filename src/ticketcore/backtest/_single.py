"""Replay one ticket of a history, with the other tickets of its order."""

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


def replay_ticket(
    history: str | os.PathLike[str],
    ticket: str,
    policies: Sequence[Policy | PolicyVersions],
) -> tuple[Replay, ...]:
    """Return the replay of a recorded ticket under each of *policies*.

    Raises HistoryError if the history lacks the ticket, the error of the ticket if it cannot be
    read or replayed, and as :func:`run_replay` does.
    """
    job = ReplayJob[_Found](
        path=os.fspath(history),
        policies=tuple(policies),
        admits=_IsTicket(ticket),
        collect=_Found,
    )
    for found in run_replay(job, workers=1):
        if found.replays:
            return found.replays
        for number, error in found.broken:
            if number == ticket:
                raise error
    raise HistoryError("not-found", f"not found in {os.fspath(history)}", ticket=ticket)


@attrs.frozen
class _IsTicket:
    number: str

    def __call__(self, history: History) -> bool:
        return history.ticket == self.number


@attrs.define
class _Found:
    replays: tuple[Replay, ...] = ()
    broken: list[tuple[str | None, TicketcoreError]] = attrs.field(factory=list)

    def add(self, _: TicketPosition, replays: Sequence[Replay]) -> None:
        self.replays = tuple(replays)

    def add_broken(self, _: TicketPosition, ticket: str | None, error: TicketcoreError) -> None:
        self.broken.append((ticket, error))

    def result(self) -> "_Found":
        return self
