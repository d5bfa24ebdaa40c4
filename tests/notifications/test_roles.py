"""Roles of the policy, which levels notify."""

from support.policies.permissive_policy import at
from support.policies.small_policies import opened, policy_of
from ticketcore.decider import advance
from ticketcore.events import Recorded
from ticketcore.notifications import notifications
from ticketcore.ticket import fold

POLICY = policy_of("""
[roles.lead]
[[timer]]
name = "solution"
from = "opened"
after = "4 hours"
met_by = "closed"
effect = "breach"
[[timer.level]]
name = "half"
used = "50 %"
notify = "lead"
[[timer.level]]
name = "soon"
before_due = "1 hour"
[[notification]]
name = "warning"
on = "warned"
to = "customer"
""")


def test_a_level_notifies_its_roles() -> None:
    """The lead is notified of the level that names the role, and the customer of each warning."""
    ticket = opened(POLICY)
    found = []
    for seq, event in enumerate(advance(ticket, POLICY, at(5)), 1):
        ticket = fold((event,), ticket)
        recorded = Recorded(ticket="1", seq=seq, event=event)
        notified = notifications(recorded, ticket, POLICY)
        found += [(each.occurred_at, each.role, each.party) for each in notified]

    assert [
        (at(2), "lead", "support"),
        (at(2), "customer", "customer"),
        (at(3), "customer", "customer"),
    ] == found
