"""Drawn commands are accepted or refused, as their strategy says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.commands import Command
from ticketcore.decider import decide, decide_and_apply
from ticketcore.errors import RefusedError
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
