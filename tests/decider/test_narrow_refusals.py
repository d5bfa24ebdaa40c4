"""Refusals that only a narrower policy gives, to the word."""

from typing import Any

import attrs
import pytest

from support.permissive_policy import ORDER, T0, at
from ticketcore import commands as c
from ticketcore.decider import advance, available_commands, decide, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Cancelled, Closed, Money, Scheduled
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket, fold

_BASE = """
name = "narrow"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[[permission]]
commands = ["open", "reply", "refund", "cancel", "close", "escalate", "open-dispute"]
by = ["customer", "vendor", "support"]
[[permission]]
commands = "reopen"
by = "vendor"
requires = "text"
within = "2 days"
rule = "A2"
"""
CLOSE = c.Close(at=at(1), by="vendor")
REFUND = c.Refund(at=at(2), by="vendor", reference="R", amount=Money(1, "EUR"))


def _ticket(policy: Policy, *commands: c.Command, **facts: Any) -> Ticket:
    ticket, _ = decide_and_apply(None, c.Open(at=T0, by="customer", **facts), policy)
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket


def _told(ticket: Ticket, command: c.Command, policy: Policy) -> str:
    with pytest.raises(RefusedError) as refused:
        decide(ticket, command, policy)
    assert command is refused.value.command
    return str(refused.value)


PLAIN = parse_policy(_BASE)
FINAL = parse_policy(_BASE + '[closing]\nrule = "K8"\nfinal_by = ["vendor"]\n')
SEVERAL = parse_policy(_BASE + "[closing]\nper_party = true\n")
WHOLE = parse_policy(_BASE + '[refunds]\nrule = "M1"\n')


def test_after_a_final_closing() -> None:
    """K8: nothing may follow but reading."""
    ticket = _ticket(FINAL, CLOSE)

    assert "ticket-final: the ticket is permanently closed (K8)" == _told(
        ticket, c.Reply(at=at(2), by="customer"), FINAL
    )


def test_after_both_have_closed() -> None:
    """Each who closed is named."""
    ticket = _ticket(SEVERAL, CLOSE, c.Close(at=at(2), by="customer"))

    assert (
        "ticket-closed: the ticket was already closed by vendor and customer at"
        " 2026-01-05 10:00:00+00:00"
    ) == _told(ticket, c.Reply(at=at(3), by="vendor"), SEVERAL)


def test_a_reopening_that_comes_too_late() -> None:
    """The span, and the instant at which it ended, are named."""
    assert (
        "window-passed: vendor may reopen within 2 days after the closing, until"
        " 2026-01-07 10:00:00+00:00 (A2)"
    ) == _told(_ticket(PLAIN, CLOSE), c.Reopen(at=at(50), by="vendor", text="again"), PLAIN)


def test_a_refund_without_an_order() -> None:
    """There is nothing that could be paid back."""
    assert "order-required: the ticket has no order" == _told(_ticket(WHOLE), REFUND, WHOLE)


def test_a_refund_in_part_where_there_is_none() -> None:
    """What could be refunded is named, and the rule."""
    assert (
        "partial-not-allowed: partial refunds are not allowed; the whole rest is 100.00 EUR (M1)"
        == _told(_ticket(WHOLE, order=ORDER), REFUND, WHOLE)
    )


def test_units_of_an_order_without_units() -> None:
    """There is none to choose from."""
    ticket = _ticket(WHOLE, order=attrs.evolve(ORDER, units=()))
    command = c.Cancel(at=at(2), by="vendor", units=("u1",))

    assert "unknown-unit: unknown unit 'u1'; this ticket has none" == _told(ticket, command, WHOLE)


def test_a_dispute_where_there_are_none() -> None:
    """A policy without disputes knows no kind of them."""
    command = c.OpenDispute(at=at(2), by="customer", dispute="D", kind="claim")

    assert "unknown-dispute-kind: unknown kind of dispute 'claim'; narrow has none" == _told(
        _ticket(WHOLE), command, WHOLE
    )


def test_a_channel_is_asked_of_what_comes_by_one() -> None:
    """A closing comes by none, and a reply need not say by which."""
    policy = parse_policy(
        _BASE.replace('by = ["customer', 'channels = ["portal"]\nby = ["customer')
    )
    ticket = _ticket(policy)

    assert decide(ticket, CLOSE, policy)
    assert decide(ticket, c.Reply(at=at(1), by="vendor"), policy)
    assert "channel-not-allowed: a reply by fax is not accepted: use portal" == _told(
        ticket, c.Reply(at=at(1), by="vendor", channel="fax"), policy
    )


def test_what_is_refused_says_what_it_would_have_needed() -> None:
    """An option that is refused names what its permission asks for."""
    listed = available_commands(_ticket(PLAIN, CLOSE), "vendor", PLAIN, at(50))
    (reopening,) = (option for option in listed if option.command.NAME == "reopen")

    assert ("refused", ("text",)) == (reopening.state, reopening.requires)


def test_where_any_reason_will_do_it_stays_open() -> None:
    """`…` stands for it."""
    listed = available_commands(_ticket(PLAIN), "vendor", PLAIN, at(1))
    (call,) = (option.command for option in listed if isinstance(option.command, c.Escalate))

    assert "…" == call.reason


def test_a_subscription_ends_once() -> None:
    """C9: what falls due on a subscription that has ended already closes the ticket, no more."""
    timer = '[[timer]]\nname = "cancel"\nfrom = "opened"\nafter = "24 hours"\neffect = "cancel"\n'
    policy = parse_policy(_BASE + timer)
    ticket = fold([Cancelled(at=at(1), by="vendor", subscription=True)], _ticket(policy))

    assert (Closed(at=at(24), by="system", timer="cancel", derived=True),) == tuple(
        event for event in advance(ticket, policy, at(24)) if not isinstance(event, Scheduled)
    )
