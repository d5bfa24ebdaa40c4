"""Each way to change a target, in each state of a clock, before each way to reopen a ticket."""

from datetime import timedelta
from typing import Final

import pytest

from support.clocks.playing import LibraryDesk, compared
from support.clocks.story_text import Action, read_story
from ticketcore.policies import parse_policy

CHANGES = ("recalculate", "recalculate-without-pauses", "restart", "keep")
REOPENINGS: Final = {
    "continues": 'from = "opened"',
    "restarts": 'from = ["opened", "reopened"]',
    "stays-ended": 'from = "opened"\nafter_reopening = "stays-ended"',
}
TARGETS: Final = {
    "hours": ("8 hours", "16 hours"),
    "working hours": ("4 working hours", "8 working hours"),
    "days": ("1 days", "2 days"),
    "working days": ("1 working days", "2 working days"),
}
QUARTER = timedelta(minutes=15)

# 2026-03-23 is a Monday; the clocks of Berlin change on the Sunday after it. The calendar opens at
# 08:00 UTC, then at 07:00.
BEFORE: Final = {
    "running": """
        2026-03-23 08:00  customer open  priority={first}
                   09:30  support set-field  state=pending
                   10:45  support set-field  state=open
                   11:15  support set-field  priority={second}
        """,
    "paused": """
        2026-03-23 08:00  customer open  priority={first}
                   09:30  support set-field  state=pending
                   10:45  support set-field  priority={second}
                   11:15  support set-field  state=open
        """,
    "breached": """
        2026-03-23 08:00  customer open  priority={first}
                   09:30  support set-field  state=pending
                   10:45  support set-field  state=open
        2026-03-26 09:00  support set-field  state=pending
                   10:00  support set-field  priority={second}
                   11:00  support set-field  state=open
        """,
    "ended": """
        2026-03-23 08:00  customer open  priority={first}
                   09:30  support set-field  state=pending
                   10:45  support set-field  state=open
                   11:15  support close
                   12:00  support set-field  priority={second}
        """,
}
AFTER: Final = {
    "running": """
        2026-03-27 10:00  support close
                   14:00  support reopen
                   14:45  support set-field  state=pending
        2026-03-30 08:15  support set-field  state=open
                   08:30  support close
        2026-04-02 12:00  support reopen
        """,
    "ended": """
                   14:00  support reopen
                   14:45  support set-field  state=pending
        2026-03-24 08:15  support set-field  state=open
                   08:30  support close
        2026-03-30 12:00  support reopen
        """,
}


def policy_of(change: str, reopening: str, unit: str) -> str:
    """Return a policy whose clock is paused while the ticket is pending or closed."""
    short, long = TARGETS[unit]
    calendar = 'calendar = "hours"' if unit.startswith("working") else ""
    return f"""
name = "desk"
effective = 2020-01-01
default_handler = "support"
zone = "Europe/Berlin"
default_type = "request"

[types.request]

[fields.priority]
choices = ["high", "low"]
default = "low"

[fields.state]
choices = ["open", "pending"]
default = "open"

[calendars.hours]
zone = "Europe/Berlin"
hours = "mon-fri 09:00-17:00"

[pauses.pending]
when = {{ fields.state = "pending" }}

[pauses.closed]
when = {{ status = "closed" }}

[[timer]]
name = "solution"
{REOPENINGS[reopening]}
met_by = "closed"
pauses = ["pending", "closed"]
after_by = "fields.priority"
after = {{ high = "{short}", low = "{long}" }}
{calendar}
on_target_change = "{change}"
effect = "breach"

[[permission]]
commands = ["open", "close", "reopen", "set-field"]
by = ["customer", "support"]
"""


@pytest.mark.parametrize("first", ["high", "low"])
@pytest.mark.parametrize("unit", TARGETS)
@pytest.mark.parametrize("reopening", REOPENINGS)
@pytest.mark.parametrize("state", BEFORE)
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_target_agrees_with_the_slow_reference(
    change: str, state: str, reopening: str, unit: str, first: str
) -> None:
    """The target becomes longer or shorter; then the ticket is closed and reopened twice."""
    second = "low" if first == "high" else "high"
    text = BEFORE[state].format(first=first, second=second)
    before = [line for line in read_story(text) if isinstance(line, Action)]
    lines = read_story(text + AFTER.get(state, AFTER["running"]))
    policy = policy_of(change, reopening, unit)

    assert state == _state_before_the_change(policy, before)
    assert [] == compared(policy, [line for line in lines if isinstance(line, Action)], QUARTER)


def _state_before_the_change(policy: str, actions: list[Action]) -> str:
    """Return the state of the clock when its target changes."""
    desk = LibraryDesk(parse_policy(policy))
    for action in actions:
        if action.values.get("field") == "priority":
            break
        desk.do(action.at, action.command, action.by, **action.values)
    standing = desk.standing("solution")
    if standing.state == "met":
        return "ended"
    return "breached" if standing.late else standing.state
