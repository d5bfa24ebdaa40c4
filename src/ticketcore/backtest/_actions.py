"""Recorded actions of people, as the commands that they would have sent.

Most events have the fields of their command, under the same names, so a command is made from an
event by copying these fields. Derived events are not actions: the policy makes them again, or does
not. Imported histories, whose openings name no policy, do not mark the decisions of their system
as derived, so all events of that system are left out. Events by which a system reports what
happened elsewhere are actions all the same: a bank opened or decided a dispute, or moved money, or
the facts of an order were corrected.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import attrs

from ticketcore import commands as c
from ticketcore import events as e
from ticketcore._internal.fast_attrs import fast_copy
from ticketcore.commands import Command
from ticketcore.events import Event, History
from ticketcore.policies import FieldDefinition, Policy
from ticketcore.timeline import command_of

TypeMapping: TypeAlias = Callable[[str], str]
"""A function from the recorded type of a ticket to the type under which it is replayed."""

_REPORTS = frozenset(
    {
        e.DisputeOpened,
        e.DisputeCorrected,
        e.DisputeResolved,
        e.RefundConfirmed,
        e.RefundFailed,
        e.OrderCorrected,
        e.ShipmentAdded,
    }
)


class RecordedTicket:
    """The history of a ticket with the commands behind its events, made once for all policies."""

    __slots__ = ("_actions", "history")

    def __init__(self, history: History) -> None:
        self.history: History = history
        self._actions: dict[TypeMapping, tuple[tuple[Command, ...], bool]] = {}

    def actions(
        self, type_of: TypeMapping, fields: Mapping[str, FieldDefinition]
    ) -> tuple[Command, ...]:
        """Return the commands behind the events, with types mapped by *type_of*.

        *fields* are those of the policy that decides. Others are left out, and at the opening also
        values that they cannot have: no rule of the policy could read them.
        """
        known = self._actions.get(type_of)
        if known is None:
            actions = tuple(actions_of(self.history.events, type_of))
            known = self._actions[type_of] = actions, _set_fields(actions)
        actions, set_fields = known
        return tuple(_with_fields(actions, fields)) if set_fields else actions


def _set_fields(actions: tuple[Command, ...]) -> bool:
    return any(
        type(each) is c.SetField or (type(each) is c.Open and each.fields) for each in actions
    )


def _with_fields(
    actions: Iterable[Command], fields: Mapping[str, FieldDefinition]
) -> Iterator[Command]:
    for action in actions:
        match action:
            case c.SetField(field=field) if field not in fields:
                continue
            case c.Open(fields=values):
                known = {
                    name: text
                    for name, text in values.items()
                    if name in fields and fields[name].value(text) is not None
                }
                yield fast_copy(c.Open, "fields")(action, known)
            case _:
                yield action


def actions_of(events: Sequence[Event], type_of: TypeMapping) -> Iterator[Command]:
    """Yield the commands behind the events of a history, in order, with types mapped by *type_of*.

    Consequences of other actions are left out: a reopening by a reply, and a dispute that ended
    because another one superseded it. Changes of policy and rescheduling are left out too: they
    concern the recorded policy, and the backtest decides by another one.
    """
    opened = events[0]
    is_imported = isinstance(opened, e.Opened) and opened.policy is None
    for position, event in enumerate(events):
        if event.derived or (event.by == "system" and is_imported and not _is_report(event)):
            continue
        command = _command(event, events, position, type_of)
        if command is not None:
            yield command


@lru_cache(maxsize=128)  # most tickets of a history have the same policies
def type_mapping(policy: Policy, ticket_type: str | None) -> TypeMapping:
    """Return the mapping of recorded types to the types of a replay.

    With *ticket_type*, every ticket has that type. Without it, a ticket keeps its recorded type,
    or gets the default type of *policy* if the policy does not declare the recorded one.
    """
    if ticket_type is not None:
        return _always(ticket_type)
    if policy.any_type or policy.default_type is None:
        return str
    return _declared(frozenset(policy.types), policy.default_type)


@lru_cache(maxsize=16)  # policies with the same types share the actions of a ticket
def _declared(types: frozenset[str], default: str) -> TypeMapping:
    return lambda recorded: recorded if recorded in types else default


@lru_cache(maxsize=16)
def _always(ticket_type: str) -> TypeMapping:
    return lambda recorded: ticket_type


def _is_report(event: Event) -> bool:
    return type(event) in _REPORTS and getattr(event, "timer", None) is None


def _command(
    event: Event, events: Sequence[Event], position: int, type_of: TypeMapping
) -> Command | None:
    match event:
        case e.Replied():  # the most frequent event
            return fast_copy(c.Reply)(event)
        case e.Opened():
            values = {name: field.value for name, field in event.fields.items()}
            opening = fast_copy(c.Open, "type", "fields")(event, type_of(event.type), values)
            if event.order is not None:
                attrs.validate(opening)  # a copy is not validated: its amounts may be negative
            return opening
        case e.TypeChanged():
            return fast_copy(c.ChangeType, "type")(event, type_of(event.type))
        case e.OrderCorrected():
            correction = fast_copy(c.CorrectOrder)(event)
            attrs.validate(correction)
            return correction
        case e.Refunded(reference=None):
            return fast_copy(c.Refund, "reference")(event, e.format_instant(event.at))
        case e.Closed(kind="duplicate"):
            return fast_copy(c.MarkDuplicate, "of")(event, event.duplicate_of or "")
        case e.Reopened() if _is_by_reply(event, events, position):
            return None
        case e.DisputeResolved(outcome="superseded") | e.PolicyChanged() | e.Rescheduled():
            return None
        case e.DeadlineSet() | e.Snoozed() | e.Unsnoozed():  # the recorded policy's timers
            return None
        case _:
            command = command_of(event)
            return None if command is None else fast_copy(command)(event)


def _is_by_reply(reopened: e.Reopened, events: Sequence[Event], position: int) -> bool:
    """Return whether a reply of the same party at the same instant follows the reopening."""
    return any(
        isinstance(event, e.Replied) and (event.at, event.by) == (reopened.at, reopened.by)
        for event in events[position + 1 : position + 2]
    )
