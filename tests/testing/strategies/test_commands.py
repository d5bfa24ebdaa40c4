"""Drawn commands are accepted or refused, as their strategy says."""

from datetime import UTC, datetime

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from ticketcore.commands import Command, Open, Reply, SetDeadline
from ticketcore.decider import decide, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.policies import Policy, parse_policy
from ticketcore.testing.strategies import (
    commands,
    interesting_instants,
    invalid_commands,
    policies,
)
from ticketcore.ticket import Ticket


@given(st.data())
def test_commands_are_accepted(data: st.DataObject) -> None:
    """The policy accepts a drawn command at its instant."""
    policy = data.draw(policies())
    ticket, _ = decide_and_apply(None, data.draw(commands(None, policy)), policy)

    assert decide(ticket, data.draw(commands(ticket, policy)), policy) is not None


@given(st.data())
def test_invalid_commands_are_refused(data: st.DataObject) -> None:
    """The policy refuses a drawn command, with a ticket and without."""
    policy = data.draw(policies())
    ticket, _ = decide_and_apply(None, data.draw(commands(None, policy)), policy)
    chosen: Ticket | None = data.draw(st.sampled_from([ticket, None]))

    with pytest.raises(RefusedError):
        decide(chosen, data.draw(invalid_commands(chosen, policy)), policy)


@given(st.data())
def test_interesting_instants_are_not_before_the_last_event(data: st.DataObject) -> None:
    """A command comes at the instant of the ticket's last event, or later."""
    policy = data.draw(policies())
    opening: Command = data.draw(commands(None, policy))
    ticket, _ = decide_and_apply(None, opening, policy)

    assert ticket.at <= data.draw(interesting_instants(ticket))


POLICY = """
name = "desk"
effective = 2026-01-01
default_handler = "support"
zone = "UTC"
default_type = "question"
[types.question]
[[timer]]
name = "answer"
from = "opened"
after = "1 day"
effect = "breach"
[[permission]]
commands = "open"
by = "customer"
[[permission]]
commands = "COMMAND"
by = "support"
"""
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def opened_for(command: str) -> tuple[Ticket, Policy]:
    """Return a new ticket on which support may do one thing."""
    policy = parse_policy(POLICY.replace("COMMAND", command))
    return decide_and_apply(None, Open(at=MONDAY, by="customer"), policy)[0], policy


@pytest.mark.parametrize("timer", ["answer", "deadline"])
@pytest.mark.parametrize("is_past", [True, False])
def test_deadlines_of_each_timer_are_set_by_hand(timer: str, is_past: bool) -> None:
    """A story can set the deadline of a timer of the policy, or one without a timer."""
    ticket, policy = opened_for("set-deadline")

    found = find(
        commands(ticket, policy),
        lambda drawn: (
            isinstance(drawn, SetDeadline)
            and drawn.timer == timer
            and (drawn.due < drawn.at) == is_past
        ),
    )
    assert decide(ticket, found, policy)


@pytest.mark.parametrize("key", ["until", "span"])
def test_tickets_are_snoozed(key: str) -> None:
    """A story can snooze a ticket until an instant, or for a span."""
    ticket, policy = opened_for("snooze")

    found = find(commands(ticket, policy), lambda drawn: getattr(drawn, key) is not None)
    assert decide(ticket, found, policy)


def test_an_empty_text_is_drawn() -> None:
    """Messages without a word are drawn, too."""
    found = find(commands(*opened_for("reply")), lambda drawn: getattr(drawn, "text", "x") == "")

    assert isinstance(found, Reply)


@given(commands(*opened_for('reply"\nrequires = "text')))
def test_no_empty_text_is_drawn_if_the_policy_requires_one(drawn: Command) -> None:
    """A drawn message has a text if the policy requires one."""
    assert getattr(drawn, "text", "")
