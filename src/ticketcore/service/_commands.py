"""Handle commands: lock the order, advance it, decide, and append.

A command goes through these steps, all in the caller's transaction:

1. The order is locked with all its tickets. A command id that is known gets its first answer.
2. The command is stamped: with the instant at which it was received, but not before the ticket's
   last event, and after the last money event of the order's other tickets. So money events of two
   tickets never share an instant by chance.
3. The order is advanced until then. If the command is refused, these events are kept.
4. The command is decided, and the order is advanced again: a chargeback ends a claim on another
   ticket at once.
5. All events are appended with the receipt of the command id.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

import attrs

from ticketcore._internal.fast_attrs import fast_copy
from ticketcore._internal.json_text import encode
from ticketcore.commands import (
    HOST_FIELDS,
    ChangePolicy,
    Command,
    CorrectOrder,
    Open,
    dump_command,
    load_command,
)
from ticketcore.decider import OrderAdvance, advance_order, check_move, decide_and_apply
from ticketcore.errors import CommandIdError, ConflictError, RefusedError
from ticketcore.events import Event, Party, Recorded, utc
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy
from ticketcore.service._base import ServiceBase, Transaction, ledger_of, stamp
from ticketcore.store import LockedOrder, Receipt, order_key
from ticketcore.ticket import Ticket, fold


@attrs.frozen(kw_only=True)
class Handled:
    """The answer to a command.

    *ticket* is the ticket after the command; None if it was never opened. *events* are those that
    the command caused on it. *repeated* is true if the command id was known: the answer is then
    that of the first time. *refusal* says why the command was refused; commit all the same, since
    timers that were due are kept. *policy_edited* is true if the policy's file was edited under
    one version since the ticket recorded it.
    """

    ticket: Ticket | None
    events: tuple[Recorded, ...] = ()
    repeated: bool = False
    refusal: RefusedError | None = None
    policy_edited: bool = False


class Commands(ServiceBase[Transaction]):
    """The methods of the service for commands."""

    def handle(
        self,
        db: Transaction,
        number: str,
        command: Command,
        *,
        received_at: datetime | None = None,
        expected_version: int | None = None,
        tenant: str = "",
    ) -> Handled:
        """Decide a command about the ticket *number* in the caller's transaction, and store it.

        The service stamps the command; its own `at` is ignored. *received_at* is the
        instant at which a message arrived that could not be handled at once, such as an e-mail
        during an outage; an instant later than now counts as now. *expected_version* is the number
        of events that the sender has seen. A command with a `command_id` is carried out once.

        A refusal is returned, not raised: commit, since timers that were due are kept. Raises
        ConflictError if the ticket has another version, CommandIdError if the id belongs to
        another command, OrderNotAdvancedError if money waits for a ticket that cannot be
        advanced, FieldError for a number that databases refuse, CodecError for an event that is
        too large for a database, and as `decide` does, StoreError if the database fails. Roll
        back after an error.
        """
        try:
            return self._handle(db, number, command, received_at, expected_version, tenant)
        except ConflictError as conflict:
            if conflict.actual is not None:
                raise
        # Another transaction opened this number or used this id. Its rows can be seen now.
        return self._handle(db, number, command, received_at, expected_version, tenant)

    def handle_json(
        self,
        db: Transaction,
        number: str,
        source: str | bytes | Mapping[str, object],
        *,
        by: Party,
        actor: str | None = None,
        command_id: str | None = None,
        received_at: datetime | None = None,
        expected_version: int | None = None,
        tenant: str = "",
        **facts: object,
    ) -> Handled:
        """Handle the command of a client, as JSON. *facts* are host fields, as in `load_command`.

        *command_id* is the client's id if it comes outside the JSON, such as in the header
        `Idempotency-Key`. Raises CodecError with the path of a mistake in *source*, and as
        `handle` does.
        """
        command = load_command(source, at=self.now(), by=by, actor=actor, **facts)
        if command_id is not None:
            command = attrs.evolve(command, command_id=command_id)
        return self.handle(
            db,
            number,
            command,
            received_at=received_at,
            expected_version=expected_version,
            tenant=tenant,
        )

    def _handle(
        self,
        db: Transaction,
        number: str,
        command: Command,
        received_at: datetime | None,
        expected_version: int | None,
        tenant: str,
    ) -> Handled:
        moves_to = self._order_after(db, number, command, tenant)
        order = self._store.lock(db, number, order=moves_to, tenant=tenant)
        digest = ""
        if command.command_id is not None:
            digest = _digest(number, command)
            receipt = self._store.receipt(db, command.command_id, tenant=tenant)
            if receipt is not None:
                return self._first_answer(db, receipt, digest, tenant)
        seen = len(order.histories.get(number, ()))
        if expected_version not in (None, seen):
            raise ConflictError(number, expected_version, seen)
        now = self.now()
        received = now if received_at is None else min(utc(received_at), now)
        target = order.tickets_of(moves_to) if moves_to and moves_to != order.key else {}
        at, past = self._advance_to(order.tickets, number, stamp(target, number, received))
        command = _stamped(command, number, at)
        ticket = past.tickets.get(number)
        try:
            policy = self._policy_for(command, ticket)
            ledger = ledger_of(past.tickets, number)
            changed, events = decide_and_apply(ticket, command, policy, ledger)
            if target and ticket is not None and isinstance(command, CorrectOrder):
                check_move(ticket, command, Ledger.of(target))
        except RefusedError as refusal:
            self._store.append(db, order, past.events, recorded_at=now)
            return Handled(ticket=ticket, refusal=refusal)
        reaction = self._react(order, past, number, changed, at)
        appended = (*past.events, (number, events), *reaction)
        first = 1 if ticket is None else ticket.version + 1
        order = self._store.append(
            db,
            order,
            appended,
            recorded_at=now,
            command=None
            if command.command_id is None
            else Receipt(
                id=command.command_id,
                ticket=number,
                first=first,
                last=first + len(events) - 1,
                digest=digest,
            ),
        )
        return Handled(
            ticket=order.folded[number],
            events=_recorded(number, first, events, now),
            policy_edited=ticket is not None and policy.was_edited_since(ticket),
        )

    def _order_after(
        self, db: Transaction, number: str, command: Command, tenant: str
    ) -> str | None:
        """Return the key of the order to which the command moves the ticket, or opens it in."""
        match command:
            case Open(vendor=vendor, order=order):
                return order_key(number, vendor, order)
            case CorrectOrder(order=order):
                summary = self._store.summary(db, number, tenant=tenant)
                return None if summary is None else order_key(number, summary.vendor, order)
            case _:
                return None

    def _first_answer(
        self, db: Transaction, receipt: Receipt, digest: str, tenant: str
    ) -> Handled:
        if receipt.digest != digest:
            raise CommandIdError(receipt.id, receipt.ticket)
        history = self._store.events(db, receipt.ticket, tenant=tenant)[: receipt.last]
        return Handled(
            ticket=fold(recorded.event for recorded in history),
            events=history[receipt.first - 1 :],
            repeated=True,
        )

    def _policy_for(self, command: Command, ticket: Ticket | None) -> Policy:
        if ticket is not None:
            if isinstance(command, ChangePolicy):
                return self.policies.in_force(ticket, command.at)
            return self.policy_of(ticket)
        if isinstance(command, Open):
            return self.policies.of_opening(command)
        reason = "the ticket does not exist: open it first"
        raise RefusedError("not-opened", reason, command=command)

    def _react(
        self,
        order: LockedOrder,
        past: OrderAdvance,
        number: str,
        changed: Ticket,
        at: datetime,
    ) -> tuple[tuple[str, tuple[Event, ...]], ...]:
        """Return what the order's other tickets do because a command changed one of them."""
        if order.folded.keys() <= {number}:  # `decide` has advanced the ticket itself
            return ()
        tickets = {n: past.tickets.get(n, ticket) for n, ticket in order.folded.items()}
        tickets[number] = changed
        key = _key_of(number, changed)
        same_order = {n: ticket for n, ticket in tickets.items() if _key_of(n, ticket) == key}
        return advance_order(same_order, self.policy_of, at).events


def _key_of(number: str, ticket: Ticket) -> str:
    return order_key(number, ticket.opened.vendor, ticket.order)


def _stamped(command: Command, number: str, at: datetime) -> Command:
    if isinstance(command, Open):
        return attrs.evolve(command, at=at, number=number)
    stamped: Command = fast_copy(type(command), "at")(command, at)
    return stamped


def _recorded(
    number: str, first: int, events: tuple[Event, ...], now: datetime
) -> tuple[Recorded, ...]:
    return tuple(Recorded(number, seq, event, now) for seq, event in enumerate(events, first))


def _digest(number: str, command: Command) -> str:
    """Return a digest of the fields that the client set.

    Facts of the host are left out, since they may be others when a client sends a command again:
    a host that numbers tickets gives an opening another number.
    """
    facts = HOST_FIELDS[command.NAME] - {"by", "actor"}
    asked = {name: v for name, v in dump_command(command).items() if name not in facts}
    if not isinstance(command, Open):
        asked["ticket"] = number
    return sha256(encode(asked).encode()).hexdigest()
