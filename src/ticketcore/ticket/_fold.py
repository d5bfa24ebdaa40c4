"""Folding events to a ticket. The functions are total and silent: they refuse no event.

The fold works on a mutable draft, and turns the draft itself into a ticket at the end: both
classes have the same slots, so Python lets it change the class of the instance. So no copy of the
ticket is made per event, and the cost is linear in the events. `_growing` has the tuples that
events add to, such as tags and refunds.
"""

from collections.abc import Iterable
from typing import Any

from ticketcore._internal.arguments import refuse_wrong_types
from ticketcore._internal.declared import require_all
from ticketcore._internal.fast_attrs import fast_copy, fast_start
from ticketcore._internal.local_times import local_text
from ticketcore.errors import HistoryError
from ticketcore.events import EVENTS, Event, Opened, Scheduled, Unknown
from ticketcore.ticket import _changes, _clock_changes, _field_changes  # noqa: F401
from ticketcore.ticket._growing import MANY, begin_growing, end_growing
from ticketcore.ticket._registry import CHANGES
from ticketcore.ticket._ticket import Ticket, TicketDraft

require_all(CHANGES, (*EVENTS.values(), Unknown), "changes of a ticket")

_start = fast_start(
    TicketDraft,
    copied=(
        "order",
        "units",
        "category",
        "subcategory",
        "reason",
        "type",
        "policy",
        "policy_version",
        "policy_digest",
        "waiting_for",
        "references",
        "has_grace_period",
    ),
    given=(
        "version",
        "at",
        "opened",
        "order_at",
        "type_set_at",
        "type_set_by",
        "handler",
        "waiting_since",
        "active_at",
        "message_references",
        "customer_messages",
        "fields",
        "tags",
    ),
)
_draft_of = fast_copy(TicketDraft)


def evolve(ticket: Ticket | None, event: Event) -> Ticket:
    """Return the ticket after one more event, whatever the event is.

    Raises HistoryError if *ticket* is None and the event is not Opened.
    """
    return fold((event,), ticket)


def fold(events: Iterable[Event], ticket: Ticket | None = None) -> Ticket:
    """Return the ticket after these events: ``functools.reduce(evolve, events, ticket)``.

    The cost is linear in the events. Raises HistoryError if *ticket* is None and there is no
    event, or the first event is not Opened; FieldError for an argument of a wrong type.
    """
    try:
        history = later = tuple(events)
        if ticket is not None:
            draft = _draft_of(ticket)
        else:
            draft, later = _open(history[0] if history else None), history[1:]
        grows = len(later) >= MANY
        if grows:
            begin_growing(draft)
        changes = CHANGES
        for event in later:
            if type(event) is Scheduled and not event.ended:  # very often: save the call
                draft.timers = event.timers
            else:
                changes[type(event)](draft, event)
    except (AttributeError, KeyError, TypeError):
        refuse_wrong_types(fold, {"events": events, "ticket": ticket})
        raise
    if grows:
        end_growing(draft)
    if history:
        draft.version += len(history)
        draft.at = history[-1].at
        if draft.pauses:
            draft.pauses = tuple(draft.pauses)  # a list if pauses ended
        pausing: Any = draft.pausing
        if type(pausing) is dict:  # if pauses began or ended
            draft.pausing = tuple(pausing.items())
    draft.__class__ = Ticket  # both have the same slots
    return draft  # type: ignore[return-value]  # it is a Ticket from here on


def fold_each(events: Iterable[Event]) -> Iterable[tuple[Ticket, Event]]:
    """Yield each event with the ticket after it, in order. Raises HistoryError as `fold` does."""
    ticket: Ticket | None = None
    for event in events:
        ticket = evolve(ticket, event)
        yield ticket, event


def _open(event: Event | None) -> TicketDraft:
    if not isinstance(event, Opened):
        problem = "empty" if event is None else "not-opened"
        found = "no events"
        if event is not None:
            found = f"{type(event).__name__} on {local_text(event.at, 'UTC')}"
        raise HistoryError(problem, f"a history must begin with opened, found {found}")
    at, by, reference = event.at, event.by, event.reference
    return _start(
        event,
        0,  # `fold` counts the events
        at,
        event,
        at,
        at,
        by,
        event.default_handler,
        at,
        at,
        () if reference is None else (reference,),
        () if reference is None or by != "customer" else (reference,),
        {name: field.content for name, field in event.fields.items()} if event.fields else {},
        tuple(dict.fromkeys(event.tags)) if event.tags else (),
    )
