"""Each refusal names the command, its code, what it met, and the rule where one refused."""

from typing import Any

import pytest

from support.permissive_policy import OPEN, POLICY, after, at
from ticketcore import commands as c
from ticketcore.decider import decide
from ticketcore.errors import RefusedError
from ticketcore.events import Money

BY: dict[str, Any] = {"at": at(2), "by": "support"}
CLAIM = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim")
LOST = c.ResolveDispute(at=at(1), by="support", dispute="D", outcome="lost")


def _refund(reference: str, minor: int, currency: str = "EUR", **more: Any) -> c.Refund:
    amount = Money(minor, currency)
    return c.Refund(at=at(1), by="vendor", reference=reference, amount=amount, **more)


# What was asked before, what is refused, and how it is told.
CASES: list[tuple[tuple[c.Command, ...], c.Command, str]] = [
    (
        (),
        c.Open(at=at(1), by="vendor"),
        "already-opened: the ticket was already opened at 2026-01-05 09:00:00+00:00",
    ),
    (
        (),
        c.Escalate(**BY, reason="no reason"),
        "unknown-reason: unknown reason 'no reason'; expected one of unable, invoice (E1)",
    ),
    (
        (),
        c.RequestReview(**BY),
        "nothing-to-review: the ticket was neither closed nor changed (A1)",
    ),
    (
        (),
        c.Review(**BY, abuse=True),
        "no-review-requested: nobody asked for a review of this ticket (A1)",
    ),
    (
        (),
        _refund("R", 1, units=("u9",)),
        "unknown-unit: unknown unit 'u9'; this ticket has u1, u2",
    ),
    (
        (),
        _refund("R", 1, "USD"),
        "currency-differs: the order was paid in EUR, not USD",
    ),
    (
        (),
        _refund("R", 0),
        "nothing-to-refund: 0.00 EUR cannot be refunded: give an amount above zero (M1)",
    ),
    (
        (_refund("Q", 9_900),),
        _refund("R", 101),
        "cap-exceeded: 1.01 EUR exceeds the 1.00 EUR that can still be refunded (M1)",
    ),
    (
        (_refund("R", 1),),
        _refund("R", 2),
        "reference-conflict: the reference 'R' belongs to another refund: use a new one",
    ),
    (
        (_refund("P", 1), _refund("Q", 1)),
        _refund("R", 1),
        "too-many-refunds: 2 refunds were made; the policy allows no more (M1)",
    ),
    (
        (CLAIM, LOST),
        _refund("R", 1),
        "already-reimbursed: the customer has the money already, from a lost dispute (D1)",
    ),
    ((), c.ConfirmRefund(**BY, reference="R"), "unknown-refund: this ticket has no refund 'R'"),
    (
        (_refund("R", 1), c.FailRefund(at=at(1), by="support", reference="R")),
        c.ConfirmRefund(**BY, reference="R"),
        "refund-settled: the refund 'R' has already failed",
    ),
    (
        (),
        c.OpenDispute(**BY, dispute="D", kind="quarrel"),
        "unknown-dispute-kind: unknown kind of dispute 'quarrel'; permissive has claim, chargeback",
    ),
    (
        (CLAIM,),
        c.OpenDispute(**BY, dispute="D", kind="chargeback"),
        "dispute-conflict: the id 'D' belongs to another dispute: use a new one (D1)",
    ),
    (
        (c.OpenDispute(at=at(1), by="customer", dispute="D", kind="chargeback"),),
        c.OpenDispute(**BY, dispute="E", kind="claim"),
        "dispute-superseded: the running chargeback D supersedes a claim (D1)",
    ),
    (
        (),
        c.AnswerDispute(**BY, dispute="D"),
        "unknown-dispute: this ticket has no dispute 'D'",
    ),
    (
        (CLAIM, LOST),
        c.AnswerDispute(**BY, dispute="D"),
        "dispute-settled: the claim D was already lost (D1)",
    ),
    (
        (c.Close(at=at(1), by="vendor"),),
        c.Reply(at=at(2), by="vendor"),
        "ticket-closed: the ticket was already closed by vendor at 2026-01-05 10:00:00+00:00",
    ),
    (
        (c.Reply(at=at(1), by="vendor"),),
        c.Reply(at=at(0.5), by="vendor"),
        "out-of-order: the command is dated 2026-01-05 09:30:00+00:00, before the ticket's"
        " last event at 2026-01-05 10:00:00+00:00",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2].partition(":")[0])
def test_a_refusal_tells_what_it_met(
    case: tuple[tuple[c.Command, ...], c.Command, str],
) -> None:
    """In words, with the values found, and the rule's id at the end."""
    before, command, told = case
    with pytest.raises(RefusedError) as refused:
        decide(after(*before), command, POLICY)

    assert told == str(refused.value)
    assert command is refused.value.command


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (c.Close(at=at(1), by="vendor"), "not-opened: the ticket does not exist: open it first"),
        (
            c.Open(at=at(1), by="vendor", type="quest"),
            "unknown-type: unknown type 'quest'; permissive has request, other",
        ),
    ],
)
def test_a_refusal_before_the_opening(command: c.Command, told: str) -> None:
    """Without a ticket there is less to say."""
    with pytest.raises(RefusedError) as refused:
        decide(None, command, POLICY)

    assert told == str(refused.value)
    assert command is refused.value.command


def test_a_refund_of_the_smallest_amount_is_none_too_small() -> None:
    """A cent may go back, and so may the last one."""
    for minor in (1, 10_000):
        assert 1 == len(decide(after(), _refund("R", minor), POLICY))


def test_an_opening_is_the_same_if_the_same_party_sends_it_again() -> None:
    """It does nothing; from somebody else it is another one."""
    assert () == decide(after(), OPEN, POLICY)
