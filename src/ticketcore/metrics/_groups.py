"""What service figures are grouped by: a period, or something about the ticket."""

from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from ticketcore.events import local
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket

Grouping: TypeAlias = Literal["day", "week", "month", "storefront", "type", "team"]

ALL = "all"
NOTHING = "(none)"
"""The group of tickets without a storefront or team."""

_PERIODS = MappingProxyType({"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"})


def group_of(ticket: Ticket, policy: Policy, by: Grouping | None) -> Callable[[datetime], str]:
    """The group of what happened to a ticket at an instant: by the local date in its zone, or by
    what the ticket is at its end. Raises CalendarError for an unknown zone."""
    match by:
        case None:
            group = ALL
        case "storefront":
            group = ticket.opened.storefront or NOTHING
        case "type":
            group = ticket.type
        case "team":
            group = ticket.assigned_to or NOTHING
        case _:
            zone, form = policy.calendar(None, ticket).zone, _PERIODS[by]
            return lambda at: local(at, zone).strftime(form)
    return lambda _: group
