"""The events and facts that meet a timer."""

from typing import Final, assert_never, get_args

from ticketcore.decider.clocks._step import PlanStep
from ticketcore.events import Closed, Event, Replied
from ticketcore.ledger import COMMAND, OrderState
from ticketcore.policies import Fact, Meeting, TimerDefinition
from ticketcore.ticket import Ticket

_FACTS: Final = frozenset(get_args(Fact))


def meets(definition: TimerDefinition, step: PlanStep, ticket: Ticket) -> str | None:
    """Return the event or fact by which a step meets a timer, or None.

    *ticket* is the one after the step. The first event that meets the timer counts.
    """
    before = step.before
    if before is None or not definition.meetings:
        return None
    for event in step.events:
        for meeting in definition.meetings.get(event.NAME, ()):
            party = before.handler if meeting.by == "handler" else meeting.by
            if (
                (party is None or party == event.by)
                and meeting.when.holds(ticket)
                and (
                    _occurs(event, meeting, before, ticket, step)
                    or _is_notice(event, meeting, definition)
                )
            ):
                return meeting.event
    return None


def _occurs(
    event: Event, meeting: Meeting, before: Ticket, ticket: Ticket, step: PlanStep
) -> bool:
    if meeting.event in _FACTS:
        return _brings_about(meeting.event, event, before, ticket, step)  # type: ignore[arg-type]
    if isinstance(event, Replied):
        return event.is_answer
    return not isinstance(event, Closed) or event.kind == "closed"


def _is_notice(event: Event, meeting: Meeting, definition: TimerDefinition) -> bool:
    """Whether an event is an interim notice that meets an update clock.

    The notice begins the next count of the clock, so it meets the one before.
    """
    if meeting.event != event.NAME or "last-activity" not in definition.anchors:
        return False
    return isinstance(event, Replied) and event.interim and not event.is_blank


def _brings_about(
    fact: Fact, event: Event, before: Ticket, ticket: Ticket, step: PlanStep
) -> bool:
    """Whether a step caused a fact with the event that can establish it."""
    match fact:
        case "solved":
            return ticket.solved and isinstance(event, Replied) and event.solution
        case "fully-refunded":
            # Facts of the order that came later do not count, though they may be recorded already.
            moment = step.moment or (event.at, COMMAND)
            return OrderState(ticket, step.others, moment).is_refunded(per_unit=step.per_unit)
        case "assigned":
            return True
        case "acknowledged":
            return ticket.acknowledged and not before.acknowledged
        case _:
            assert_never(fact)
