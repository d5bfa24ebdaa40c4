"""A policy says whether to change the type of a ticket answers it."""

from support.policies.permissive_policy import T0, at
from support.policies.small_policies import opened, policy_of
from ticketcore import commands as c
from ticketcore.decider import decide_and_apply
from ticketcore.ticket import Ticket

LATE = """
[[timer]]
name = "late"
when = { waiting_for = "vendor" }
from = "waiting-since"
after = "2 hours"
effect = "breach"
"""


def retyped(head: str = "") -> Ticket:
    """Return a ticket whose type the vendor changed after an hour."""
    policy = policy_of(LATE, zone=f'"UTC"\n{head}') if head else policy_of(LATE)
    change = c.ChangeType(at=at(1), by="vendor", type="other")
    return decide_and_apply(opened(policy), change, policy)[0]


def test_it_answers_unless_the_policy_says_otherwise() -> None:
    """C12: a change of type answers the ticket unless the policy says otherwise."""
    ticket = retyped()

    assert ("customer", at(1)) == (ticket.waiting_for, ticket.vendor_active_at)
    assert () == ticket.timers


def test_to_sort_a_ticket_is_no_answer() -> None:
    """A change of type to sort a ticket is no answer, so the deadline stays."""
    ticket = retyped("retype_answers = false")

    assert ("vendor", T0, None) == (
        ticket.waiting_for,
        ticket.waiting_since,
        ticket.vendor_active_at,
    )
    assert [("late", at(2))] == [(timer.name, timer.due) for timer in ticket.timers]
    assert ("other", "vendor", at(1)) == (ticket.type, ticket.type_set_by, ticket.type_set_at)
