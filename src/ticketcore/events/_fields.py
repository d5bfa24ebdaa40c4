"""The events about a ticket's fields, tags and notes.

None of them is an answer or an activity.
"""

from typing import ClassVar

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore.events._events import Event
from ticketcore.events._field_values import FieldKind, check_field_text
from ticketcore.events._values import Attachment, Party


@frozen(kw_only=True)
class FieldSet(Event):
    """One of the policy's fields got another value; None if it was cleared.

    The *value* is text of its *kind*; a *personal* one is erased together with the person.
    *waiting_for* is the party whose answer is awaited from now on, if the value says so.
    """

    NAME: ClassVar[str] = "field-set"
    by: Party = "system"
    field: str
    kind: FieldKind
    value: str | None = attrs.field(default=None, validator=check_field_text)
    personal: bool = False
    waiting_for: Party | None = None
    timer: str | None = None
    level: str | None = None


@frozen(kw_only=True)
class Tagged(Event):
    """The ticket got a tag."""

    NAME: ClassVar[str] = "tagged"
    by: Party = "system"
    tag: str
    timer: str | None = None
    level: str | None = None


@frozen(kw_only=True)
class Untagged(Event):
    """The ticket lost a tag."""

    NAME: ClassVar[str] = "untagged"
    tag: str


@frozen(kw_only=True)
class NoteAdded(Event):
    """Somebody wrote an internal note, which the customer never sees."""

    NAME: ClassVar[str] = "note-added"
    text: str
    attachments: tuple[Attachment, ...] = ()
