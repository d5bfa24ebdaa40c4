"""The changes that the events of fields, tags and notes make to a ticket."""

from ticketcore.events import FieldSet, NoteAdded, Tagged, Untagged, content_of
from ticketcore.ticket._growing import own_fields, with_value, without_text
from ticketcore.ticket._registry import changes
from ticketcore.ticket._ticket import TicketDraft
from ticketcore.ticket._timers import fire
from ticketcore.ticket._waiting import wait_for


@changes(FieldSet)
def _field_set(draft: TicketDraft, event: FieldSet) -> None:
    if event.timer is not None:
        fire(draft, event.timer, event.at, event.level)
    fields = own_fields(draft)
    if event.value is None:
        fields.pop(event.field, None)
    else:
        fields[event.field] = content_of(event.kind, event.value)
    if event.waiting_for is not None:
        wait_for(draft, event.waiting_for, event.at)


@changes(Tagged)
def _tagged(draft: TicketDraft, event: Tagged) -> None:
    if event.timer is not None:
        fire(draft, event.timer, event.at, event.level)
    if event.tag not in draft.tags:
        draft.tags = with_value(draft.tags, event.tag, event.tag)


@changes(Untagged)
def _untagged(draft: TicketDraft, event: Untagged) -> None:
    draft.tags = without_text(draft.tags, event.tag)


@changes(NoteAdded)
def _note_added(draft: TicketDraft, event: NoteAdded) -> None:
    """Keep the note. It is neither an answer nor activity."""
    draft.last_note = event
