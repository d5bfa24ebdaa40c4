"""The instants at which the levels of a timer act."""

from datetime import datetime

import pytest

from support.policies.permissive_policy import at
from support.policies.small_policies import opened, policy_of
from ticketcore.commands import Close, Command, Open, OpenDispute, Reopen, Reply, SetDeadline
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.decider.clocks import count_of, level_instants
from ticketcore.events import Warned
from ticketcore.policies import Policy

OFFICE = '[calendars.office]\nhours = "mon-fri 09:00-17:00"\n'
HALF = 'name = "half"\nused = "50 %"\n'


def with_levels(*levels: str, after: str = "4 hours", more: str = "") -> Policy:
    """Return a policy with one timer from the opening, on a Monday at 9:00, and its levels."""
    timer = f'[[timer]]\nname = "t"\nfrom = "opened"\nafter = {after!r}\neffect = "breach"\n{more}'
    return policy_of(OFFICE + timer + "".join(f"[[timer.level]]\n{level}" for level in levels))


def acted(policy: Policy, *commands: Command) -> list[tuple[str, datetime]]:
    """Return the levels, and "due" for the deadline, with their instants, within three days.

    The first of the three begins with the opening; the commands follow it.
    """
    ticket, events = decide_and_apply(None, Open(at=at(0), by="customer"), policy)
    for command in commands:
        ticket, more = decide_and_apply(ticket, command, policy)
        events += more
    events += advance_ticket(ticket, policy, at(72))[1]
    return [
        (getattr(event, "level", None) or "due", event.at)
        for event in events
        if event.NAME in ("warned", "breached")
    ]


def test_the_order_of_the_levels_in_the_file_does_not_matter() -> None:
    """The order of the levels in the file does not matter."""
    policy = with_levels('name = "late"\npast_due = "1 hour"\n', HALF)

    assert [("half", at(2)), ("due", at(4)), ("late", at(5))] == acted(policy)


def test_a_repeated_level_passes_the_deadline() -> None:
    """A level after the deadline becomes pending when the deadline has acted."""
    policy = with_levels('name = "again"\nevery = "3 hours"\ntimes = 3\n')
    reminded, _ = advance_ticket(opened(policy), policy, at(3.5))

    assert [("again", at(3)), ("due", at(4)), ("again", at(6)), ("again", at(9))] == acted(policy)
    assert [(None, at(4))] == [(timer.level, timer.wakes) for timer in reminded.timers]


def test_a_repetition_acts_once_at_an_instant() -> None:
    """A repetition of a level acts once at an instant, even after a reopening."""
    policy = with_levels('name = "again"\nevery = "1 hours"\ntimes = 4\n', after="8 hours")
    now = at(0.25)
    commands = (
        SetDeadline(at=now, by="support", timer="t", due=at(5.25)),
        Close(at=now, by="support"),
        Reopen(at=now, by="support"),
    )

    assert [("again", now), ("again", at(1.25)), ("due", at(5.25))] == acted(policy, *commands)


def test_a_repetition_does_not_act_again_before_a_later_deadline() -> None:
    """A repetition that has acted does not act again if a party sets a later deadline, which
    moves the instants of all repetitions."""
    policy = with_levels('name = "again"\nevery = "2 hours"\ntimes = 3\n', after="8 hours")
    ticket, _ = advance_ticket(opened(policy), policy, at(3))
    later = SetDeadline(at=at(3), by="support", timer="t", due=at(18))
    moved, _ = decide_and_apply(ticket, later, policy)
    _, events = advance_ticket(moved, policy, at(17))

    assert [("again", at(14)), ("again", at(16))] == [
        (event.level, event.at) for event in events if isinstance(event, Warned)
    ]


@pytest.mark.parametrize(
    ("before", "expected"),
    [("8 hours", []), ("7 hours", [("early", at(1))])],
)
def test_a_level_at_the_start_does_not_act(
    before: str, expected: list[tuple[str, datetime]]
) -> None:
    """A level whose instant is the opening itself does not act."""
    policy = with_levels(
        f'name = "early"\nbefore_due = "{before}"\n',
        after="8 working hours",
        more='calendar = "office"\n',
    )
    ticket = opened(policy)
    (timer,) = ticket.timers
    count = count_of(ticket, policy, timer)
    assert count is not None

    assert [*expected, ("due", at(8))] == acted(policy)
    assert expected == [(level.name, when) for when, level in level_instants(timer, count)]


