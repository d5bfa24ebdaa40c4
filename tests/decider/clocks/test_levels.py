"""The instants at which the levels of a timer act."""

from datetime import datetime

import pytest

from support.permissive_policy import at
from support.small_policies import opened, policy_of
from ticketcore.decider import advance_ticket
from ticketcore.policies import Policy

OFFICE = '[calendars.office]\nhours = "mon-fri 09:00-17:00"\n'
HALF = 'name = "half"\nused = "50 %"\n'


def with_levels(*levels: str, after: str = "4 hours", more: str = "") -> Policy:
    """Return a policy with one timer from the opening, on a Monday at 9:00, and its levels."""
    timer = f'[[timer]]\nname = "t"\nfrom = "opened"\nafter = {after!r}\neffect = "breach"\n{more}'
    return policy_of(OFFICE + timer + "".join(f"[[timer.level]]\n{level}" for level in levels))


def acted(policy: Policy) -> list[tuple[str, datetime]]:
    """Return the levels, and "due" for the deadline, with their instants, within three days."""
    _, events = advance_ticket(opened(policy), policy, at(72))
    return [
        (getattr(event, "level", None) or "due", event.at)
        for event in events
        if event.NAME in ("warned", "breached")
    ]


def test_the_order_of_the_levels_in_the_file_does_not_matter() -> None:
    """One that acts after the deadline may stand before one that acts sooner."""
    policy = with_levels('name = "late"\npast_due = "1 hour"\n', HALF)

    assert [("half", at(2)), ("due", at(4)), ("late", at(5))] == acted(policy)


def test_a_repeated_level_passes_the_deadline() -> None:
    """The deadline acts in between; until then the level after it is not pending."""
    policy = with_levels('name = "again"\nevery = "3 hours"\ntimes = 3\n')
    reminded, _ = advance_ticket(opened(policy), policy, at(3.5))

    assert [("again", at(3)), ("due", at(4)), ("again", at(6)), ("again", at(9))] == acted(policy)
    assert [(None, at(4))] == [(timer.level, timer.wakes) for timer in reminded.timers]


@pytest.mark.parametrize(
    ("before", "expected"),
    [("8 hours", []), ("7 hours", [("early", at(1))])],
)
def test_a_level_at_the_start_does_not_act(
    before: str, expected: list[tuple[str, datetime]]
) -> None:
    """Eight working hours before the deadline is the opening itself."""
    policy = with_levels(
        f'name = "early"\nbefore_due = "{before}"\n',
        after="8 working hours",
        more='calendar = "office"\n',
    )

    assert [*expected, ("due", at(8))] == acted(policy)


def test_a_share_of_several_steps_counts_all_of_them() -> None:
    """Half of two hours and then six hours is four hours."""
    policy = with_levels(HALF, after="2 hours", more='then = "6 hours"\n')

    assert [("half", at(4)), ("due", at(8))] == acted(policy)


def test_a_share_of_a_deadline_that_moved_into_open_time_counts_the_whole() -> None:
    """Twelve hours end at 21:00 and move to 9:00 on the next day: half of it is 12 hours."""
    policy = with_levels(HALF, after="12 hours", more='calendar = "office"\nroll = "forward"\n')

    assert [("half", at(12)), ("due", at(24))] == acted(policy)


def test_levels_of_one_name_of_two_timers_act_at_one_instant() -> None:
    """The level of the one timer does not stand for that of the other."""
    timer = '[[timer]]\nname = "{}"\nfrom = "opened"\nafter = "4 hours"\neffect = "breach"\n'
    level = f"[[timer.level]]\n{HALF}"
    policy = policy_of(timer.format("a") + level + timer.format("b") + level)

    assert [("half", at(2)), ("half", at(2)), ("due", at(4)), ("due", at(4))] == acted(policy)
