"""What may be asked of an inbox: each condition narrows the rows further (K4, W7)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeAlias

import attrs

from ticketcore.events import utc_or_none
from ticketcore.inbox._row import Row

Wanted: TypeAlias = str | Collection[str] | None


def _wanted(values: Wanted) -> frozenset[str] | None:
    if values is None:
        return None
    return frozenset({values} if isinstance(values, str) else values)


@attrs.frozen(kw_only=True)
class Query:
    """Which rows are wanted: those that meet all conditions. A text or several may be given.

    *status*: the open and waiting ones, unless closed ones are asked for (W7), or any by None.
    *order* is the order's number. *opened_from* and *opened_until* are a period, the latter not
    included. *subject* is a part of the subject, in capitals or not.
    """

    status: frozenset[str] | None = attrs.field(
        default=frozenset({"open", "pending"}), converter=_wanted
    )
    order: frozenset[str] | None = attrs.field(default=None, converter=_wanted)
    reason: frozenset[str] | None = attrs.field(default=None, converter=_wanted)
    category: frozenset[str] | None = attrs.field(default=None, converter=_wanted)
    subcategory: frozenset[str] | None = attrs.field(default=None, converter=_wanted)
    type: frozenset[str] | None = attrs.field(default=None, converter=_wanted)
    waiting_for: frozenset[str] | None = attrs.field(default=None, converter=_wanted)
    storefront: frozenset[str] | None = attrs.field(default=None, converter=_wanted)
    assigned_to: frozenset[str] | None = attrs.field(default=None, converter=_wanted)
    customer: frozenset[str] | None = attrs.field(default=None, converter=_wanted)
    account: frozenset[str] | None = attrs.field(default=None, converter=_wanted)
    opened_from: datetime | None = attrs.field(default=None, converter=utc_or_none)
    opened_until: datetime | None = attrs.field(default=None, converter=utc_or_none)
    subject: str | None = None

    def select(self, rows: Iterable[Row]) -> list[Row]:
        """The rows that are wanted, in the order in which they come."""
        # One pass, with each column spelled out and what is wanted at hand: no index is needed to
        # answer within 50 ms.
        status, type_, waiting_for = self.status, self.type, self.waiting_for
        order, reason, storefront = self.order, self.reason, self.storefront
        category, subcategory = self.category, self.subcategory
        assigned_to, customer, account = self.assigned_to, self.customer, self.account
        opened_from, opened_until = self.opened_from, self.opened_until
        subject = None if self.subject is None else self.subject.casefold()
        return [
            row
            for row in rows
            if (status is None or row.status in status)
            and (order is None or row.order in order)
            and (reason is None or row.reason in reason)
            and (category is None or row.category in category)
            and (subcategory is None or row.subcategory in subcategory)
            and (type_ is None or row.type in type_)
            and (waiting_for is None or row.waiting_for in waiting_for)
            and (storefront is None or row.storefront in storefront)
            and (assigned_to is None or row.assigned_to in assigned_to)
            and (customer is None or row.customer in customer)
            and (account is None or row.account in account)
            and (opened_from is None or row.opened_at >= opened_from)
            and (opened_until is None or row.opened_at < opened_until)
            and (subject is None or subject in (row.subject or "").casefold())
        ]
