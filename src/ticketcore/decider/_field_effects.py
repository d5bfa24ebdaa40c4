"""The effects of timers on fields and tags."""

from collections.abc import Mapping
from datetime import datetime

from ticketcore.events import Event, FieldContent, FieldSet, Tagged, field_text
from ticketcore.policies import Policy


def set_fields(
    fields: Mapping[str, FieldContent], policy: Policy, timer: str, at: datetime
) -> tuple[Event, ...]:
    """Return the events by which a timer gives fields their new values."""
    events: list[Event] = []
    for name, content in fields.items():
        definition = policy.fields[name]
        text = field_text(content)
        event = FieldSet(
            at=at,
            field=name,
            kind=definition.kind,
            value=text,
            personal=definition.personal,
            waiting_for=definition.waiting_for.get(text),
            timer=timer,
            derived=True,
        )
        events.append(event)
    return tuple(events)


def add_tags(tags: tuple[str, ...], timer: str, at: datetime) -> tuple[Event, ...]:
    """Return the events by which a timer adds tags."""
    return tuple(Tagged(at=at, tag=tag, timer=timer, derived=True) for tag in tags)
