"""The tickets of an order while they are locked, and what an append changes.

A store locks an order, not a ticket, since money belongs to the order (C8, A2, A4). `LockedOrder`
holds what was read under the lock. `LockedOrder.append` computes every row that new events change,
without a database. So all stores write the same rows, and each of them only writes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from typing import Any

import attrs

from ticketcore._internal.declared import STORABLE, VISIBLE, is_storable
from ticketcore._internal.terminal import has_visible
from ticketcore.errors import ConflictError, FieldError, LedgerError
from ticketcore.events import PERSON_FIELDS, Event, Order, Recorded
from ticketcore.inbox import TicketSummary, summary_of
from ticketcore.ledger import Ledger, wakes
from ticketcore.ticket import Ticket, fold

_LAST_SEQ = 2**31 - 1  # of an integer column


def order_key(number: str, vendor: str | None, order: Order | None) -> str:
    """Return the key of the order that the ticket *number* belongs to.

    Tickets have the same key if they concern the same order of the same vendor; no vendor is a
    vendor of its own. A ticket without an order has a key of its own.
    """
    if order is None:
        return f"ticket:{number}"
    if vendor is None:
        return f"order:{order.number}"
    return f"vendor:{len(vendor)}:{vendor}:{order.number}"  # the length keeps the two apart


@attrs.frozen(kw_only=True)
class TicketRow:
    """The row of a ticket: its order, its place in lists, and whether it is set aside.

    *summary* has the version (`seq`) and the columns of lists. *set_aside* is the reason why the
    ticket is not advanced; None if it is.
    """

    order_key: str
    summary: TicketSummary
    set_aside: str | None = None


@attrs.frozen(kw_only=True)
class Append:
    """All rows that an append changes, and the order as it is afterwards.

    *recorded* are the new events. *opened* and *changed* are the rows of tickets with new events;
    appending clears *set_aside*. *wakes* has the next instant for each order that changes; its
    version grows by one. *named* has pairs of a person and the number of a ticket whose events now
    name the person; *gone* has those that no longer do.
    """

    after: "LockedOrder"
    recorded: tuple[Recorded, ...]
    opened: tuple[TicketRow, ...]
    changed: tuple[TicketRow, ...]
    wakes: Mapping[str, datetime | None]
    named: frozenset[tuple[str, str]]
    gone: frozenset[tuple[str, str]]

    @property
    def rows(self) -> tuple[TicketRow, ...]:
        """The rows of all tickets with new events."""
        return (*self.opened, *self.changed)


@attrs.frozen(kw_only=True)
class LockedOrder:
    """The tickets of an order, read after the order was locked.

    *key* is the order's key. *versions* has the version of each locked order: of this one, and of
    a second one if a command moves a ticket there. *histories* and *folded* have the tickets of
    all locked orders. *set_aside* are the numbers of tickets that `lock_due` leaves out.
    """

    tenant: str
    key: str
    versions: Mapping[str, int]
    histories: Mapping[str, tuple[Event, ...]]
    folded: Mapping[str, Ticket]
    set_aside: frozenset[str]

    @cached_property
    def tickets(self) -> Mapping[str, Ticket]:
        """The tickets of the order *key*, by number."""
        return self.tickets_of(self.key)

    @cached_property
    def ledger(self) -> Ledger | None:
        """The ledger of the order; None if no ticket of it has an order."""
        return _ledger_of(self.tickets)

    def wakes(self, key: str) -> datetime | None:
        """Return the first instant, in UTC, at which a ticket of a locked order acts.

        Tickets that are set aside do not count. A ticket with unread content may have timers that
        only a newer version knows, so it counts at once. None if no ticket ever acts.
        """
        tickets = self.tickets_of(key)
        ledger = _ledger_of(tickets) if len(tickets) > 1 else None
        instants = (
            ticket.at if ticket.unread else wakes(ticket, ledger)
            for number, ticket in tickets.items()
            if number not in self.set_aside
        )
        return min((at for at in instants if at is not None), default=None)

    def put_aside(self, reasons: Mapping[str, str | None]) -> "LockedOrder":
        """Return the order with tickets set aside, each for a reason; None ends this.

        The version of the order grows by one. Raises FieldError for the number of another ticket.
        """
        for number in reasons.keys() - self.folded.keys():
            expected = f"numbers of the locked tickets {sorted(self.folded)}"
            raise FieldError("LockedOrder.put_aside", "reasons", number, expected)
        aside = {number for number, reason in reasons.items() if reason is not None}
        set_aside = (self.set_aside - reasons.keys()) | aside
        versions = {**self.versions, self.key: self.versions[self.key] + 1}
        return attrs.evolve(self, set_aside=set_aside, versions=versions)

    def append(self, events: Iterable[tuple[str, Sequence[Event]]], at: datetime) -> Append:
        """Return what appending *events* changes. Each part has the number of its ticket.

        *at* is the instant of recording. Raises HistoryError if the first event of a new ticket
        is not Opened, and LedgerError if a ticket moves to an order that is not locked.
        """
        histories, folded = dict(self.histories), dict(self.folded)
        recorded: list[Recorded] = []
        for number, new in events:
            before = histories.get(number, ())
            recorded += [
                Recorded(number, seq, e, at) for seq, e in enumerate(new, len(before) + 1)
            ]
            if new:
                histories[number] = (*before, *new)
                folded[number] = fold(new, folded.get(number))
        return self._changed(histories, folded, tuple(recorded), rewritten=False)

    def rewrite(self, histories: Mapping[str, Sequence[Event]]) -> Append:
        """Return what writing other events in place of the recorded ones changes.

        Each history has as many events as before, of the same classes, or FieldError is raised.
        Raises LedgerError as `append` does.
        """
        for number, events in histories.items():
            before = [type(event).__name__ for event in self.histories.get(number, ())]
            found = [type(event).__name__ for event in events]
            if found != before:
                expected = f"for ticket {number!r} events of the classes {before}"
                raise FieldError("LockedOrder.rewrite", "histories", found, expected)
        return self._changed(
            {**self.histories, **{number: tuple(e) for number, e in histories.items()}},
            {**self.folded, **{number: fold(e) for number, e in histories.items()}},
            tuple(
                Recorded(number, seq, event)
                for number, events in histories.items()
                for seq, event in enumerate(events, 1)
            ),
            rewritten=True,
        )

    def _changed(
        self,
        histories: Mapping[str, tuple[Event, ...]],
        folded: Mapping[str, Ticket],
        recorded: tuple[Recorded, ...],
        *,
        rewritten: bool,
    ) -> Append:
        numbers = dict.fromkeys(each.ticket for each in recorded)
        rows = {n: _row(n, folded[n], self.versions) for n in numbers}
        touched = {row.order_key for row in rows.values()}
        touched |= {order_key_of(n, self.folded[n]) for n in numbers if n in self.folded}
        named = _persons((each.ticket, each.event) for each in recorded)
        gone: frozenset[tuple[str, str]] = frozenset()
        if rewritten:
            gone = _persons((n, e) for n in numbers for e in self.histories[n]) - named
        after = LockedOrder(
            tenant=self.tenant,
            key=self.key,
            versions={k: v + 1 if k in touched else v for k, v in self.versions.items()},
            histories=histories,
            folded=folded,
            set_aside=self.set_aside - numbers.keys(),
        )
        return Append(
            after=after,
            recorded=recorded,
            opened=tuple(row for n, row in rows.items() if n not in self.folded),
            changed=tuple(row for n, row in rows.items() if n in self.folded),
            wakes={key: after.wakes(key) for key in sorted(touched)},
            named=frozenset(pair for pair in named if not self._has_named(*pair)),
            gone=gone,
        )

    def _has_named(self, person: str, number: str) -> bool:
        """Return whether a recorded event of the ticket names the person: often the last one."""
        history = reversed(self.histories.get(number, ()))
        return any(person in _persons_in(event) for event in history)

    def tickets_of(self, key: str) -> dict[str, Ticket]:
        """Return the tickets of a locked order, by number."""
        return {n: t for n, t in self.folded.items() if order_key_of(n, t) == key}


def order_key_of(number: str, ticket: Ticket) -> str:
    """Return the key of the order that a ticket belongs to now."""
    return order_key(number, ticket.opened.vendor, ticket.order)


def _row(number: str, ticket: Ticket, locked: Mapping[str, int]) -> TicketRow:
    key = order_key_of(number, ticket)
    if key not in locked:
        raise LedgerError(f"ticket {number!r} moves to {key}, which is not locked: lock both")
    return TicketRow(order_key=key, summary=summary_of(number, ticket))


def _persons(events: Iterable[tuple[str, Event]]) -> frozenset[tuple[str, str]]:
    """Return each person that an event names, with the number of its ticket."""
    return frozenset((person, number) for number, e in events for person in _persons_in(e))


def _persons_in(event: Event) -> Iterator[str]:
    """Yield the ids of the person that acts in an event, and of those that it names."""
    fields: Callable[[Any], tuple[str, ...]] = _fields_of
    for field in fields(type(event)):
        person = getattr(event, field)
        if person is not None:
            yield person


@cache
def _fields_of(event: Any) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(event) if field.name in PERSON_FIELDS)


def _ledger_of(tickets: Mapping[str, Ticket]) -> Ledger | None:
    return Ledger.of(tickets) if any(ticket.order for ticket in tickets.values()) else None


def check_after(after: int) -> None:
    """Raise FieldError for a number that no event can have: the database could not compare it."""
    if not 0 <= after <= _LAST_SEQ:
        raise FieldError("events", "after", after, "a sequence number, or 0 for all events")


def check_key(order: str | None) -> None:
    """Raise FieldError for text that is not the key of an order, such as the order's number."""
    if order is not None and not order.startswith(("ticket:", "order:", "vendor:")):
        raise FieldError("Store.lock", "order", order, "a key that order_key() returns, or None")


def check_followers(followers: Iterable[Any]) -> tuple[str, ...]:
    """Return the followers of a store. Raises FieldError for a name that is blank or not text."""
    names = tuple(dict.fromkeys(followers))
    for name in names:
        if not (isinstance(name, str) and is_storable(name) and has_visible(name)):
            raise FieldError("Store", "followers", name, f"{VISIBLE}, and {STORABLE}")
    return names


def check_follower(follower: str, known: Sequence[str]) -> None:
    """Raise FieldError for a follower that the store marks no tickets for."""
    if follower not in known:
        expected = f"a follower of the store, which has {list(known)}"
        raise FieldError("Store", "follower", follower, expected)


def conflict(order: LockedOrder) -> ConflictError:
    """Return the error for an order that was changed since it was read."""
    number = min(order.tickets, default="")
    return ConflictError(number, len(order.histories.get(number, ())))
