"""The persons that events name, so that a store finds all tickets of a person."""

from collections.abc import Iterable

from ticketcore.events import PERSON_FIELDS, Event


def persons_in(events: Iterable[Event]) -> frozenset[str]:
    """Return the ids of all persons that act in these events, or that they name."""
    named = (getattr(event, field, None) for event in events for field in PERSON_FIELDS)
    return frozenset(person for person in named if person is not None)
