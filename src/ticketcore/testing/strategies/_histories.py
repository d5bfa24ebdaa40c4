"""Strategies for stories of one ticket, and for the histories that they give."""

from datetime import datetime
from typing import TypeAlias

from hypothesis import strategies as st

from ticketcore.commands import Command
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event
from ticketcore.policies import Policy
from ticketcore.testing._candidates import try_command
from ticketcore.testing._policy_facts import policy_of
from ticketcore.testing._story import TicketStory
from ticketcore.testing.strategies._arguments import check_at_least
from ticketcore.testing.strategies._commands import (
    accepts_any_command,
    commands,
    interesting_instants,
    invalid_commands,
)
from ticketcore.testing.strategies._policies import policies
from ticketcore.ticket import Ticket

PolicySource: TypeAlias = Policy | str | st.SearchStrategy[Policy] | None


@st.composite
def scenarios(
    draw: st.DrawFn, policy: PolicySource = None, *, max_commands: int = 8, invalid: bool = True
) -> TicketStory:
    """Draw stories of one ticket: up to *max_commands* commands, and an instant that follows.

    *policy* is a policy, a preset's name, a path or a strategy, by default :func:`policies`. Each
    command is accepted by the ticket as the commands before it left it; with *invalid*, about a
    quarter is refused. A story ends early if the ticket accepts no command any more. Raises
    ValueError for *max_commands* below 1.
    """
    check_at_least("max_commands", max_commands, 1)
    drawn_policy = draw(_policy_strategy(policy))
    chosen = [draw(commands(None, drawn_policy))]
    last = chosen[0].at
    ticket, _ = decide_and_apply(None, chosen[0], drawn_policy)
    for _ in range(draw(st.integers(0, max_commands - 1))):
        command = draw(_next_command(ticket, drawn_policy, last, invalid=invalid))
        if command is None:
            break
        chosen.append(command)
        last = max(command.at, last)
        result = try_command(ticket, command, drawn_policy)
        if isinstance(result, RefusedError):
            result = advance_ticket(ticket, drawn_policy, command.at)
        ticket, _ = result
    until = draw(st.none() | interesting_instants(ticket))
    return TicketStory(
        policy=drawn_policy, commands=tuple(chosen), until=until and max(until, last)
    )


def histories(
    policy: PolicySource = None, *, max_commands: int = 8
) -> st.SearchStrategy[tuple[Event, ...]]:
    """Draw valid histories under a policy: the events of :func:`scenarios` without refusals.

    The real decider makes them, and none is filtered out.
    """
    return scenarios(policy, max_commands=max_commands, invalid=False).map(TicketStory.events)


@st.composite
def _next_command(
    draw: st.DrawFn,
    ticket: Ticket,
    policy: Policy,
    since: datetime,
    *,
    invalid: bool,
) -> Command | None:
    """Draw the next command, dated at or after *since*; None if the ticket accepts none.

    *since* is the instant of the last command. A refused command is not in the ticket's events.
    """
    at = max(draw(interesting_instants(ticket)), since)
    if invalid and draw(st.integers(0, 3)) == 3:
        return draw(invalid_commands(ticket, policy, at=st.just(at)))
    if not accepts_any_command(ticket, policy, at):
        return None
    return draw(commands(ticket, policy, at=st.just(at)))


def _policy_strategy(policy: PolicySource) -> st.SearchStrategy[Policy]:
    if policy is None:
        return policies()
    if isinstance(policy, st.SearchStrategy):
        return policy
    return st.just(policy_of(policy))
