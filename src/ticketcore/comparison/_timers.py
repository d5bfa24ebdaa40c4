"""The deadlines that a replay set, and the money that it moved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from ticketcore.backtest import Replay
from ticketcore.events import DisputeResolved, Refunded, RefundFailed, Scheduled
from ticketcore.ledger import OrderState

Deadline: TypeAlias = tuple[str, datetime, str]
"""A deadline: its timer, its last due instant, and its outcome.

The outcome is ``met`` if an action ended the timer, else ``fired``; a firing that closed the
ticket is ``reopened`` if a person acted later as on an open ticket, and ``confirmed`` if a person
closed the ticket too.
"""

Movement: TypeAlias = tuple[datetime, str, str | None, int, str]
"""A movement of money: its instant, ``refund`` or ``lost``, its timer, amount and currency."""

_VERDICTS = {"overturned": "reopened", "confirmed": "confirmed"}


def deadlines(replay: Replay) -> Sequence[Deadline]:
    """Return each deadline that was set, in the order in which they were set."""
    found: list[list[Any]] = []
    pending: dict[tuple[str, datetime, str | None], list[Any]] = {}
    for event in replay.events:
        if type(event) is Scheduled:
            known, pending = pending, {}
            for timer in event.timers:
                cycle = timer.name, timer.since, timer.dispute
                deadline = known.get(cycle)
                if deadline is None:
                    deadline = [timer.name, timer.due, "met"]
                    found.append(deadline)
                else:
                    deadline[1] = timer.due
                pending[cycle] = deadline
        elif (name := getattr(event, "timer", None)) is not None:
            firing = name, event.at, getattr(event, "dispute", None)
            _fire(pending, firing, _VERDICTS.get(replay.verdicts.get(firing, ""), "fired"))
    return [tuple(deadline) for deadline in found]


def _fire(
    pending: dict[tuple[str, datetime, str | None], list[Any]],
    firing: tuple[str, datetime, str | None],
    outcome: str,
) -> None:
    """Note the outcome of the pending deadline that fires; several events have one firing."""
    for cycle, deadline in pending.items():
        if cycle[::2] == firing[::2]:
            deadline[2] = outcome


def money(replay: Replay) -> Sequence[Movement]:
    """Return each refund that did not fail, and each lost dispute that took money."""
    assert replay.ticket is not None
    failed = {e.reference for e in replay.events if isinstance(e, RefundFailed)}
    others = () if replay.ledger is None else replay.ledger.others(replay.ticket)
    state = OrderState(replay.ticket, others)
    moved: list[Movement] = []
    for event in replay.events:
        if isinstance(event, Refunded) and event.reference not in failed:
            amount = event.amount
            moved.append((event.at, "refund", event.timer, amount.minor, amount.currency))
        elif isinstance(event, DisputeResolved) and event.outcome == "lost":
            for dispute in replay.ticket.disputes:
                if dispute.id == event.dispute and state.facts is not None:
                    lost = state.held_by(dispute)
                    currency = state.facts.amount.currency
                    moved.append((event.at, "lost", event.timer, lost, currency))
    return moved
