"""The commands about a ticket's fields, tags and notes."""

from typing import ClassVar

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore.commands._commands import HOST, Command, text_of
from ticketcore.events import Attachment


@frozen(kw_only=True)
class SetField(Command):
    """Set one of the policy's own fields. Without a *value*, the field is cleared.

    The value is text, or a value of the field's kind, which becomes text: a number as a Decimal,
    an amount as Money, a date, an aware datetime, True and False for "yes" and "no".
    """

    NAME: ClassVar[str] = "set-field"
    field: str
    value: str | None = attrs.field(default=None, converter=text_of)


@frozen(kw_only=True)
class Tag(Command):
    """Add a tag to the ticket."""

    NAME: ClassVar[str] = "tag"
    tag: str


@frozen(kw_only=True)
class Untag(Command):
    """Take a tag off the ticket."""

    NAME: ClassVar[str] = "untag"
    tag: str


@frozen(kw_only=True)
class AddNote(Command):
    """Write an internal note, which the customer never sees. It answers nothing."""

    NAME: ClassVar[str] = "add-note"
    text: str
    attachments: tuple[Attachment, ...] = attrs.field(default=(), metadata=HOST)
