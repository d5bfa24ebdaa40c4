"""C13: what a review that finds abuse gives back, and what the customer has already."""

from functools import partial

import attrs
import pytest

from support.permissive_policy import ORDER, T0, at, sent
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply, reviewed_type
from ticketcore.events import Event, Money, Order, Reviewed
from ticketcore.policies import parse_policy
from ticketcore.ticket import Ticket

_ALL = ", ".join(f'"{do}"' for do in c.COMMANDS)
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
    """What happens once the vendor, who closed it last, is found to have abused the ticket."""
    asked = _after(ticket, c.RequestReview(at=ticket.at, by="customer"))
    review = c.Review(at=ticket.at, by="support", abuse=True)
    events: tuple[Event, ...] = decide(asked, review, POLICY)
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
def test_who_has_all_his_money_gets_no_more(
    order: Order | None, before: tuple[c.Command, ...], undone: list[str]
) -> None:
    """The ticket lives again for what is still to be paid, and stays closed where that is done;
    where nothing was paid it is not known to be done."""
    assert undone == _undone(_after(_opened("refund", order), *before, CLOSE))


@pytest.mark.parametrize("kind", ["refund", "cancellation"])
def test_what_was_carried_out_is_not_carried_out_again(kind: str) -> None:
    """The timer has done it, and the customer only wrote on."""
    closed_again = attrs.evolve(CLOSE, at=at(31))

    assert [] == _undone(_after(_opened(kind), REOPEN, closed_again))


def test_a_reopened_question_was_carried_out_by_nothing() -> None:
    """No timer does what it asks for, so the vendor has not done it by closing."""
    assert ["Reopened"] == _undone(_after(_opened("question"), CLOSE))


def test_what_the_vendor_opened_and_took_back_is_the_tickets() -> None:
    """Though no other party ever asked for a type."""
    taken_back = c.ChangeType(at=at(1), by="vendor", type="question")
    ticket = _opened("refund", by="vendor")

    assert ["refund", "refund"] == [
        reviewed_type(one, POLICY) for one in (ticket, _after(ticket, taken_back))
    ]
