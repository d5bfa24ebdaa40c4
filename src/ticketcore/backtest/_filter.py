"""The facts of a recorded ticket, and filters that select tickets by them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Final

import attrs

from ticketcore._toml import nearest
from ticketcore.errors import QueryError
from ticketcore.events import History, field_text, utc_or_none
from ticketcore.metrics import FIELD
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
}
"""The facts of a ticket that are text, by name, as they are at the end of its record."""


def fact_of(ticket: Ticket, name: str) -> str | None:
    """Return a fact of a ticket as text, or one of its policy's own fields; None without it."""
    if not name.startswith(FIELD):
        return FACTS[name](ticket)
    content = ticket.fields.get(name.removeprefix(FIELD))
    return None if content is None else field_text(content)


def _check_facts(_: object, __: object, only: Mapping[str, tuple[str, ...]]) -> None:
    for name in only:
        if name not in FACTS and not name.startswith(FIELD):
            raise QueryError(f'tickets have no field "{name}": {nearest(name, FACTS)}')


@attrs.frozen(kw_only=True)
class TicketFilter:
    """A selection of recorded tickets.

    A ticket is selected if it was opened at *since* or later, and before *until* (UTC), and if
    each fact in *only* has one of the given values; an empty value selects tickets without it.
    Facts are those at the end of the record; ``fields.priority`` is a field of the policy's own.
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
        return all((fact_of(ticket, name) or "") in values for name, values in self.only.items())
