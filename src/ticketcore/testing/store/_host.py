"""A small host on a store, with which the tests of a store send commands and run timers."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Generic, NoReturn, TypeVar

import attrs

from ticketcore._internal.json_text import encode
from ticketcore.commands import Command, CorrectOrder, Open, dump_command
from ticketcore.decider import advance_order, decide
from ticketcore.errors import CommandIdError, RefusedError
from ticketcore.events import Event
from ticketcore.policies import Policy
from ticketcore.store import LockedOrder, Receipt, Store, order_key

Transaction = TypeVar("Transaction")
Result = TypeVar("Result")


def _undefined(*_: object) -> NoReturn:
    raise TypeError("the Harness needs write_row and rows, for rows in a table of your own")


@attrs.frozen
class Harness(Generic[Transaction]):
    """A store under test, and a function that runs work in a transaction of its database.

    *run* begins a transaction, passes it to the work, and commits; if the work raises, it rolls
    back and raises the same error. Several threads may call it at once.

    *write_row* is called with the transaction and a text, and writes the text to a table of your
    own. *rows* is called with the transaction, and returns all these texts. `StoreSuite` needs
    both, and a table that is empty at first.
    """

    store: Store[Transaction]
    run: Callable[[Callable[[Transaction], Any]], Any]
    write_row: Callable[[Transaction, str], object] = attrs.field(default=_undefined, kw_only=True)
    rows: Callable[[Transaction], Iterable[str]] = attrs.field(default=_undefined, kw_only=True)


class Host(Generic[Transaction]):
    """A host of tickets under one policy. It does what `ticketcore.service` does, in few lines."""

    def __init__(self, harness: Harness[Transaction], policy: Policy) -> None:
        self.store: Store[Transaction] = harness.store
        self.policy: Policy = policy
        self._run = harness.run
        self.write_row: Callable[[Transaction, str], object] = harness.write_row
        self.rows: Callable[[Transaction], Iterable[str]] = harness.rows

    def run(self, work: Callable[[Transaction], Result]) -> Result:
        """Run *work* in a transaction of its own."""
        result: Result = self._run(work)
        return result

    def send(
        self,
        ticket: str,
        command: Command,
        version: int | None = None,
        *,
        command_id: str | None = None,
        tenant: str = "",
    ) -> None:
        """Decide a command, and store its events. Raises RefusedError; past timers are kept.

        *version* is not checked, since the order is locked. A command that is older than the
        ticket gets the ticket's instant, as if a host read its clock under the lock.
        """
        refusal = self.run(
            lambda db: self.handle(db, ticket, command, command_id=command_id, tenant=tenant)
        )
        if refusal is not None:
            raise refusal

    def handle(
        self,
        db: Transaction,
        ticket: str,
        command: Command,
        *,
        command_id: str | None = None,
        tenant: str = "",
    ) -> RefusedError | None:
        """Decide and store in a transaction; return the refusal, if the command is refused.

        Raises CommandIdError if the id was used for another command or another ticket.
        """
        moves_to = None
        if isinstance(command, Open):
            moves_to = order_key(ticket, command.vendor, command.order)
        elif isinstance(command, CorrectOrder):
            opened = self.store.lock(db, ticket, tenant=tenant).tickets[ticket].opened
            moves_to = order_key(ticket, opened.vendor, command.order)
        order = self.store.lock(db, ticket, order=moves_to, tenant=tenant)
        digest = _digest(ticket, command)
        known = self.store.receipt(db, command_id, tenant=tenant) if command_id else None
        if known is not None and known.digest != digest:
            raise CommandIdError(known.id, known.ticket)
        if known is not None:
            return None
        command = attrs.evolve(command, at=_stamp(order, ticket, command.at))
        order = self._advance(db, order, command.at)
        try:
            events = decide(order.tickets.get(ticket), command, self.policy, order.ledger)
        except RefusedError as refusal:
            return refusal
        version = len(order.histories.get(ticket, ()))
        receipt = None
        if command_id:
            last = version + len(events)
            receipt = Receipt(
                id=command_id, ticket=ticket, first=version + 1, last=last, digest=digest
            )
        self.store.append(db, order, [(ticket, events)], recorded_at=command.at, command=receipt)
        return None

    def _advance(self, db: Transaction, order: LockedOrder, at: datetime) -> LockedOrder:
        done = advance_order(order.tickets, lambda _: self.policy, at)
        order = self.store.append(db, order, done.events, recorded_at=at)
        if done.failed:
            reasons = {number: str(error) for number, error in done.failed.items()}
            order = self.store.set_aside(db, order, reasons)
        return order

    def run_due(self, until: datetime) -> int:
        """Fire all timers that are due until an instant, each order in a transaction.

        Return how many orders were advanced.
        """
        count = 0
        while self.run(lambda db: self.run_next(db, until)):
            count += 1
        return count

    def run_next(self, db: Transaction, until: datetime) -> tuple[str, ...]:
        """Advance the order that has been due longest, and return the numbers of its tickets."""
        order = self.store.lock_due(db, until)
        if order is None:
            return ()
        self._advance(db, order, until)
        return tuple(order.tickets)

    def history(self, ticket: str, tenant: str = "") -> Sequence[Event]:
        """Return all events of a ticket in order; none if it was never opened."""
        recorded = self.run(lambda db: self.store.events(db, ticket, tenant=tenant))
        return tuple(each.event for each in recorded)


def _digest(ticket: str, command: Command) -> str:
    """Return a digest of a command without its instant, which may differ in a retry."""
    content = {**dump_command(command), "at": "", "ticket": ticket}
    return sha256(encode(content).encode()).hexdigest()


def _stamp(order: LockedOrder, ticket: str, at: datetime) -> datetime:
    current = order.tickets.get(ticket)
    money = [t.money_at for n, t in order.tickets.items() if n != ticket and t.money_at]
    return max([at, *money, *([] if current is None else [current.at])])
