"""How long a type may be asked for: when it is judged, and by whose days."""

from datetime import datetime, timedelta

import attrs
import pytest

from support.permissive_policy import ORDER, T0, at
from ticketcore import commands as c
from ticketcore.decider import decide
from ticketcore.errors import RefusedError
from ticketcore.policies import Policy, parse_policy

_BASE = """
name = "windowed"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[[permission]]
commands = "open"
by = "customer"
[types.request]
order = true
windows = { customer = "2 days" }
"""
_TIMER = '[[timer]]\nname = "{0}"\nfrom = "opened"\nafter = "{1}"\neffect = "{0}"\n'


def _refused(policy: Policy, asked: datetime, end: datetime, zone: str = "UTC") -> str | None:
    """How an opening is refused, if two days from the sale are over at *end*."""
    order = attrs.evolve(ORDER, sold_at=end - timedelta(days=2))
    try:
        decide(None, c.Open(at=asked, by="customer", order=order, zone=zone), policy)
    except RefusedError as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    ("zone", "end", "midnight"),
    [
        ("Pacific/Auckland", "2026-01-06T01:00+13:00", "2026-01-07T00:00+13:00"),
        ("America/Los_Angeles", "2026-01-04T23:00-08:00", "2026-01-05T00:00-08:00"),
    ],
)
def test_the_day_of_a_window_is_the_tickets(zone: str, end: str, midnight: str) -> None:
    """It lasts until midnight there, whatever day it is where the program runs."""
    policy = parse_policy(_BASE + 'window_bound = "end-of-day"\n')
    over = datetime.fromisoformat(midnight)
    last = over - timedelta(microseconds=1)

    assert [None, "window-passed"] == [
        _refused(policy, asked, datetime.fromisoformat(end), zone) for asked in (last, over)
    ]


@pytest.mark.parametrize("effect", ["refund", "cancel"])
def test_a_window_is_judged_by_the_timer_that_carries_out(effect: str) -> None:
    """Asked for in time it may be due too late; when a warning is due does not count."""
    text = _BASE + 'window_checked = "when-due"\n' + _TIMER.format("warn", "1 hour")
    policy = parse_policy(text + _TIMER.format(effect, "24 hours"))
    warned = parse_policy(text)

    assert [None, "window-passed"] == [_refused(policy, T0, at(hours)) for hours in (24, 23)]
    assert [None, "window-passed"] == [_refused(warned, T0, at(hours)) for hours in (0, -1)]
