"""C13: a finding of abuse reopens a ticket only while something is left to carry out."""

from functools import partial

import attrs
import pytest

from support.policies.permissive_policy import ORDER, T0, at, sent
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply, reviewed_type
from ticketcore.events import Event, Money, Order, Reviewed
from ticketcore.policies import parse_policy
from ticketcore.ticket import Ticket

_ALL = ", ".join(f'"{name}"' for name in c.COMMANDS)
POLICY = parse_policy(
    f"""
name = "reviewed"
effective = 2026-01-01
zone = "UTC"
[types.refund]
[types.cancellation]
[types.question]
[disputes.claim]
[refunds]
partial = true
[[permission]]
commands = [{_ALL}]
by = ["customer", "vendor", "support"]
[[timer]]
name = "refund"
from = "type-set"
after = "24 hours"
effect = "refund"
when = {{ type = "refund" }}
[[timer]]
name = "cancel"
from = "type-set"
after = "24 hours"
effect = "cancel"
when = {{ type = "cancellation" }}
"""
)
CENT = attrs.evolve(ORDER, amount=Money(1, "EUR"))
FREE = attrs.evolve(ORDER, amount=Money(0, "EUR"))
PAID = c.Refund(at=at(1), by="vendor", reference="R")
PART = attrs.evolve(PAID, amount=Money(9_999, "EUR"))
REIMBURSED = (
    c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim"),
    c.ResolveDispute(at=at(1), by="support", dispute="D", outcome="lost"),
)
CLOSE = c.Close(at=at(2), by="vendor")
REOPEN = c.Reopen(at=at(30), by="customer")


def _opened(kind: str, order: Order | None = ORDER, by: str = "customer") -> Ticket:
    command = c.Open(at=T0, by=by, type=kind, order=order)  # type: ignore[arg-type]
    return decide_and_apply(None, command, POLICY)[0]


_after = partial(sent, policy=POLICY)


def _undone(ticket: Ticket) -> list[str]:
    """Return the class names of the events that a finding of abuse causes."""
    requested = _after(ticket, c.RequestReview(at=ticket.at, by="customer"))
    review = c.Review(at=ticket.at, by="support", abuse=True)
    events: tuple[Event, ...] = decide(requested, review, POLICY)
    assert isinstance(events[0], Reviewed)
    return [type(event).__name__ for event in events[1:]]


@pytest.mark.parametrize(
    ("order", "before", "undone"),
    [
        (ORDER, (), ["Reopened", "Scheduled"]),
        (ORDER, (PART,), ["Reopened", "Scheduled"]),
        (ORDER, (PAID,), []),
        (CENT, (PAID,), []),
        (ORDER, REIMBURSED, []),
        (FREE, (), ["Reopened", "Scheduled"]),
        (None, REIMBURSED, ["Reopened", "Scheduled"]),
    ],
    ids=["nothing", "a part", "all of it", "a cent", "by the bank", "free", "no order"],
)
def test_a_ticket_that_was_paid_in_full_stays_closed(
    order: Order | None, before: tuple[c.Command, ...], undone: list[str]
) -> None:
    """C13: a finding of abuse reopens a ticket while a part of its order is unpaid."""
    assert undone == _undone(_after(_opened("refund", order), *before, CLOSE))


@pytest.mark.parametrize("kind", ["refund", "cancellation"])
def test_a_refund_or_cancellation_is_not_carried_out_again(kind: str) -> None:
    """A review does not repeat a refund or cancellation that a timer has carried out."""
    closed_again = attrs.evolve(CLOSE, at=at(31))

    assert [] == _undone(_after(_opened(kind), REOPEN, closed_again))


def test_a_type_without_a_timer_is_never_carried_out() -> None:
    """A review that finds abuse reopens a ticket whose type no timer carries out."""
    assert ["Reopened"] == _undone(_after(_opened("question"), CLOSE))


def test_a_ticket_that_only_the_vendor_set_types_of_keeps_the_first_type_to_carry_out() -> None:
    """If only the vendor set types, a review of abuse carries out the first of them."""
    taken_back = c.ChangeType(at=at(1), by="vendor", type="question")
    ticket = _opened("refund", by="vendor")

    assert ["refund", "refund"] == [
        reviewed_type(one, POLICY) for one in (ticket, _after(ticket, taken_back))
    ]
