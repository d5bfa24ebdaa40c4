"""Keep the summaries of all tickets in memory, and search them (K4, W7)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, get_args

import attrs

from ticketcore.errors import FieldError
from ticketcore.events import Party, Recorded, utc_or_none
from ticketcore.inbox._summary import TicketSummary, project
from ticketcore.ticket import Status


def _as_set(values: str | Collection[str] | None) -> frozenset[str] | None:
    if values is None:
        return None
    return frozenset({values} if isinstance(values, str) else values)


def _one_of(literal: Any) -> Callable[[object, "attrs.Attribute[Any]", Any], None]:
    """Return a validator that refuses values that no ticket can have."""
    known = get_args(literal)

    def check(_: object, field: "attrs.Attribute[Any]", values: frozenset[str] | None) -> None:
        for value in sorted((values or frozenset()) - {*known}):
            raise FieldError("Query", field.name, value, f"one of {', '.join(known)}")

    return check


@attrs.frozen(kw_only=True)
class Query:
    """Conditions for a search. A ticket is found if it meets all of them.

    Most conditions take one value or several, of which one must match; `None` matches every
    ticket. *status* finds open and pending tickets by default, and closed ones only on request
    (W7). *order* is the order's number. A closed ticket waits for nobody, so *waiting_for* finds
    none. *opened_from* is the first instant of a period, *opened_until* the first instant after
    it. *subject* is a part of the subject, in upper or lower case.

    Raises FieldError for a *status* or *waiting_for* that no ticket can have, NaiveDatetimeError
    or InstantError for an instant without an offset or without a UTC date.
    """

    status: frozenset[str] | None = attrs.field(
        default=frozenset({"open", "pending"}), converter=_as_set, validator=_one_of(Status)
    )
    order: frozenset[str] | None = attrs.field(default=None, converter=_as_set)
    reason: frozenset[str] | None = attrs.field(default=None, converter=_as_set)
    category: frozenset[str] | None = attrs.field(default=None, converter=_as_set)
    subcategory: frozenset[str] | None = attrs.field(default=None, converter=_as_set)
    type: frozenset[str] | None = attrs.field(default=None, converter=_as_set)
    waiting_for: frozenset[str] | None = attrs.field(
        default=None, converter=_as_set, validator=_one_of(Party)
    )
    storefront: frozenset[str] | None = attrs.field(default=None, converter=_as_set)
    assigned_to: frozenset[str] | None = attrs.field(default=None, converter=_as_set)
    vendor: frozenset[str] | None = attrs.field(default=None, converter=_as_set)
    customer: frozenset[str] | None = attrs.field(default=None, converter=_as_set)
    account: frozenset[str] | None = attrs.field(default=None, converter=_as_set)
    opened_from: datetime | None = attrs.field(default=None, converter=utc_or_none)
    opened_until: datetime | None = attrs.field(default=None, converter=utc_or_none)
    subject: str | None = None

    def select(self, summaries: Iterable[TicketSummary]) -> list[TicketSummary]:
        """Return the tickets that meet all conditions, in the given order."""
        # One pass with every condition written out and held in a local variable: this answers
        # from 100,000 tickets within 50 ms, without an index.
        status, type_, waiting_for = self.status, self.type, self.waiting_for
        order, reason, storefront = self.order, self.reason, self.storefront
        category, subcategory = self.category, self.subcategory
        assigned_to, vendor = self.assigned_to, self.vendor
        customer, account = self.customer, self.account
        opened_from, opened_until = self.opened_from, self.opened_until
        subject = None if self.subject is None else self.subject.casefold()
        return [
            ticket
            for ticket in summaries
            if (status is None or ticket.status in status)
            and (order is None or ticket.order in order)
            and (reason is None or ticket.reason in reason)
            and (category is None or ticket.category in category)
            and (subcategory is None or ticket.subcategory in subcategory)
            and (type_ is None or ticket.type in type_)
            and (waiting_for is None or ticket.waiting_for in waiting_for)
            and (storefront is None or ticket.storefront in storefront)
            and (assigned_to is None or ticket.assigned_to in assigned_to)
            and (vendor is None or ticket.vendor in vendor)
            and (customer is None or ticket.customer in customer)
            and (account is None or ticket.account in account)
            and (opened_from is None or ticket.opened_at >= opened_from)
            and (opened_until is None or ticket.opened_at < opened_until)
            and (subject is None or subject in (ticket.subject or "").casefold())
        ]


class Inbox:
    """The summaries of all tickets, in memory. Pass the summaries that the host has stored.

    >>> inbox = Inbox()
    >>> inbox.search(Query(reason="defective", storefront=["de", "at"]))
    []
    """

    def __init__(self, summaries: Iterable[TicketSummary] = ()) -> None:
        self._summaries = {summary.number: summary for summary in summaries}

    def __len__(self) -> int:
        return len(self._summaries)

    def __iter__(self) -> Iterator[TicketSummary]:
        """Iterate over the tickets in the order in which they were first listed."""
        return iter(self._summaries.values())

    def get(self, number: str) -> TicketSummary | None:
        """Return the ticket with this number, open or closed; `None` if it is not listed."""
        return self._summaries.get(number)

    def apply(self, recorded: Recorded) -> TicketSummary:
        """Project one more event, and return the ticket's new summary.

        Raises HistoryError as `project` does.
        """
        number = recorded.ticket
        summary = self._summaries[number] = project(self._summaries.get(number), recorded)
        return summary

    def fold(self, recorded: Iterable[Recorded]) -> None:
        """Project many events. Each ticket's events must be in order; tickets may be mixed.

        Raises HistoryError as `project` does.
        """
        for event in recorded:
            self.apply(event)

    def search(self, query: Query) -> list[TicketSummary]:
        """Return the tickets that meet the query, in the order in which they were first listed."""
        return query.select(self)
