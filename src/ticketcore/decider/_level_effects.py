"""The effects of levels: the events that a level causes on the way to a deadline, or after it."""

from datetime import datetime
from typing import assert_never

from ticketcore.decider._field_effects import add_tags, set_fields
from ticketcore.events import Assigned, Escalated, Event, TypeChanged, Warned
from ticketcore.policies import Level, Policy
from ticketcore.ticket import Ticket


def effect_of_level(
    level: Level, ticket: Ticket, policy: Policy, timer: str, at: datetime
) -> tuple[Event, ...]:
    """Return the events, stamped *at*, of a level of a timer; none if its condition fails."""
    if not level.when.holds(ticket):
        return ()
    match level.effect:
        case "warn":
            return (Warned(at=at, timer=timer, level=level.name, derived=True),)
        case "escalate":
            to = level.to
            return (
                Escalated(at=at, by="system", to=to, timer=timer, level=level.name, derived=True),
            )
        case "assign":
            assignee = level.assignee or ""
            return (
                Assigned(at=at, assignee=assignee, timer=timer, level=level.name, derived=True),
            )
        case "change-type":
            kind = level.type or ""
            return (
                TypeChanged(
                    at=at, by="system", type=kind, timer=timer, level=level.name, derived=True
                ),
            )
        case "set-field":
            return set_fields(level.fields, policy, at, {"timer": timer, "level": level.name})
        case "tag":
            return add_tags(level.tags, at, {"timer": timer, "level": level.name})
        case _:
            assert_never(level.effect)
