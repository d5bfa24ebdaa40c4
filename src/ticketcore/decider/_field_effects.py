"""The effects of timers and levels on fields and tags.

Only the first event of an effect names the timer: each event that names it counts as a firing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ticketcore.events import Event, FieldContent, FieldSet, Tagged, field_text
from ticketcore.policies import Policy


def set_fields(
    fields: Mapping[str, FieldContent], policy: Policy, at: datetime, cause: Mapping[str, Any]
) -> tuple[Event, ...]:
    """Return the events that give fields their new values; *cause* is the timer and the level."""
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
            derived=True,
            **({} if events else cause),
        )
        events.append(event)
    return tuple(events)


def add_tags(tags: tuple[str, ...], at: datetime, cause: Mapping[str, Any]) -> tuple[Event, ...]:
    """Return the events that add tags; *cause* is the timer and the level."""
    first, *others = tags
    return (
        Tagged(at=at, tag=first, derived=True, **cause),
        *(Tagged(at=at, tag=tag, derived=True) for tag in others),
    )
