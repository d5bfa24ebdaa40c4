"""The facts of a recorded ticket, and filters that select tickets by them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Final

import attrs

from ticketcore._toml import nearest
from ticketcore.errors import QueryError
from ticketcore.events import History, field_text, utc_or_none
from ticketcore.policies import OWN
from ticketcore.ticket import Ticket, fold

FACTS: Final[Mapping[str, Callable[[Ticket], str | None]]] = {
    "type": attrgetter("type"),
    "category": attrgetter("category"),
    "subcategory": attrgetter("subcategory"),
    "reason": attrgetter("reason"),
    "storefront": attrgetter("opened.storefront"),
    "vendor": attrgetter("opened.vendor"),
    "customer": attrgetter("opened.customer"),
    "account": attrgetter("opened.account"),
    "channel": attrgetter("opened.channel"),
    "zone": attrgetter("opened.zone"),
    "assignee": attrgetter("assigned_to"),
    "order_number": lambda ticket: None if ticket.order is None else ticket.order.number,
    "currency": lambda ticket: None if ticket.order is None else ticket.order.amount.currency,
}
"""The facts of a ticket that are text, by name, as they are at the end of its record."""


_TAGS: Final = "tags"


def _values(ticket: Ticket, name: str) -> tuple[str, ...]:
    """Return the values of a fact as text: one, or each tag. A ticket without it has ""."""
    if name == _TAGS:
        return ticket.tags or ("",)
    if not name.startswith(OWN):
        return (FACTS[name](ticket) or "",)
    content = ticket.fields.get(name.removeprefix(OWN))
    return ("" if content is None else field_text(content),)


def _check_facts(_: object, __: object, only: Mapping[str, tuple[str, ...]]) -> None:
    for name in only:
        if name not in (*FACTS, _TAGS) and not name.startswith(OWN):
            known = nearest(name, (*FACTS, _TAGS))
            raise QueryError(f'tickets have no field "{name}": {known}')


@attrs.frozen(kw_only=True)
class TicketFilter:
    """A selection of recorded tickets.

    A ticket is selected if it was opened at *since* or later, and before *until* (UTC), and if
    each fact in *only* has one of the given values; an empty value selects tickets without it.
    Facts are those at the end of the record; ``fields.priority`` is a field of the policy's own,
    and ``tags`` has one of the given values if the ticket has one of these tags.
    Raises QueryError for an unknown fact.
    """

    since: datetime | None = attrs.field(default=None, converter=utc_or_none)
    until: datetime | None = attrs.field(default=None, converter=utc_or_none)
    only: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, validator=_check_facts)

    def __call__(self, history: History) -> bool:
        """Return whether the ticket with this history is selected."""
        opened_at = history.events[0].at
        if self.since is not None and opened_at < self.since:
            return False
        if self.until is not None and opened_at >= self.until:
            return False
        if not self.only:
            return True
        ticket = fold(history.events)
        return all(
            any(value in wanted for value in _values(ticket, name))
            for name, wanted in self.only.items()
        )
