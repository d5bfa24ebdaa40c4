"""The handlers of the commands about fields, tags and notes, and the fields of an opening."""

from collections.abc import Iterator, Mapping
from typing import NoReturn

import attrs

from ticketcore._internal.fast_attrs import fast
from ticketcore._internal.terminal import quoted
from ticketcore.commands import AddNote, ChangePolicy, Command, Open, SetField, Tag, Untag
from ticketcore.decider._authorization import refuse
from ticketcore.decider._registry import caused_by, handles, no_op_if
from ticketcore.events import (
    Event,
    FieldSet,
    FieldValue,
    NoteAdded,
    Party,
    Tagged,
    Untagged,
    field_text,
    given_field,
    kind_of,
)
from ticketcore.policies import FieldDefinition, Policy
from ticketcore.ticket import Ticket

_NONE: Mapping[str, FieldValue] = {}


def opening_fields(command: Open, policy: Policy) -> Mapping[str, FieldValue]:
    """Return the values of a new ticket's fields, with the defaults of the others.

    Raises RefusedError for a field or a value that the policy does not declare.
    """
    if not (policy.fields or command.fields):
        return _NONE
    given = {
        name: _value(command, _definition(command, name, policy), text)
        for name, text in command.fields.items()
    }
    defaults = {name: field.default_value for name, field in policy.fields.items()}
    values = {name: given.get(name) or default for name, default in defaults.items()}
    return {name: value for name, value in values.items() if value is not None}


def awaited_by_fields(fields: Mapping[str, FieldValue], policy: Policy) -> Party | None:
    """Return the party whose answer the values of a new ticket's fields say it waits for."""
    awaited = (policy.fields[name].waiting_for.get(field.value) for name, field in fields.items())
    return next(filter(None, awaited), None)


def check_tags(command: Command, tags: tuple[str, ...], policy: Policy) -> None:
    """Refuse a tag that the policy does not list."""
    known = policy.tags.values
    unknown = [tag for tag in tags if known and tag not in known]
    if unknown:
        reason = f"unknown tag {quoted(unknown[0])}; {policy.name} has {', '.join(known)}"
        refuse(command, "unknown-tag", reason, policy.tags.rule)


def fields_under(policy: Policy, ticket: Ticket, command: ChangePolicy) -> Iterator[FieldSet]:
    """Yield the defaults of the fields that a ticket has no value of under its new policy.

    Raises RefusedError if the ticket has a value that a field of the new policy cannot have.
    """
    for name, definition in policy.fields.items():
        content = ticket.fields.get(name)
        default = definition.default_value
        if content is not None and not definition.takes(content):
            _refuse_value(command, definition, field_text(content))
        if content is None and default is not None:
            yield FieldSet(
                **caused_by(command),
                derived=True,
                field=name,
                kind=default.kind,
                value=default.value,
                personal=default.personal,
            )


def _definition(command: Command, name: str, policy: Policy) -> FieldDefinition:
    definition = policy.fields.get(name)
    if definition is None:
        known = ", ".join(policy.fields) or "none"
        refuse(
            command, "unknown-field", f"unknown field {quoted(name)}; {policy.name} has {known}"
        )
    return definition


def _value(command: Command, definition: FieldDefinition, text: str) -> FieldValue:
    value = definition.value(text)
    if value is None:
        _refuse_value(command, definition, text)
    return value


def _refuse_value(command: Command, definition: FieldDefinition, text: str) -> NoReturn:
    reason = (
        f"the field {definition.name} cannot be {quoted(text)}: expected {definition.expected}"
    )
    refuse(command, "unknown-value", reason, definition.rule)


@handles(SetField)
def _set_field(ticket: Ticket, command: SetField, policy: Policy, *_: object) -> tuple[Event, ...]:
    definition = _definition(command, command.field, policy)
    if command.value is not None:
        text: str | None = _value(command, definition, command.value).value
    elif definition.default is not None:
        reason = f"the field {definition.name} always has a value: {definition.expected}"
        refuse(command, "field-required", reason, definition.rule)
    else:
        text = None
    field_set = fast(FieldSet)(
        **caused_by(command),
        field=definition.name,
        kind=definition.kind,
        value=text,
        personal=definition.personal,
        waiting_for=definition.waiting_for.get(text or ""),
    )
    return (field_set,)


@no_op_if(SetField)
def _is_set(ticket: Ticket, command: SetField) -> bool:
    content = ticket.fields.get(command.field)
    if content is None or command.value is None:
        return content is command.value
    return given_field(kind_of(content), command.value) == content


@handles(Tag)
def _tag(ticket: Ticket, command: Tag, policy: Policy, *_: object) -> tuple[Event, ...]:
    check_tags(command, (command.tag,), policy)
    return (Tagged(**caused_by(command), tag=command.tag),)


@no_op_if(Tag)
def _is_tagged(ticket: Ticket, command: Tag) -> bool:
    return command.tag in ticket.tags


@handles(Untag)
def _untag(ticket: Ticket, command: Untag, policy: Policy, *_: object) -> tuple[Event, ...]:
    return (Untagged(**caused_by(command), tag=command.tag),)


@no_op_if(Untag)
def _is_not_tagged(ticket: Ticket, command: Untag) -> bool:
    return command.tag not in ticket.tags


@handles(AddNote)
def _add_note(ticket: Ticket, command: AddNote, policy: Policy, *_: object) -> tuple[Event, ...]:
    return (_note(command),)


@no_op_if(AddNote)
def _is_last_note(ticket: Ticket, command: AddNote) -> bool:
    last = ticket.last_note
    return last is not None and last == attrs.evolve(_note(command), command_id=last.command_id)


def _note(command: AddNote) -> NoteAdded:
    return NoteAdded(**caused_by(command), text=command.text, attachments=command.attachments)
