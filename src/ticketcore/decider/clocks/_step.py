"""Steps: the results of commands and of timers that fired. The pending timers follow from them."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from ticketcore.decider._registry import Others
from ticketcore.events import Event, Timer
from ticketcore.ledger import Moment
from ticketcore.ticket import Ticket


class PlanStep(NamedTuple):
    """A step after which the timers are planned: a command, or a timer that fired.

    *before* is the ticket before the *events*, None at the opening. *acted* is the timer whose
    deadline or level fired, with that level. The timers in *keep* keep their deadlines; all do
    unless it is given. *moment* is the turn of a timer among the tickets of its order; without it,
    the step has the turn of a command. *per_unit* is that of the policy's refunds.
    """

    before: Ticket | None = None
    events: Sequence[Event] = ()
    others: Others = ()
    keep: Collection[Timer] | None = None
    acted: tuple[Timer, str | None] | None = None
    moment: Moment | None = None
    per_unit: bool = False
