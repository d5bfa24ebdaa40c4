"""An oracle for orders: recomputes from the recorded events alone what may and must be refunded.

It reads the events in the order in which they happened, and no ticket or ledger. `OrderOracle` is
the naive counterpart of `ticketcore.ledger.OrderState`.
"""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ticketcore.commands import Refund
from ticketcore.events import (
    Cancelled,
    Closed,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    Event,
    Money,
    Opened,
    Order,
    OrderCorrected,
    Outcome,
    Refunded,
    RefundFailed,
)
from ticketcore.policies import Policy


@attrs.define
class _Dispute:
    ticket: str
    opened: DisputeOpened
    amount: int
    outcome: Outcome | None = None


class OrderOracle:
    """The facts of one order, read from its events; each event is checked before it is added."""

    def __init__(self, policies: Mapping[str, Policy]) -> None:
        self.policies = policies
        self.facts: dict[str, tuple[datetime, str, Order]] = {}
        self.units: dict[str, tuple[str, ...]] = {}
        self.refunds: dict[tuple[str, str | None, int], Refunded] = {}
        self.disputes: dict[str, _Dispute] = {}
        self.ended = False

    def add(self, number: str, event: Event) -> None:
        """Check one event of a ticket against all before it, and add it."""
        match event:
            case Opened():
                assert event.order is not None
                self.facts[number] = (event.at, number, event.order)
                self.units[number] = event.units
            case OrderCorrected():
                self.facts[number] = (event.at, number, event.order)
                self.units[number] = event.units
            case Refunded():
                self._refund(number, event)
            case RefundFailed():
                self.refunds = {
                    key: refund
                    for key, refund in self.refunds.items()
                    if key[:2] != (number, event.reference)
                }
            case Cancelled(subscription=True):
                assert not self.ended, "the subscription ended twice"
                self.ended = True
            case DisputeOpened():
                self._open_dispute(number, event)
            case DisputeCorrected() if event.amount is not None:
                self.disputes[event.dispute].amount = event.amount.minor
            case DisputeResolved():
                self._resolve(event)
            case Closed():
                self._close(number, event)
            case _:
                pass

    # The money of the order.

    @property
    def order(self) -> Order:
        """The newest facts of the order."""
        return max(self.facts.values(), key=lambda facts: facts[:2])[2]

    @property
    def captured(self) -> int:
        """The captured money, in minor units: at least the sum of the invoices known."""
        invoices = {}
        for _, _, order in sorted(self.facts.values(), key=lambda facts: facts[:2]):
            if order.invoice_amount is not None:
                invoices[order.invoice] = order.invoice_amount.minor
        return max(self.order.amount.minor, sum(invoices.values()))

    @property
    def refunded(self) -> int:
        """The sum of the refunds that have not failed, in minor units."""
        return sum(refund.amount.minor for refund in self.refunds.values())

    def held_by(self, dispute: _Dispute) -> int:
        """Return what a running or lost dispute takes, in minor units."""
        if dispute.outcome in ("won", "superseded"):
            return 0
        settled = [
            refund.amount.minor
            for refund in self.refunds.values()
            if refund.dispute == dispute.opened.dispute
        ]
        return max(dispute.amount - sum(settled), 0)

    def taken(self, *, without: str | None = None) -> int:
        """Return what running and lost disputes take, one of them left out."""
        return sum(
            self.held_by(dispute) for id_, dispute in self.disputes.items() if id_ != without
        )

    def left(self, number: str, settles: str | None = None) -> int:
        """Return what a ticket may refund on request, in minor units."""
        captured = self.captured
        cap = captured
        if self.taken() < captured:
            cap = self.policies[number].refunds.cap(Money(captured, self.order.amount.currency))
        return max(cap - self.refunded - self.taken(without=settles), 0)

    def owed(self, number: str) -> int:
        """Return what a refund timer of a ticket must pay, in minor units."""
        amounts = [self.captured - self.refunded - self.taken()]
        order = self.facts[number][2]
        if order.invoice_amount is not None:
            paid = [r.amount.minor for r in self.refunds.values() if r.invoice == order.invoice]
            amounts.append(order.invoice_amount.minor - sum(paid))
        if self._is_about_some_units(number):
            unpaid = [unit for unit in self.units[number] if unit not in self.paid_units]
            prices = [unit.amount for unit in self.order.units if unit.id in unpaid]
            amounts.append(sum(price.minor for price in prices if price is not None))
        return max(min(amounts), 0)

    @property
    def paid_units(self) -> set[str]:
        """The units that were refunded."""
        return {unit for refund in self.refunds.values() for unit in refund.units}

    def price(self, units: list[str]) -> int | None:
        """Return the price of units, in minor units; None if one has no price."""
        prices = [unit.amount for unit in self.order.units if unit.id in units]
        if None in prices:
            return None
        return sum(price.minor for price in prices if price is not None)

    def _is_about_some_units(self, number: str) -> bool:
        return bool(self.units[number]) and len(self.units[number]) < len(self.order.units)

    # The checks of single events.

    def _refund(self, number: str, event: Refunded) -> None:
        assert event.amount.minor > 0
        known = {refund.reference for refund in self.refunds.values()} - {None}
        assert event.reference not in known, "a reference was used twice"
        assert not self.paid_units & set(event.units), "a unit was refunded twice"
        price = self.price(list(event.units)) if event.units else None
        assert price is None or event.amount.minor <= price, "a unit was refunded above its price"
        if event.timer is None:
            assert event.amount.minor <= self.left(number, event.dispute), "above the cap"
        else:
            assert event.amount.minor == self.owed(number), "a timer pays what is owed"
        self.refunds[number, event.reference, len(self.refunds)] = event

    def _close(self, number: str, event: Closed) -> None:
        if event.timer not in ("refund", "refund-at-once"):
            return
        paid = [
            refund
            for (ticket, _, _), refund in self.refunds.items()
            if ticket == number and refund.timer == event.timer and refund.at == event.at
        ]
        assert paid or not self.owed(number), "a refund timer pays what is owed"

    def _open_dispute(self, number: str, event: DisputeOpened) -> None:
        assert event.amount is not None
        assert event.dispute not in self.disputes, "an id was used twice"
        for dispute in self.disputes.values():
            beside = dispute.outcome is None and event.kind in dispute.opened.supersedes
            assert not beside, "a claim was opened beside a chargeback"
        self.disputes[event.dispute] = _Dispute(number, event, event.amount.minor)

    def _resolve(self, event: DisputeResolved) -> None:
        resolved = self.disputes[event.dispute]
        assert resolved.outcome != "superseded", "a superseded dispute was resolved"
        resolved.outcome = event.outcome

    def check_claims(self) -> None:
        """Check that no claim runs that a later chargeback superseded."""
        for dispute in self.disputes.values():
            if dispute.outcome is not None:
                continue
            for other in self.disputes.values():
                later = other.opened.at > dispute.opened.at
                assert not (later and dispute.opened.kind in other.opened.supersedes)

    # The checks of refusals.

    def check_refusal(self, number: str, command: Refund, code: str) -> None:
        """Check that a refund was refused for a reason."""
        left = self.left(number, command.dispute)
        lost = sum(self.held_by(d) for d in self.disputes.values() if d.outcome == "lost")
        asked = 0 if command.amount is None else command.amount.minor
        match code:
            case "cap-exceeded":
                assert left
                price = self.price(self._units_of(number, command))
                asked = asked or price or 0
                assert asked > left or (price is not None and asked > price)
            case "already-reimbursed":
                assert lost
                assert not self.left(number)
            case "dispute-running":
                assert self.taken() > lost
                assert not left
            case "unit-refunded":
                assert set(command.units or self.units[number]) & self.paid_units
            case "nothing-to-refund":
                rest = self.captured - self.refunded - self.taken(without=command.dispute)
                settled = self.disputes.get(command.dispute or "")
                nothing = settled is not None and not self.held_by(settled)
                assert rest <= 0 or nothing or not self.price(self._units_of(number, command))
            case _:
                pass

    def _units_of(self, number: str, command: Refund) -> list[str]:
        """Return the units that a refund concerns: the unpaid ones of the ticket by default."""
        units = command.units or self.units[number]
        return [unit for unit in units if unit not in self.paid_units]
