"""Openings and changes of type within the time window of the type."""

from datetime import datetime, timedelta

import attrs
import pytest

from support.policies.permissive_policy import ORDER, T0, at
from support.policies.small_policies import refusal
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply
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


def _code(policy: Policy, asked: datetime, end: datetime, zone: str = "UTC") -> str | None:
    """Return the code with which an opening is refused if its window of two days ends at *end*."""
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
def test_a_window_may_last_until_midnight_in_the_zone_of_the_ticket(
    zone: str, end: str, midnight: str
) -> None:
    """A window may last until midnight in the ticket's zone, whatever the machine's zone is."""
    policy = parse_policy(_BASE + 'window_bound = "end-of-day"\n')
    over = datetime.fromisoformat(midnight)
    last = over - timedelta(microseconds=1)

    assert [None, "window-passed"] == [
        _code(policy, asked, datetime.fromisoformat(end), zone) for asked in (last, over)
    ]


@pytest.mark.parametrize("effect", ["refund", "cancel"])
def test_a_window_may_be_checked_when_the_timer_is_due(effect: str) -> None:
    """A window may be checked when the timer is due, which may be too late."""
    text = _BASE + 'window_checked = "when-due"\n' + _TIMER.format("warn", "1 hour")
    policy = parse_policy(text + _TIMER.format(effect, "24 hours"))
    warned = parse_policy(text)

    assert [None, "window-passed"] == [_code(policy, T0, at(hours)) for hours in (24, 23)]
    assert [None, "window-passed"] == [_code(warned, T0, at(hours)) for hours in (0, -1)]


@pytest.mark.parametrize(
    ("bound", "codes"),
    [("inclusive", [None, None]), ("exclusive", [None, "window-passed"])],
)
def test_the_last_instant_of_a_window_may_be_excluded(bound: str, codes: list[str | None]) -> None:
    """The last instant of a window is included unless the policy excludes it (C14)."""
    policy = parse_policy(_BASE + f'window_bound = "{bound}"\n')
    last = T0 - timedelta(microseconds=1)

    assert codes == [_code(policy, asked, T0) for asked in (last, T0)]
    assert "window-passed" == _code(policy, T0 + timedelta(microseconds=1), T0)


@pytest.mark.parametrize(("hours", "code"), [(26, None), (24, "window-passed")])
def test_a_changed_type_is_checked_when_its_own_timer_is_due(hours: int, code: str | None) -> None:
    """A changed type is checked against its window when its own timer is due."""
    text = _BASE.replace('"open"', '["open", "change-type"]') + 'window_checked = "when-due"\n'
    text += '[types.question]\n[[timer]]\nname = "refund"\nfrom = "type-set"\n'
    text += 'after = "24 hours"\neffect = "refund"\nwhen = { type = "request" }\n'
    policy = parse_policy(text)
    order = attrs.evolve(ORDER, sold_at=at(hours - 48))
    opening = c.Open(at=T0, by="customer", type="question", order=order)
    ticket, _ = decide_and_apply(None, opening, policy)
    change = c.ChangeType(at=at(1), by="customer", type="request")

    if code is None:
        assert decide(ticket, change, policy)
    else:
        assert code == refusal(ticket, change, policy).code
