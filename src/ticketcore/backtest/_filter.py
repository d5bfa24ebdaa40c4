"""The facts of a recorded ticket, and filters that select tickets by them."""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Final

import attrs

from ticketcore._internal.files import is_stream
from ticketcore._toml import nearest, quoted
from ticketcore.errors import QueryError
from ticketcore.events import History, field_text, scan_histories, utc_or_none
from ticketcore.policies import OWN, Policy, PolicyVersions
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


def check_recorded(
    history: str | os.PathLike[str],
    policies: Iterable[Policy | PolicyVersions] = (),
    *,
    fields: Iterable[str] = (),
    currencies: Iterable[str] = (),
) -> None:
    """Raise QueryError for a field or currency that no ticket of a history file has.

    *fields* are facts as in `TicketFilter`; a field that one of *policies* declares is known.
    The file is read until the other names have been found. A stream is not read, because it can
    be read only once.
    """
    wanted = {name for name in fields if name.startswith(OWN)}.union(currencies)
    known = declared_fields(policies)
    if wanted <= known or is_stream(history):
        return
    for recorded in scan_histories(history):
        if isinstance(recorded, History):
            known |= _recorded_names(fold(recorded.events))
            if wanted <= known:
                return
    wrong = min(wanted - known)
    is_field = wrong.startswith(OWN)
    others = [name for name in known if name.startswith(OWN) is is_field]
    hint = nearest(wrong, sorted(others)) if others else "there are none"
    what = "tickets have no field" if is_field else "orders have no currency"
    raise QueryError(f"{what} {quoted(wrong)}: {hint}")


def declared_fields(policies: Iterable[Policy | PolicyVersions]) -> set[str]:
    """Return the names of the fields that policies declare, such as ``fields.priority``."""
    return {
        OWN + name for policy in policies for version in policy.versions for name in version.fields
    }


def _recorded_names(ticket: Ticket) -> set[str]:
    """Return the names of the fields of a ticket, and the currency of its order."""
    currency = FACTS["currency"](ticket)
    return {OWN + name for name in ticket.fields} | ({currency} if currency else set())
