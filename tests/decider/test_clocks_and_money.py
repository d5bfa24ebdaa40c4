"""What timers do to money, and whose turn a call for support passes."""

import pytest

from support.permissive_policy import T0, at
from ticketcore import commands as c
from ticketcore.decider import Recommendation, advance, advise, decide, decide_and_apply
from ticketcore.events import (
    Cancelled,
    Closed,
    Escalated,
    Event,
    Money,
    Order,
    Refunded,
    Scheduled,
)
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket

_BASE = """
name = "timed"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[disputes.claim]
[[permission]]
commands = ["open", "refund", "reply", "escalate", "hand-back", "reschedule",
  "open-dispute", "resolve-dispute"]
by = ["customer", "vendor", "support"]
"""
_TIMER = '[[timer]]\nname = "{0}"\nfrom = "opened"\nafter = "24 hours"\neffect = "{0}"\n'
CONFIRMED = "[refunds]\nrequires_confirmation = true\npartial = true\n"
ORDER = Order(number="O-1", sold_at=T0, amount=Money(10_000, "EUR"))
INVOICE = Money(900, "EUR")
SUBSCRIPTION = Order(
    number="O-1",
    sold_at=T0,
    amount=Money(10_000, "EUR"),
    billing="recurring",
    invoice_amount=INVOICE,
)


def _policy(*effects: str, more: str = "") -> Policy:
    return parse_policy(_BASE + more + "".join(_TIMER.format(effect) for effect in effects))


def _ticket(policy: Policy, order: Order | None, *commands: c.Command) -> Ticket:
    ticket, _ = decide_and_apply(None, c.Open(at=T0, by="customer", order=order), policy)
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket


def _due(ticket: Ticket, policy: Policy) -> list[Event]:
    events = advance(ticket, policy, at(24))
    return [event for event in events if not isinstance(event, Scheduled)]


def test_a_refund_that_has_to_be_confirmed_has_a_reference() -> None:
    """It names the timer, and counts on, so that no two are alike."""
    policy = _policy("refund", more=CONFIRMED)
    part = c.Refund(at=at(1), by="vendor", reference="R", amount=Money(1, "EUR"))
    refunded, _ = _due(_ticket(policy, ORDER, part), policy)

    assert (
        Refunded(
            at=at(24),
            amount=Money(9_999, "EUR"),
            reference="refund-2",
            awaits_confirmation=True,
            timer="refund",
            derived=True,
        )
        == refunded
    )


def test_a_subscription_is_refunded_its_invoice_and_ends() -> None:
    """C8: only the latest invoice goes back, and nothing more is billed."""
    policy = _policy("refund")

    assert [
        Refunded(at=at(24), amount=INVOICE, timer="refund", derived=True),
        Cancelled(at=at(24), subscription=True, timer="refund", derived=True),
        Closed(at=at(24), by="system", timer="refund", derived=True),
    ] == _due(_ticket(policy, SUBSCRIPTION), policy)


@pytest.mark.parametrize(("outcome", "left"), [("lost", []), ("won", [ORDER.amount])])
def test_who_was_reimbursed_is_not_refunded(outcome: str, left: list[Money]) -> None:
    """A dispute that the customer won has paid already; one that the vendor won has not."""
    policy = _policy("refund")
    ticket = _ticket(
        policy,
        ORDER,
        c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim"),
        c.ResolveDispute(at=at(1), by="support", dispute="D", outcome=outcome),  # type: ignore[arg-type]
    )

    assert left == [event.amount for event in _due(ticket, policy) if isinstance(event, Refunded)]


def test_a_timer_calls_support_in() -> None:
    """The turn passes to support, by the system."""
    policy = _policy("escalate")
    ticket = _ticket(policy, None)

    assert [
        Escalated(at=at(24), by="system", to="support", timer="escalate", derived=True)
    ] == _due(ticket, policy)


