"""Lives of tickets: stories that the real decider has told, and the histories that they make."""

from datetime import datetime
from typing import TypeAlias

from hypothesis import strategies as st

from ticketcore.commands import Command
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event
from ticketcore.policies import Policy
from ticketcore.testing._asking import accepted
from ticketcore.testing._story import Story
from ticketcore.testing.strategies._arguments import check_least, check_policy
from ticketcore.testing.strategies._commands import (
    commands,
    grants_something,
    misfit_commands,
    moments,
)
from ticketcore.testing.strategies._policies import policies
from ticketcore.ticket import Ticket

Policies: TypeAlias = Policy | st.SearchStrategy[Policy] | None


@st.composite
def scenarios(
    draw: st.DrawFn, policy: Policies = None, *, max_commands: int = 8, misfits: bool = True
) -> Story:
    """Stories of one ticket: one to *max_commands* commands with their instants, and a time
    until which the clock runs on afterwards.

    *policy* is one, or draws one; by default any of :func:`policies`. Each command fits the
    ticket that those before have made; with *misfits*, every fourth or so does not and is
    refused. A story ends early where a ticket grants nothing any more.
    """
    check_least("max_commands", max_commands, 1)
    chosen = draw(_one_of(policy))
    told = [draw(commands(None, chosen))]
    last = told[0].at
    ticket, _ = decide_and_apply(None, told[0], chosen)
    for _ in range(draw(st.integers(0, max_commands - 1))):
        command = draw(_next(ticket, chosen, last, misfits=misfits))
        if command is None:
            break
        told.append(command)
        last = max(command.at, last)
        result = accepted(ticket, command, chosen)
        if isinstance(result, RefusedError):
            result = advance_ticket(ticket, chosen, command.at)
        ticket, _ = result
    until = draw(st.none() | moments(ticket))
    return Story(policy=chosen, commands=tuple(told), until=until and max(until, last))


def histories(
    policy: Policies = None, *, max_commands: int = 8
) -> st.SearchStrategy[tuple[Event, ...]]:
    """Valid histories under a policy: the events of :func:`scenarios` without misfits.

    Made by the real decider and never filtered: every one of them could have happened.
    """
    return scenarios(policy, max_commands=max_commands, misfits=False).map(Story.events)


@st.composite
def _next(
    draw: st.DrawFn,
    ticket: Ticket,
    policy: Policy,
    since: datetime,
    *,
    misfits: bool,
) -> Command | None:
    """What is asked next, not before *since*: a refused command leaves no trace but its time."""
    at = max(draw(moments(ticket)), since)
    if misfits and draw(st.integers(0, 3)) == 3:
        return draw(misfit_commands(ticket, policy, at=st.just(at)))
    if not grants_something(ticket, policy, at):
        return None
    return draw(commands(ticket, policy, at=st.just(at)))


def _one_of(policy: Policies) -> st.SearchStrategy[Policy]:
    if policy is None:
        return policies()
    if isinstance(policy, st.SearchStrategy):
        return policy
    check_policy(policy)
    return st.just(policy)
