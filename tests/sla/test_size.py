"""The size of the event that records the timers."""

import json
from datetime import timedelta
from pathlib import Path

from support.policies.permissive_policy import T0
from ticketcore.commands import Open, Reply
from ticketcore.decider import decide, decide_and_apply
from ticketcore.events import Scheduled, dump_event
from ticketcore.policies import load_policy

POLICY = Path(__file__).parents[2] / "benchmarks" / "clocks.toml"


def test_four_timers_with_three_levels_each_take_less_than_a_kilobyte() -> None:
    """The event that records four timers with three levels each has less than a kilobyte."""
    policy = load_policy(POLICY)
    ticket, _ = decide_and_apply(
        None, Open(at=T0, by="customer", zone="Europe/Rome", text="help"), policy
    )
    reply = Reply(at=T0 + timedelta(minutes=5), by="customer", text="and now?")
    (scheduled,) = (
        event for event in decide(ticket, reply, policy) if isinstance(event, Scheduled)
    )
    body = json.dumps(dump_event(scheduled)[2], separators=(",", ":"))

    assert 4 == len(scheduled.timers)
    assert len(body) < 1024
