"""Events in `met_by` that nothing records."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.policies.policy_problems import HEAD, problems
from ticketcore.events import EVENTS
from ticketcore.policies import (
    Effect,
    LevelEffect,
    load_policy,
    parse_policy,
    presets,
)
from ticketcore.policies._checks._causes import COMMANDS_OF, EVENTS_OF, never_recorded
from ticketcore.testing.strategies import histories, policies

POLICIES = [*map(load_policy, presets())]
BASE = HEAD + 'zone = "UTC"\n[types.request]\n[[permission]]\ncommands = "open"\nby = "customer"\n'
TIMER = '[[timer]]\nname = "t"\nfrom = "opened"\nafter = "1 hour"\neffect = "breach"\n'
VENDOR = '{ event = "replied", by = "vendor" }'


def permission(commands: str, by: str = '"support"') -> str:
    """Return a permission of a policy."""
    return f"[[permission]]\ncommands = {commands}\nby = {by}\n"


def timer(effect: str) -> str:
    """Return a second timer of a policy, with the lines of its effect."""
    return f'[[timer]]\nname = "other"\nfrom = "opened"\nafter = "2 hours"\n{effect}\n'


def test_the_causes_are_those_of_events_and_effects() -> None:
    """An event that the table leaves out is never reported; no effect is left out."""
    assert {*COMMANDS_OF} <= {*EVENTS}
    assert {*EVENTS_OF} == {*get_args(Effect), *get_args(LevelEffect)}


@pytest.mark.parametrize(
    ("met_by", "more", "expected"),
    [
        (
            '"assigned"',
            "",
            '"assigned" never happens: add a [[permission]] for "assign" or a timer with effect '
            '= "assign"',
        ),
        (
            '"assigned"',
            '[categories.bills]\nteam = "billing"\n',
            '"assigned" never happens: ',
        ),
        (
            VENDOR,
            permission('"reply"', '["support", "customer"]'),
            '"replied" by vendor never happens: add a [[permission]] for "reply", or name who '
            "may: customer or support",
        ),
        (
            '{ event = "replied", by = "handler" }',
            permission('"reply"', '"customer"'),
            '"replied" by handler never happens: add a [[permission]] for "reply", or name who '
            "may: customer",
        ),
        (
            '"fully-refunded"',
            permission('"reply"'),
            '"fully-refunded" never happens: add a [[permission]] for "refund" or a timer with '
            'effect = "refund"',
        ),
        (
            '"closed"',
            permission('["withdraw", "mark-duplicate"]'),
            '"closed" never happens: add a [[permission]] for "close" or a timer with effect = '
            '"refund", "cancel" or "close"',
        ),
        (
            '{ event = "closed", by = "customer" }',
            timer('effect = "close"'),
            '"closed" by customer never happens: add a [[permission]] for "close", or name who '
            "may: system",
        ),
        (
            '{ event = "breached", by = "vendor" }',
            "",
            '"breached" by vendor never happens: only the system records it',
        ),
        ('"warned"', "", '"warned" never happens: add a timer with effect = "warn"'),
        ('"opened"', "", '"opened" meets no timer: name what happens later, such as "replied"'),
        ('"pause-ended"', "", '"pause-ended" meets no timer: '),
    ],
)
def test_what_nothing_records_meets_no_timer(met_by: str, more: str, expected: str) -> None:
    """An event that nothing records is reported with the permission or timer that would."""
    (problem,) = problems(f"{BASE}{TIMER}met_by = {met_by}\n{more}")

    assert problem.startswith(f"13:1: timer[0].met_by: {expected}")


@pytest.mark.parametrize(
    ("met_by", "more"),
    [
        ('"assigned"', permission('"assign"')),
        ('"assigned"', timer('effect = "assign"\nassignee = "ann"')),
        ('"assigned"', permission('"classify"') + '[categories.bills]\nteam = "billing"\n'),
        (VENDOR, permission('"reply"', '"vendor"')),
        ('{ event = "replied", by = "handler" }', permission('"reply"', '"vendor"')),
        ('"solved"', permission('"reply"', '"vendor"')),
        ('"fully-refunded"', permission('"refund"')),
        ('"fully-refunded"', timer('effect = "refund"')),
        ('"closed"', timer('effect = "close"')),
        ('"reopened"', permission('"review"')),
        ('"warned"', '[[timer.level]]\nname = "soon"\nused = "50 %"\n'),
        ('"breached"', ""),
        ('["closed", "solved"]', permission('"reply"')),
        ('"unsnoozed"', permission('"snooze"')),
    ],
)
def test_what_a_permission_or_a_timer_records_may_meet_a_timer(met_by: str, more: str) -> None:
    """An event that a permission or a timer records may meet a timer."""
    parse_policy(f"{BASE}{TIMER}met_by = {met_by}\n{more}")


@given(data=st.data())
def test_what_a_history_holds_is_never_called_impossible(data: st.DataObject) -> None:
    """Each event that commands and timers record under a policy has a cause there."""
    policy = data.draw(st.sampled_from(POLICIES) | policies())
    for event in data.draw(histories(policy)):
        assert never_recorded(policy, event.NAME, (event.by,)) is None
