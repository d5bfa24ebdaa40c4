"""Erase a person from all tickets."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias
from uuid import uuid4

import attrs

from ticketcore._internal.declared import VISIBLE
from ticketcore._internal.terminal import has_visible
from ticketcore.errors import FieldError
from ticketcore.events import Event, mentions, redact
from ticketcore.service._base import ServiceBase, Transaction
from ticketcore.store import order_key
from ticketcore.ticket import Ticket


@attrs.frozen(kw_only=True)
class Mention:
    """A place where a person is still named: a field of an event, by its path."""

    ticket: str
    seq: int
    path: str


@attrs.frozen(kw_only=True)
class Erasure:
    """The result of an erasure.

    *tickets* were rewritten. *mentions* are the places in these tickets where the person is still
    named, for somebody to read. *files* are the places of the person's attachments, for the host
    to delete. *refused* are the tickets that were left as they are, each with the names of its
    events that this version cannot read: erase again with a newer version.
    """

    tickets: tuple[str, ...]
    mentions: tuple[Mention, ...]
    files: tuple[str, ...]
    refused: Mapping[str, tuple[str, ...]]


class Erasing(ServiceBase[Transaction]):
    """The method of the service that erases a person."""

    def erase(
        self,
        db: Transaction,
        person: str,
        pseudonym: str,
        *,
        names: Iterable[str] = (),
        words: bool = True,
        keep_orders: bool = False,
        tenant: str = "",
    ) -> Erasure:
        """Replace a person by a pseudonym in all events, rows and lists, in one transaction.

        The person's own words and files are erased too, unless *words* is false, and personal
        fields of the tickets of which the person is the customer. *names* are further words by
        which others may call the person. The numbers of orders that the person bought are replaced
        by new ones, on all tickets of the order: a later ticket about such an order knows nothing
        of its refunds. With *keep_orders* they stay.

        Followers build the tickets again; no message is sent again. Raises StoreError if the
        database fails.
        """
        if not has_visible(person):
            raise FieldError("TicketService.erase", "person", person, VISIBLE)
        if pseudonym == person or not has_visible(pseudonym):
            expected = f"{VISIBLE}, and not the person's own id"
            raise FieldError("TicketService.erase", "pseudonym", pseudonym, expected)
        numbers = self._store.tickets_of(db, person, tenant=tenant)
        renamed = {} if keep_orders else self._new_orders(db, person, numbers, tenant)
        histories: dict[str, tuple[Event, ...]] = {}
        refused: dict[str, tuple[str, ...]] = {}
        files: list[str] = []
        for number in numbers:
            if number in histories or number in refused:
                continue
            order = self._store.lock(db, number, tenant=tenant)
            ticket = order.tickets[number]
            new_key = _key_after(number, ticket, renamed)
            if new_key is not None:
                order = self._store.lock(db, number, order=new_key, tenant=tenant)
            affected = order.tickets if new_key is not None else {number: ticket}
            unread = tuple(name for each in affected.values() for name in each.unread)
            if unread:  # the tickets of an order are renamed together, or not at all
                refused |= dict.fromkeys(affected, unread)
                continue
            redacted: dict[str, tuple[Event, ...]] = {}
            for each, of_ticket in affected.items():
                orders = _orders_of(of_ticket, renamed)
                redaction = _Redaction(of_ticket, person, pseudonym, words, orders)
                files += redaction.files(order.histories[each])
                redacted[each] = tuple(map(redaction.of, order.histories[each]))
            self._store.rewrite(db, order, redacted)
            histories |= redacted
        wanted = {person, *names}
        return Erasure(
            tickets=tuple(sorted(histories)),
            mentions=tuple(_mentions(histories, wanted)),
            files=tuple(files),
            refused=refused,
        )

    def _new_orders(
        self, db: Transaction, person: str, numbers: Iterable[str], tenant: str
    ) -> dict[tuple[str | None, str], str]:
        """Return a new number for each order that the person bought, by vendor and number."""
        summaries = (self._store.summary(db, number, tenant=tenant) for number in numbers)
        return {
            (each.vendor, each.order): uuid4().hex
            for each in summaries
            if each is not None and each.order is not None and each.customer == person
        }


_NewOrders: TypeAlias = Mapping[tuple[str | None, str], str]


@attrs.frozen
class _Redaction:
    """What `TicketService.erase` replaces in the events of one ticket."""

    ticket: Ticket
    person: str
    pseudonym: str
    words: bool
    orders: Mapping[str, str]

    def of(self, event: Event) -> Event:
        """Return an event without the person."""
        return redact(
            event,
            self.person,
            self.pseudonym,
            words=self._is_own(event),
            fields=self.ticket.opened.customer == self.person,
            orders=self.orders,
        )

    def files(self, events: Iterable[Event]) -> Iterator[str]:
        """Yield the places of the attachments of messages that are erased."""
        for event in events:
            if self._is_own(event):
                for file in getattr(event, "attachments", ()):
                    yield file.location

    def _is_own(self, event: Event) -> bool:
        """Return whether the words of an event are the person's, and are erased."""
        if event.actor is None:
            is_own = event.by == "customer" and self.ticket.opened.customer == self.person
        else:
            is_own = event.actor == self.person
        return self.words and is_own


def _key_after(number: str, ticket: Ticket, renamed: _NewOrders) -> str | None:
    """Return the key of a ticket's order under its new number; None if it keeps its number."""
    orders, order = _orders_of(ticket, renamed), ticket.order
    if order is None or order.number not in orders:
        return None
    new = attrs.evolve(order, number=orders[order.number])
    return order_key(number, ticket.opened.vendor, new)


def _orders_of(ticket: Ticket, renamed: _NewOrders) -> dict[str, str]:
    """Return the new numbers of the orders of the ticket's vendor, by the old ones."""
    vendor = ticket.opened.vendor
    return {old: new for (of, old), new in renamed.items() if of == vendor}


def _mentions(
    histories: Mapping[str, tuple[Event, ...]], names: Collection[str]
) -> Iterator[Mention]:
    for number, events in sorted(histories.items()):
        for seq, event in enumerate(events, 1):
            for path in mentions(event, names):
                yield Mention(ticket=number, seq=seq, path=path)
