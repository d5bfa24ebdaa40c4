"""Random stories about one order: commands on two or three tickets, under one policy or two.

A story is drawn without a decider, so many of its commands are refused. Directed stories contain
the rare sequences: claims on one ticket, chargebacks on another and refunds in between, and
refunds that fail while another ticket waits to pay.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

import attrs
from hypothesis import strategies as st

from support.orders.hosts import MONDAY, NUMBERS, TICK, dollars, order_of, priced_units
from ticketcore import commands as c
from ticketcore.events import Order, Outcome, Party, Unit

Step: TypeAlias = tuple[str, c.Command]

_REFUNDS = ("refund", "refund", "refund", "fail", "confirm")
_DISPUTES = ("dispute", "dispute", "resolve", "correct-dispute", "answer")
_REQUESTS = ("change-type", "change-type", "close", "reply", "request-review", "review")
_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "clickbank": _REQUESTS,
    "clickbank-confirmed": (*_REQUESTS, *_REFUNDS),
    "kaufland": ("refund", "refund", "refund", "cancel", "reply", "close"),
    "amazon-pay": (*_REFUNDS, *_DISPUTES, "reply", "close", "correct-order"),
}

# The policies of the tickets, and the commands of a directed story.
_FAILING = ("refund", "fail", "fail", "confirm")
_DISPUTED = ("dispute", "dispute", "dispute", "resolve", "refund", "settle", "fail")
# A chargeback whose notice names a deadline that has passed is lost as it opens, so the claims on
# other tickets have not ended yet when it is settled.
_EXPIRED = ("claim", "expired", "refund")
# While a refund of one ticket waits, another refund fails, or a dispute that held it is won.
_FAILS_BESIDE = ("fail", "fail", "confirm")
_WON_BESIDE = ("claim", "resolve", "resolve")
_BESIDE = (_FAILS_BESIDE, _WON_BESIDE)
_KINDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("clickbank",), ()),
    (("clickbank",), ("change-type", "close", "request-review", "request-review", "review")),
    (("kaufland",), ()),
    (("clickbank-confirmed",), ()),
    (("clickbank-confirmed",), (*_FAILING, "change-type")),
    (("clickbank-confirmed",), _FAILS_BESIDE),
    (("amazon-pay", "clickbank-confirmed"), _WON_BESIDE),
    (("amazon-pay",), ()),
    (("amazon-pay",), _DISPUTED),
    (("amazon-pay",), _EXPIRED),
    (("amazon-pay",), ("claim", "chargeback", "refund", "fail", "answer")),
    (("clickbank-confirmed", "amazon-pay"), ()),
    (("clickbank-confirmed", "amazon-pay"), _DISPUTED),
    (("clickbank-confirmed", "amazon-pay"), ("claim", "chargeback", *_FAILING)),
)
_PAUSES = (
    *(timedelta(0),) * 4,
    TICK,
    *(timedelta(minutes=minutes) for minutes in (5, 60, 300)),
    *(timedelta(days=days) for days in (1, 1, 3, 7, 11)),
)


@attrs.frozen
class OrderStory:
    """The policy of each ticket, and the commands in the order of their instants."""

    policies: Mapping[str, str]
    steps: tuple[Step, ...]


@st.composite
def order_stories(draw: st.DrawFn) -> OrderStory:
    """Draw a story about one order with two or three tickets."""
    return _Drawing(draw).story()


class _Drawing:
    """The part of a story that was drawn so far."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        names, self.directed = draw(st.sampled_from(_KINDS))
        numbers = NUMBERS[: draw(st.integers(2, 3))]
        self.beside = self.directed in _BESIDE
        self.policies = {
            number: names[place % len(names)] if self.beside else draw(st.sampled_from(names))
            for place, number in enumerate(numbers)
        }
        self.units = self._order_units(names)
        self.recurring = draw(st.booleans()) and "kaufland" not in names
        self.opened: list[str] = []
        self.paying: list[str] = []
        self.references: list[tuple[str, str]] = []
        self.disputes: list[tuple[str, str]] = []
        self.at = MONDAY

    def story(self) -> OrderStory:
        """Return the story."""
        steps = []
        for _ in range(self.draw(st.integers(4, 16))):
            steps.append(self._step())
            self.at += self.draw(st.sampled_from(_PAUSES[-5:] if self.beside else _PAUSES))
        return OrderStory(policies=self.policies, steps=tuple(steps))

    def _step(self) -> Step:
        unopened = [number for number in self.policies if number not in self.opened]
        if unopened and (not self.opened or self.draw(st.integers(0, 2)) == 0):
            self.opened.append(unopened[0])
            return unopened[0], self._open(unopened[0])
        number = self.draw(st.sampled_from(self.opened))
        known = _COMMANDS[self.policies[number]]
        rule = self.draw(st.sampled_from(self.directed or known))
        if rule in ("resolve", "correct-dispute", "answer", "settle") and not self.disputes:
            rule = "dispute"
        if rule in ("fail", "confirm") and not self._refunds():
            rule = "refund"
        return _RULES[rule](self, number)

    def _order_units(self, names: tuple[str, ...]) -> tuple[Unit, ...]:
        choices = [priced_units(40, 60), priced_units(40, None), priced_units(30, 30, 60)]
        if "kaufland" not in names:
            choices += [(), ()]
        return self.draw(st.sampled_from(choices))

    def _one_of(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def _some_units(self) -> tuple[str, ...]:
        ids = [unit.id for unit in self.units]
        if not ids or self.draw(st.booleans()):
            return ()
        return tuple(self.draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)))

    def _order(self) -> Order:
        amount = self.draw(st.sampled_from([100, 100, 80, 120]))
        if not self.recurring:
            return order_of(amount, units=self.units)
        invoice = self.draw(st.sampled_from(["I-1", "I-2", None]))
        price = self.draw(st.sampled_from([30, 50]))
        return order_of(
            amount,
            units=self.units,
            billing="recurring",
            invoice_number=invoice,
            invoice_amount=dollars(price),
            invoiced_at=MONDAY - timedelta(days=1),
        )

    def _open(self, number: str) -> c.Command:
        policy = self.policies[number]
        kind = None
        if policy.startswith("clickbank"):
            kind = self._one_of("refund", "technical", "technical", "cancellation")
            kind = "refund" if self.beside else kind
            kind = "refund" if kind == "cancellation" and not self.recurring else kind
            if kind == "refund":
                self.paying.append(number)
        return c.Open(
            at=self.at,
            by="customer",
            number=number,
            type=kind,
            order=self._order(),
            units=self._some_units(),
            zone=None if policy == "kaufland" else "UTC",
            storefront="de" if policy == "kaufland" else None,
            reason="other" if policy == "kaufland" else None,
            has_grace_period=self.draw(st.integers(0, 4)) > 0,
        )

    def _refunds(self) -> list[tuple[str, str]]:
        """Return the refunds that may exist, each as its ticket and its reference."""
        by_timers = [
            (number, f"{number}-refund-1")
            for number in self.paying
            if self.policies[number] == "clickbank-confirmed"
        ]
        return [*self.references, *by_timers]

    def _reference(self) -> tuple[str, str]:
        return self.draw(st.sampled_from(self._refunds()))

    def _dispute(self) -> tuple[str, str]:
        return self.draw(st.sampled_from(self.disputes))

    def refund(self, number: str) -> Step:
        """Refund an amount, units, or all that is left."""
        reference = f"R-{len(self.references)}"
        if self._refunds() and self.draw(st.integers(0, 9)) == 0:
            reference = self._reference()[1]
        self.references.append((number, reference))
        units = self._some_units()
        amount = self.draw(st.sampled_from([None, None, 10, 30, 40, 60, 100, 115]))
        if self.policies[number] == "kaufland" and amount is not None:
            units = units or tuple(unit.id for unit in self.units[:1])
        return number, c.Refund(
            at=self.at,
            by="vendor",
            reference=reference,
            amount=None if amount is None else dollars(amount),
            units=units,
        )

    def settle(self, number: str) -> Step:
        """Refund to settle a dispute."""
        number, refund = self.refund(number)
        assert isinstance(refund, c.Refund)
        return number, attrs.evolve(refund, dispute=self._dispute()[1])

    def confirm(self, _: str) -> Step:
        """Confirm a refund."""
        number, reference = self._reference()
        return number, c.ConfirmRefund(at=self.at, by="support", reference=reference)

    def fail(self, _: str) -> Step:
        """Report that the payment provider declined a refund."""
        number, reference = self._reference()
        return number, c.FailRefund(at=self.at, by="support", reference=reference)

    def cancel(self, number: str) -> Step:
        """Cancel units."""
        units = tuple(unit.id for unit in self.units[:1])
        return number, c.Cancel(at=self.at, by="vendor", units=units)

    def dispute(self, number: str) -> Step:
        """Report a claim or a chargeback."""
        return self._open_dispute(number, self._one_of("claim", "chargeback"))

    def claim(self, number: str) -> Step:
        """Report a claim."""
        return self._open_dispute(number, "claim")

    def chargeback(self, number: str) -> Step:
        """Report a chargeback."""
        return self._open_dispute(number, "chargeback")

    def expired(self, number: str) -> Step:
        """Report a chargeback whose deadline has passed."""
        number, opening = self._open_dispute(number, "chargeback")
        return number, attrs.evolve(opening, deadline=self.at - timedelta(days=1))

    def _open_dispute(self, number: str, kind: str) -> tuple[str, c.OpenDispute]:
        """Report a dispute, on a ticket whose policy knows disputes if there is one."""
        able = [each for each in self.opened if self.policies[each] == "amazon-pay"]
        number = self.draw(st.sampled_from(able or [number]))
        dispute = f"D-{len(self.disputes)}"
        if self.disputes and self.draw(st.integers(0, 14)) == 0:
            dispute = self._dispute()[1]
        self.disputes.append((number, dispute))
        amount = self.draw(st.sampled_from([None, None, 10, 40, 100]))
        deadline = self.draw(st.sampled_from([None, None, None, None, 0, 1, 2]))
        return number, c.OpenDispute(
            at=self.at,
            by="support",
            dispute=dispute,
            kind=kind,
            amount=None if amount is None else dollars(amount),
            deadline=None if deadline is None else self.at + timedelta(days=deadline),
        )

    def resolve(self, _: str) -> Step:
        """Report the outcome of a dispute."""
        number, dispute = self._dispute()
        outcome: Outcome = self.draw(st.sampled_from(["won", "lost"]))
        return number, c.ResolveDispute(at=self.at, by="support", dispute=dispute, outcome=outcome)

    def correct_dispute(self, _: str) -> Step:
        """Correct the amount of a dispute, or its deadline."""
        number, dispute = self._dispute()
        amount = self.draw(st.sampled_from([None, 20, 80]))
        return number, c.CorrectDispute(
            at=self.at,
            by="support",
            dispute=dispute,
            amount=None if amount is None else dollars(amount),
            deadline=self._later() if amount is None else None,
        )

    def _later(self) -> datetime:
        return self.at + timedelta(days=self.draw(st.integers(0, 3)))

    def answer(self, _: str) -> Step:
        """Answer a dispute."""
        number, dispute = self._dispute()
        return number, c.AnswerDispute(at=self.at, by="vendor", dispute=dispute)

    def correct_order(self, number: str) -> Step:
        """Correct the facts of the order."""
        return number, c.CorrectOrder(at=self.at, by="support", order=self._order())

    def change_type(self, number: str) -> Step:
        """Change the type of a ticket, as the customer or with their consent."""
        by: Party = self.draw(st.sampled_from(["customer", "customer", "vendor"]))
        kind = self._one_of("refund", "refund", "technical", "cancellation")
        if kind == "refund" and number not in self.paying:
            self.paying.append(number)
        return number, c.ChangeType(at=self.at, by=by, type=kind, consent=True)

    def reply(self, number: str) -> Step:
        """Answer, as either side."""
        by: Party = self.draw(st.sampled_from(["customer", "vendor"]))
        return number, c.Reply(at=self.at, by=by, text="…")

    def close(self, number: str) -> Step:
        """Close a ticket, as the vendor with the customer's consent."""
        return number, c.Close(at=self.at, by="vendor", consent=True)

    def request_review(self, number: str) -> Step:
        """Ask for a review."""
        return number, c.RequestReview(at=self.at, by="customer")

    def review(self, number: str) -> Step:
        """Report that a review found abuse."""
        return number, c.Review(at=self.at, by="support", abuse=True)


_RULES: Mapping[str, Callable[[_Drawing, str], Step]] = {
    "refund": _Drawing.refund,
    "settle": _Drawing.settle,
    "confirm": _Drawing.confirm,
    "fail": _Drawing.fail,
    "cancel": _Drawing.cancel,
    "dispute": _Drawing.dispute,
    "claim": _Drawing.claim,
    "chargeback": _Drawing.chargeback,
    "expired": _Drawing.expired,
    "resolve": _Drawing.resolve,
    "correct-dispute": _Drawing.correct_dispute,
    "answer": _Drawing.answer,
    "correct-order": _Drawing.correct_order,
    "change-type": _Drawing.change_type,
    "reply": _Drawing.reply,
    "close": _Drawing.close,
    "request-review": _Drawing.request_review,
    "review": _Drawing.review,
}
