"""A policy that permits everything to every party, and a ticket under it."""

from datetime import UTC, datetime, timedelta

from ticketcore import commands as c
from ticketcore.decider import decide_and_apply
from ticketcore.events import Money, Order, Unit
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket

T0 = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday
_ALL = ", ".join(f'"{name}"' for name in c.COMMANDS)
POLICY = parse_policy(
    f"""
name = "wide-open"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
dispute_rule = "D1"
[types.request]
[types.other]
[disputes.claim]
[disputes.chargeback]
supersedes = ["claim"]
[escalation]
rule = "E1"
reasons = ["unable", "invoice"]
[refunds]
rule = "M1"
partial = true
requires_confirmation = true
max_refunds = 2
[closing]
reply_reopens = ["support"]
[[permission]]
rule = "A1"
commands = [{_ALL}]
by = ["customer", "vendor", "support", "system"]
"""
)
ORDER = Order(
    number="O-1",
    sold_at=T0,
    amount=Money.parse("100.00 EUR"),
    units=(Unit(id="u1"), Unit(id="u2")),
)
OPEN = c.Open(at=T0, by="customer", order=ORDER)


def at(hours: float) -> datetime:
    """Return the instant *hours* hours after the opening."""
    return T0 + timedelta(hours=hours)


def after(*commands: c.Command, policy: Policy = POLICY) -> Ticket:
    """Return the ticket after its opening and these commands."""
    return sent(decide_and_apply(None, OPEN, policy)[0], *commands, policy=policy)


def sent(ticket: Ticket, *commands: c.Command, policy: Policy = POLICY) -> Ticket:
    """Return the ticket after these commands."""
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket
