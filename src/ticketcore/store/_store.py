"""The interface of a store, and the values that it takes and gives.

Every method works in a transaction that the caller has begun and ends. A store commits nothing,
reads no clock, and starts no thread. A ticket that was never opened is not an error: it has no
events.

The order of one step, which :mod:`ticketcore.service` follows:

    order = store.lock(db, number)                      # waits for other writers
    done = advance_order(order.tickets, policy_of, now)
    order = store.append(db, order, done.events, recorded_at=now)
    events = decide(order.tickets.get(number), command, policy, order.ledger)
    order = store.append(db, order, [(number, events)], recorded_at=now, command=receipt)

A *follower* is a part of the host that reacts to events: notifications, a search index, webhooks.
`append` marks the changed tickets for each follower. `take` leases a marked ticket to a worker for
a while, with the events that the follower has not seen. The worker then works without a lock, and
calls `settle` in the transaction of its own writes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import attrs

from ticketcore.events import Event, Recorded
from ticketcore.inbox import Query, TicketSummary
from ticketcore.store._order import LockedOrder

Transaction_contra = TypeVar("Transaction_contra", contravariant=True)


@attrs.frozen(kw_only=True)
class Receipt:
    """The record that a command was carried out, by the command's id.

    *ticket* is the number of its ticket. Its events there have the sequence numbers *first* to
    *last*; if it had none, *last* is *first* - 1. *digest* identifies the command's content.
    """

    id: str
    ticket: str
    first: int
    last: int
    digest: str


@attrs.frozen(kw_only=True)
class Lease:
    """A ticket that a worker of a follower has taken.

    *seen* is the sequence number of the last event that the follower has seen, *events* are those
    after it, in order. *rewrites* counts how often the stored events were rewritten, by erasures,
    since it last settled the ticket: see `anew`. *attempts* counts how often the ticket was taken
    since then. *token* identifies the lease.
    """

    tenant: str
    follower: str
    ticket: str
    seen: int
    events: tuple[Recorded, ...]
    rewrites: int
    attempts: int
    token: str

    @property
    def last_seq(self) -> int:
        """The sequence number of the last event that the follower has seen once it settles."""
        return self.seen + len(self.events)

    @property
    def anew(self) -> bool:
        """Whether the follower must build what it keeps of the ticket again.

        It does so from `Store.events`, and sends no message again.
        """
        return self.rewrites > 0


@attrs.frozen(kw_only=True)
class SetAside:
    """A ticket that is set aside, and why.

    *follower* is the follower that could not handle it; None if the ticket could not be advanced.
    """

    tenant: str
    ticket: str
    reason: str
    follower: str | None = None


class Store(Protocol[Transaction_contra]):
    """A store of tickets. *tenant* is the first part of every key; it is empty by default.

    *db* is the caller's transaction: a `sqlalchemy.Connection`, or what `MemoryStore.begin` gives.
    All instants are UTC. Methods raise StoreError if the database fails, NaiveDatetimeError for a
    datetime without an offset, and FieldError for an argument of a wrong type, a text that
    databases refuse, or a follower that the store does not have. They then have written nothing.
    """

    def lock(
        self, db: Transaction_contra, number: str, *, order: str | None = None, tenant: str = ""
    ) -> LockedOrder:
        """Lock the order of a ticket until the transaction ends, and read its tickets.

        *order* is an `order_key`: the order of a ticket that is being opened, or the order that a
        command moves the ticket to. Both orders are then locked. Without it nothing is locked for
        a ticket that was never opened.
        """

    def lock_due(
        self, db: Transaction_contra, until: datetime, *, tenant: str | None = None
    ) -> LockedOrder | None:
        """Lock the order that has been due longest, and read its tickets.

        Orders of all tenants count, or of one *tenant*.

        Orders that another transaction has locked are left out, so any number of workers may run.
        An order whose events cannot be read is set aside. None if no order is due until this
        instant.
        """

    def append(
        self,
        db: Transaction_contra,
        order: LockedOrder,
        events: Iterable[tuple[str, Sequence[Event]]],
        *,
        recorded_at: datetime,
        command: Receipt | None = None,
    ) -> LockedOrder:
        """Append events to tickets of a locked order, and return the order as it is afterwards.

        Each part of *events* has the number of its ticket. In the same transaction the store
        writes the rows of the tickets, the order's next instant, the marks of all followers, the
        persons, and the receipt of *command*.

        Raises ConflictError if, since the order was read, it was changed, a ticket of this number
        was opened, or the id of *command* was used. Nothing is then written, and the transaction
        stays usable. A SQL store raises CodecError for an event whose body is too large to be read
        again: roll back.
        """

    def events(
        self, db: Transaction_contra, number: str, *, after: int = 0, tenant: str = ""
    ) -> tuple[Recorded, ...]:
        """Return the events of a ticket with sequence numbers above *after*, in order."""

    def next_wake(self, db: Transaction_contra, *, tenant: str | None = None) -> datetime | None:
        """Return the first instant at which an order is due, of all tenants or of one.

        None if no order is ever due.
        """

    def postpone(self, db: Transaction_contra, order: LockedOrder, until: datetime) -> None:
        """Let a locked order be due at *until*. The next append computes the instant again.

        Lock the order again before you write to it. Raises ConflictError if the order was changed
        since it was read, as `set_aside` and `resume` do.
        """

    def receipt(
        self, db: Transaction_contra, command_id: str, *, tenant: str = ""
    ) -> Receipt | None:
        """Return the record of a command that was carried out, or None."""

    def forget_receipts(self, db: Transaction_contra, before: datetime) -> int:
        """Delete the receipts recorded before an instant, and return how many they were."""

    def set_aside(
        self, db: Transaction_contra, order: LockedOrder, reasons: Mapping[str, str]
    ) -> LockedOrder:
        """Leave tickets of a locked order out of `lock_due`, each for a reason.

        An append to such a ticket, or `resume`, ends this. The instant at which the order is due
        is computed again, also if there are no reasons.
        """

    def resume(self, db: Transaction_contra, order: LockedOrder, number: str) -> LockedOrder:
        """Let a ticket that was set aside be advanced again."""

    def all_set_aside(self, db: Transaction_contra) -> tuple[SetAside, ...]:
        """Return all tickets that are set aside, by tenant, ticket and follower."""

    def take(
        self,
        db: Transaction_contra,
        follower: str,
        *,
        now: datetime,
        until: datetime,
        tenant: str | None = None,
    ) -> Lease | None:
        """Lease the ticket that has been marked longest for a follower.

        Tickets of all tenants count, or of one *tenant*.

        Commit, work on it, then `settle` it before *until*. From then on another worker may take
        it. None if no ticket is marked, apart from those that are leased or set aside.
        """

    def settle(self, db: Transaction_contra, lease: Lease) -> None:
        """Record that the follower has handled the events of a lease.

        In the transaction of the follower's own writes each event is handled exactly once. Raises
        LeaseLostError if the lease has passed to another worker.
        """

    def give_back(
        self, db: Transaction_contra, lease: Lease, *, until: datetime | None, reason: str
    ) -> None:
        """End a lease that failed. The ticket may be taken again from *until* on.

        With None it is set aside for this follower until `retry`. Raises LeaseLostError as
        `settle` does.
        """

    def retry(
        self, db: Transaction_contra, follower: str, number: str, *, tenant: str = ""
    ) -> None:
        """Let a follower take a ticket again that it has set aside."""

    def start_follower(self, db: Transaction_contra, follower: str) -> None:
        """Mark all tickets of all tenants for a new follower, from their first event on."""

    def tickets_of(
        self, db: Transaction_contra, person: str, *, tenant: str = ""
    ) -> tuple[str, ...]:
        """Return the numbers of all tickets whose events name a person, in order."""

    def rewrite(
        self,
        db: Transaction_contra,
        order: LockedOrder,
        histories: Mapping[str, Sequence[Event]],
    ) -> LockedOrder:
        """Write other events in place of those of tickets of a locked order, for an erasure.

        Each history has as many events as before, with the same names. Followers then build the
        tickets again. Raises ConflictError as `append` does.
        """

    def summary(
        self, db: Transaction_contra, number: str, *, tenant: str = ""
    ) -> TicketSummary | None:
        """Return the list row of a ticket; None if it was never opened."""

    def search(
        self, db: Transaction_contra, query: Query, *, tenant: str = ""
    ) -> tuple[TicketSummary, ...]:
        """Return the list rows that meet a query, in its order, as `Query.select` does."""
