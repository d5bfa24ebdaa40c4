"""The parts of the service that a host hands in: store, policies and clock."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

import attrs

from ticketcore._internal.arguments import unchecked
from ticketcore.commands import Open
from ticketcore.decider import OrderAdvance, advance_order
from ticketcore.errors import FieldError, UnknownPolicyError
from ticketcore.events import utc
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy
from ticketcore.store import Store
from ticketcore.ticket import Ticket

_TICK = timedelta(microseconds=1)

Transaction = TypeVar("Transaction")


class PolicySource(Protocol):
    """The policies of a host. `PolicyVersions` is one; many vendors need one of their own.

    A method raises UnknownPolicyError or a LookupError for an unknown policy.
    """

    def of_opening(self, command: Open) -> Policy:
        """Return the policy under which a ticket is opened."""

    def of_ticket(self, ticket: Ticket) -> Policy:
        """Return the policy that a ticket records."""

    def in_force(self, ticket: Ticket, at: datetime) -> Policy:
        """Return the policy to which `ChangePolicy` moves a ticket at an instant."""


@attrs.frozen(kw_only=True)
class ServiceBase(Generic[Transaction]):
    """The parts that a host hands in."""

    store: Store[Transaction]
    policies: PolicySource
    clock: Callable[[], datetime]
    _store: Store[Transaction] = attrs.field(
        default=attrs.Factory(lambda self: unchecked(self.store), takes_self=True),
        init=False,
        repr=False,
        eq=False,
    )

    def __attrs_post_init__(self) -> None:
        if not hasattr(self.store, "lock_due"):
            raise FieldError(
                "TicketService", "store", self.store, "a store, such as MemoryStore()"
            )
        if not hasattr(self.policies, "of_ticket"):
            raise FieldError(
                "TicketService", "policies", self.policies, "PolicyVersions.of(policy)"
            )
        if not callable(self.clock):
            raise FieldError(
                "TicketService",
                "clock",
                self.clock,
                "a function, such as lambda: datetime.now(UTC)",
            )

    def now(self) -> datetime:
        """Return the host's present instant, in UTC. Raises NaiveDatetimeError or InstantError."""
        return utc(self.clock())

    def policy_of(self, ticket: Ticket) -> Policy:
        """Return the policy that a ticket records. Raises UnknownPolicyError."""
        try:
            return self.policies.of_ticket(ticket)
        except LookupError as error:
            recorded = f"{ticket.policy} {ticket.policy_version}"
            raise UnknownPolicyError(f"there is no policy {recorded}: {error!r}") from error

    def _advance_to(
        self, tickets: Mapping[str, Ticket], number: str, received: datetime
    ) -> tuple[datetime, OrderAdvance]:
        """Return the instant with which to stamp a command, and the order advanced until then."""
        at = stamp(tickets, number, received)
        while True:
            past = advance_order(tickets, self.policy_of, at)
            after = stamp(past.tickets, number, at)
            if after == at:
                return at, past
            at = after  # a timer moved money at the very instant


def stamp(tickets: Mapping[str, Ticket], number: str, received: datetime) -> datetime:
    """Return the instant of a command, in UTC: after the money of an order's other tickets."""
    ticket = tickets.get(number)
    money = [each.money_at + _TICK for n, each in tickets.items() if n != number and each.money_at]
    return max([received, *([ticket.at] if ticket else []), *money])


def ledger_of(tickets: Mapping[str, Ticket], number: str) -> Ledger | None:
    """Return the ledger of these tickets of one order; None if it has no ticket but *number*."""
    return Ledger.of(tickets) if tickets.keys() - {number} else None
