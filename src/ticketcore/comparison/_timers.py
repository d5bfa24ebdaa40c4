"""The deadlines that a replay set, and the money that it moved."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from ticketcore.backtest import Replay
from ticketcore.events import DisputeResolved, Refunded, RefundFailed
from ticketcore.ledger import OrderState
from ticketcore.metrics import timer_cycles

Deadline: TypeAlias = tuple[str, datetime, str, str | None]
"""A deadline: its timer, its last due instant, its outcome and its verdict.

The outcome is that of its cycle. The verdict is on firings that closed the ticket: ``reopened`` if
a person acted later as on an open ticket, ``confirmed`` if a person closed the ticket too.
"""

Movement: TypeAlias = tuple[datetime, str, str | None, int, str]
"""A movement of money: its instant, ``refund`` or ``lost``, its timer, amount and currency."""

_VERDICTS = {"overturned": "reopened", "confirmed": "confirmed"}


def deadlines(replay: Replay) -> Sequence[Deadline]:
    """Return each deadline that was set, in the order in which they were set."""
    verdicts = {firing: _VERDICTS[verdict] for firing, verdict in replay.verdicts.items()}
    return [
        (
            cycle.timer.name,
            cycle.timer.due,
            cycle.outcome,
            None if cycle.fired_at is None else verdicts.get((cycle.timer.name, cycle.fired_at)),
        )
        for cycle in timer_cycles(replay.events)
    ]


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
