"""The effects of levels: the events that a level causes on the way to a deadline, or after it."""

from datetime import datetime
from typing import assert_never

from ticketcore.events import (
    Assigned,
    Escalated,
    Event,
    FieldSet,
    Tagged,
    TypeChanged,
    Warned,
    field_text,
)
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
            return _fields_set(level, ticket, policy, timer, at)
        case "tag":
            return tuple(
                Tagged(at=at, tag=tag, timer=timer, level=level.name, derived=True)
                for tag in level.tags
                if tag not in ticket.tags
            )
        case _:
            assert_never(level.effect)


def _fields_set(
    level: Level, ticket: Ticket, policy: Policy, timer: str, at: datetime
) -> tuple[Event, ...]:
    """Return the events that give fields the level's values; none for those that have them."""
    events: list[Event] = []
    for name, content in level.fields.items():
        definition = policy.fields[name]
        value = definition.value(field_text(content))
        assert value is not None, "checked when the policy was loaded"
        if ticket.fields.get(name) != value.content:
            field_set = FieldSet(
                at=at,
                field=name,
                kind=value.kind,
                value=value.value,
                personal=value.personal,
                waiting_for=definition.waiting_for.get(value.value),
                timer=timer,
                level=level.name,
                derived=True,
            )
            events.append(field_set)
    return tuple(events)
