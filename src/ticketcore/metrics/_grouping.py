"""The groups into which the tickets of a history, and what happens on them, are divided."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar, assert_never, get_args

import attrs

from ticketcore.errors import TicketcoreError, UnknownGroupingError
from ticketcore.events import Event, field_text, local
from ticketcore.metrics._metrics import Grouping
from ticketcore.policies import OWN, Policy
from ticketcore.ticket import Ticket, fold

T = TypeVar("T")

Group: TypeAlias = tuple[str, ...]
"""The names of a group, one for each grouping."""

By: TypeAlias = str | Sequence[str]
"""One grouping, or several."""

OnBroken: TypeAlias = Callable[[str, TicketcoreError], None]

GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
"""All groupings except the fields of a policy."""

NOTHING = "(none)"
"""The group of tickets without a storefront, a team or a value of a field."""


@attrs.frozen
class GroupedTicket(Generic[T]):
    """A ticket with its *events*, the result of reading it, and the group of each instant."""

    ticket: Ticket
    events: tuple[Event, ...]
    read: T
    group_of: Callable[[datetime], Group]


def groupings_of(by: By, policy: Policy) -> tuple[str, ...]:
    """Return the groupings, each once. Raises UnknownGroupingError."""
    wanted = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    known = (*GROUPINGS, *(f"{OWN}{name}" for name in policy.fields))
    for grouping in wanted:
        if grouping not in known:
            raise UnknownGroupingError(grouping, known)
    return wanted


def grouped(
    histories: Iterable[tuple[str, tuple[Event, ...]]],
    policy: Policy,
    groupings: Iterable[str],
    read: Callable[[Ticket, tuple[Event, ...]], T],
    on_broken: OnBroken | None,
) -> Iterator[GroupedTicket[T]]:
    """Yield the tickets that can be read; pass the others to *on_broken*, or raise their error."""
    for number, events in histories:
        try:
            ticket = fold(events)
            group_of = _grouping(ticket, policy, groupings)
            group_of(ticket.opened.at)
            group_of(ticket.at)  # if the first and the last instant have a group, all have
            found = GroupedTicket(ticket, events, read(ticket, events), group_of)
        except TicketcoreError as error:
            if on_broken is None:
                raise
            on_broken(number, error)
            continue
        yield found


def _grouping(
    ticket: Ticket, policy: Policy, groupings: Iterable[str]
) -> Callable[[datetime], Group]:
    """Return a function that names the group of an instant in the history of a ticket."""
    parts = [_part(ticket, policy, grouping) for grouping in groupings]
    return lambda at: tuple(part(at) for part in parts)


def _part(ticket: Ticket, policy: Policy, by: Any) -> Callable[[datetime], str]:
    """Return a function that names an instant's part of the group.

    Periods are local dates in the ticket's zone. Other groups are facts of the ticket after its
    last event, whatever the instant.
    """
    if by.startswith(OWN):
        content = ticket.fields.get(by.removeprefix(OWN))
        value = NOTHING if content is None else field_text(content)
        return lambda _: value
    grouping: Grouping = by
    match grouping:
        case "day":
            return _period(ticket, policy, "%Y-%m-%d")
        case "week":
            return _period(ticket, policy, "%G-W%V")
        case "month":
            return _period(ticket, policy, "%Y-%m")
        case "storefront":
            group = ticket.opened.storefront or NOTHING
        case "type":
            group = ticket.type
        case "team":
            group = ticket.assigned_to or NOTHING
        case _:
            assert_never(grouping)
    return lambda _: group


def _period(ticket: Ticket, policy: Policy, form: str) -> Callable[[datetime], str]:
    zone = policy.calendar(None, ticket).zone
    return lambda at: local(at, zone).strftime(form)
