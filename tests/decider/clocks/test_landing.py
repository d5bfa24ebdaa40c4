"""Timers land by `roll` and `at_time`, and chains of days keep the local time."""

from datetime import datetime

import pytest

from ticketcore.commands import Open
from ticketcore.decider import decide
from ticketcore.policies import parse_policy
from ticketcore.ticket import fold

POLICY = """\
name = "shop"
effective = 2026-01-01
any_type = true
default_type = "question"
zone = "Europe/Berlin"
[calendars.office]
zone = "Europe/Berlin"
hours = "mon-fri 09:00-17:00"
[[permission]]
commands = "open"
by = "customer"
[[timer]]
name = "answer"
from = "opened"
calendar = "office"
effect = "breach"
"""


@pytest.mark.parametrize(
    ("opened", "timer", "expected"),
    [
        ("2026-01-08T10:00", 'after = "1 working day"\nroll = "day-end"', "2026-01-09T17:00"),
        ("2026-01-09T10:00", 'after = "1 working day"\nat_time = "16:00"', "2026-01-12T16:00"),
        ("2026-01-09T10:00", 'after = "1 day"\nroll = "backward"', "2026-01-09T17:00"),
        ("2026-01-09T10:00", 'after = "2 hours"\nat_time = "16:00"', "2026-01-09T16:00"),
        # Out of hours: a further span after the others.
        ("2026-01-09T16:59", 'after = "2 hours"\nout_of_hours = "1 hour"', "2026-01-09T18:59"),
        ("2026-01-09T17:00", 'after = "2 hours"\nout_of_hours = "1 hour"', "2026-01-09T20:00"),
        (
            "2026-01-10T12:00",
            'after = "1 working hour"\nout_of_hours = ["90 minutes", "1 day"]',
            "2026-01-13T11:30",
        ),
        (
            "2026-01-10T12:00",
            'after = "1 day"\nthen = "1 working hour"\nout_of_hours = "2 working hours"',
            "2026-01-12T12:00",
        ),
        # The clocks skip 02:30 on 29 March.
        (
            "2026-03-28T02:30",
            'after = "1 day"\nthen = ["5 days", "1 working day"]\nroll = "forward"',
            "2026-04-06T09:00",
        ),
        (
            "2026-03-28T02:30",
            'after = "1 day"\nthen = ["6 days"]\nat_time = "02:30"',
            "2026-04-04T02:30",
        ),
    ],
)
def test_a_timer_lands(opened: str, timer: str, expected: str) -> None:
    """A recorded deadline lies in open time, or at the time of day of the policy."""
    policy = parse_policy(POLICY + timer + "\n")
    at = datetime.fromisoformat(opened + ("+02:00" if opened > "2026-03-29T02" else "+01:00"))
    ticket = fold(decide(None, Open(at=at, by="customer", text="help"), policy))
    (pending,) = ticket.timers
    local = pending.due.astimezone(policy.calendar("office", ticket).zone)
    assert expected == f"{local:%Y-%m-%dT%H:%M}"
