"""Timers that set each other off at one instant."""

import attrs
import pytest

from support.policies.permissive_policy import OPEN, at
from support.policies.small_policies import policy_of, timer_text
from ticketcore.calendar import Span
from ticketcore.decider import advance, decide_and_apply
from ticketcore.errors import TimerLoopError


def test_a_deadline_that_fires_twice_at_one_instant_is_an_error() -> None:
    """A deadline that fires twice at one instant is an error that names the timer."""
    policy = policy_of(
        '[calendars.work]\nhours = "mon-fri 17:00-18:00"\n'
        + timer_text("call-in", "escalate", "1 minute", "waiting-since")
        + 'calendar = "work"\nroll = "forward"\n'
    )
    at_once = attrs.evolve(policy.timers[0], after=Span(0, "minute"))  # the check refuses this
    policy = attrs.evolve(policy, timers=(at_once,))
    ticket, _ = decide_and_apply(None, OPEN, policy)

    with pytest.raises(
        TimerLoopError, match=r"for ever on Mon 2026-01-05 17:00 .*: call-in$"
    ) as loop:
        advance(ticket, policy, at(24))
    assert (("call-in",), at(8)) == (loop.value.timers, loop.value.at)
