"""Small policies made of a permissive base and a few further lines, and tickets under them."""

from typing import Any

import pytest

from support.policies.permissive_policy import T0, at
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Money
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket

_PARTIES = '["customer", "vendor", "support", "system"]'
_COMMANDS = ", ".join(f'"{name}"' for name in c.COMMANDS)
BASE = f"""
name = "base"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[types.other]
[disputes.claim]
[[permission]]
commands = [{_COMMANDS}]
by = {_PARTIES}
"""


def policy_of(text: str, **changes: str) -> Policy:
    """Return a policy that permits everything, with further lines and other values of its head."""
    base = BASE
    for name, value in changes.items():
        base = base.replace(f"{name} = ", f"{name} = {value} #")
    return parse_policy(base + text)


def timer_text(name: str, effect: str, after: str = "24 hours", since: str = "opened") -> str:
    """Return the lines of a timer in a policy file."""
    return f'[[timer]]\nname="{name}"\nfrom="{since}"\nafter="{after}"\neffect="{effect}"\n'


def opened(policy: Policy, **facts: Any) -> Ticket:
    """Return a ticket that a customer opened."""
    return decide_and_apply(None, c.Open(at=T0, by="customer", **facts), policy)[0]


def names(events: tuple[Event, ...]) -> list[str]:
    """Return the class names of events."""
    return [type(event).__name__ for event in events]


def refusal(ticket: Ticket | None, command: c.Command, policy: Policy) -> RefusedError:
    """Return the error with which a command is refused."""
    with pytest.raises(RefusedError) as caught:
        decide(ticket, command, policy)
    assert caught.value.command is command
    return caught.value


PLAIN = policy_of("")
MONEY = policy_of("[refunds]\npartial = true\nrequires_confirmation = true\nmax_refunds = 2\n")


def refund(reference: str, amount: str | None = None, **more: Any) -> c.Refund:
    """Return a refund that the vendor requests."""
    money = None if amount is None else Money.parse(amount)
    return c.Refund(at=at(1), by="vendor", reference=reference, amount=money, **more)