@pytest.mark.parametrize(
    ("default_handler", "before", "does"),
    [
        ("vendor", [], 1),
        ("vendor", [c.Escalate(at=at(1), by="vendor")], 0),
        (
            "vendor",
            [c.Escalate(at=at(1), by="vendor"), c.HandBack(at=at(1), by="support")],
            1,
        ),
        ("vendor", [c.Escalate(at=at(1), by="vendor"), c.Reply(at=at(1), by="support")], 0),
        ("support", [], 0),
        ("support", [c.Reply(at=at(1), by="support")], 1),
        ("support", [c.Reply(at=at(1), by="customer", solution=True)], 1),
    ],
)
def test_support_is_called_in_once(
    default_handler: str, before: list[c.Command], does: int
) -> None:
    """While it handles the ticket a call does nothing; where it is the desk, as long as its
    answer is awaited."""
    policy = parse_policy(f'default_handler = "{default_handler}"\n' + _BASE)
    ticket = _ticket(policy, None, *before)

    assert does == len(decide(ticket, c.Escalate(at=at(2), by="customer"), policy))


def test_a_notices_deadline_stays_until_replanned() -> None:
    """A promise about a dispute is kept like any other, though the policy now says otherwise."""
    timer = '[[timer]]\nname = "answer"\nfrom = "dispute-opened"\nafter = "{}"\n'
    timer += 'effect = "lose-dispute"\nwhen = {{ dispute_kind = "claim" }}\n'
    slow, fast = (_policy(more=timer.format(span)) for span in ("9 days", "2 days"))
    claims = [
        c.OpenDispute(at=at(hour), by="customer", dispute=f"D{hour}", kind="claim")
        for hour in (1, 2)
    ]
    ticket = _ticket(slow, None, *claims)
    kept, _ = decide_and_apply(ticket, c.Reply(at=at(3), by="vendor"), fast)
    anew, _ = decide_and_apply(ticket, c.Reschedule(at=at(3), by="support"), fast)

    assert [at(1 + 9 * 24), at(2 + 9 * 24)] == [timer.due for timer in kept.timers]
    assert [at(1 + 2 * 24), at(2 + 2 * 24)] == [timer.due for timer in anew.timers]


_ADVICE = """
[advice]
rule = "A3"
refund_below = "1.00 EUR"
ask_when_missing = ["order", "shipment"]
"""


@pytest.mark.parametrize(
    ("order", "advised"),
    [
        (
            Order(number="O-1", sold_at=T0, amount=Money(1, "EUR")),
            Recommendation(action="refund", reason="0.01 EUR is below 1.00 EUR", rule="A3"),
        ),
        (
            ORDER,
            Recommendation(
                action="ask", reason="missing: shipment", rule="A3", missing=("shipment",)
            ),
        ),
        (
            Order(number="O-1", sold_at=T0, amount=Money(0, "EUR")),
            Recommendation(
                action="ask", reason="missing: shipment", rule="A3", missing=("shipment",)
            ),
        ),
        (
            None,
            Recommendation(
                action="ask",
                reason="missing: order, shipment",
                rule="A3",
                missing=("order", "shipment"),
            ),
        ),
    ],
)
def test_advice_gives_its_reason(order: Order | None, advised: Recommendation) -> None:
    """A3: a cent is simply refunded, nothing is not; what is missing is named."""
    policy = _policy(more=_ADVICE)

    assert advised == advise(_ticket(policy, order), policy)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (ORDER, "100.00 EUR is not below the limit of 1.00 EUR"),
        (None, "nothing can be refunded"),
    ],
)
def test_advice_to_answer_says_what_could_be_refunded(order: Order | None, reason: str) -> None:
    """And below which amount it would simply have been."""
    policy = _policy(more=_ADVICE.replace('["order", "shipment"]', "[]"))

    assert Recommendation(action="answer", reason=reason, rule="A3") == advise(
        _ticket(policy, order), policy
    )