def test_a_level_in_working_hours_acts_before_a_deadline_in_hours() -> None:
    """A level in working hours acts in the last working hour before its deadline."""
    policy = with_levels(
        'name = "early"\nbefore_due = "1 working hours"\n',
        after="12 hours",
        more='calendar = "office"\n',
    )

    assert [("early", at(7)), ("due", at(12))] == acted(policy)


def test_a_share_of_several_steps_counts_all_of_them() -> None:
    """A share of several steps counts all of them: half of 2 and 6 hours is 4 hours."""
    policy = with_levels(HALF, after="2 hours", more='then = "6 hours"\n')

    assert [("half", at(4)), ("due", at(8))] == acted(policy)


def test_a_share_of_a_deadline_that_moved_into_open_time_counts_the_whole() -> None:
    """A share counts the whole time to the deadline, even if that moved into open time."""
    policy = with_levels(HALF, after="12 hours", more='calendar = "office"\nroll = "forward"\n')

    assert [("half", at(12)), ("due", at(24))] == acted(policy)


def test_levels_of_one_name_of_two_timers_act_at_one_instant() -> None:
    """Two levels of one name act at one instant if they belong to two timers."""
    timer = '[[timer]]\nname = "{}"\nfrom = "opened"\nafter = "4 hours"\neffect = "breach"\n'
    level = f"[[timer.level]]\n{HALF}"
    policy = policy_of(timer.format("a") + level + timer.format("b") + level)

    assert [("half", at(2)), ("half", at(2)), ("due", at(4)), ("due", at(4))] == acted(policy)


def test_a_level_acts_though_another_timer_has_acted_by_one_of_that_name() -> None:
    """A level acts after a pause even if a level of the same name of another timer has acted."""
    timer = '[[timer]]\nname = "{}"\nfrom = "opened"\nafter = "{}"\neffect = "breach"\n{}'
    level = f"[[timer.level]]\n{HALF}"
    policy = policy_of(
        '[pauses.asked]\nwhen = { waiting_for = "customer" }\n'
        + timer.format("a", "4 hours", level)
        + timer.format("b", "8 hours", 'pauses = "asked"\n' + level)
    )
    asked = Reply(at=at(3), by="vendor", text="Which one?")
    told = Reply(at=at(5), by="customer", text="The blue one.")

    assert [("half", at(2)), ("due", at(4)), ("half", at(6)), ("due", at(10))] == acted(
        policy, asked, told
    )


def test_the_levels_of_a_dispute_act_before_its_deadline() -> None:
    """Levels of a timer of disputes act for each dispute, counted from its opening."""
    policy = policy_of(
        '[[timer]]\nname = "t"\nwhen = { dispute_kind = "claim" }\nfrom = "dispute-opened"\n'
        f'after = "4 hours"\neffect = "lose-dispute"\n[[timer.level]]\n{HALF}'
    )
    claims = [
        OpenDispute(at=at(hour), by="customer", dispute=f"D{hour}", kind="claim")
        for hour in (1, 2)
    ]

    assert [("half", at(3)), ("half", at(4))] == acted(policy, *claims)


def test_levels_of_one_name_belong_to_their_timers() -> None:
    """A level acts at the instant at which a level of the same name moved it there."""
    timer = '[[timer]]\nname = "{}"\nfrom = "opened"\neffect = "breach"\n'
    policy = policy_of(
        '[fields.priority]\nchoices = ["low", "high"]\ndefault = "low"\n'
        + timer.format("raising")
        + f'after = "4 hours"\n[[timer.level]]\n{HALF}effect = "set-field"\n'
        + 'fields = { priority = "high" }\n'
        + timer.format("raised")
        + 'after_by = "fields.priority"\nafter = { low = "8 hours", high = "4 hours" }\n'
        + f'on_target_change = "recalculate"\n[[timer.level]]\n{HALF}'
    )

    assert [("half", at(2)), ("due", at(4)), ("due", at(4))] == acted(policy)
