"""Levels after the deadline of a timer that ends there."""

import pytest

from support.policies.policy_problems import HEAD, problems
from ticketcore.policies import parse_policy

BASE = (
    HEAD + 'zone = "UTC"\n[types.request]\n[fields.team]\nchoices = ["first", "second"]\n'
    'default = "first"\n[disputes.claim]\n'
    '[[permission]]\ncommands = ["open", "reply", "open-dispute", "hand-back", "set-field"]\n'
    'by = ["customer", "vendor"]\n'
)
REOPEN = '[[permission]]\ncommands = "reopen"\nby = "customer"\n'
LATE = '[[timer.level]]\nname = "late"\npast_due = "1 day"\n'
REMEDY = "; place it before the deadline, or in a timer of its own"


def timer(lines: str, level: str = LATE) -> str:
    """Return a timer of a policy with a level."""
    return f'[[timer]]\nname = "t"\nafter = "1 hour"\n{lines}\n{level}'


CLOSE = 'from = "opened"\neffect = "close"'
ESCALATE = 'from = "waiting-since"\nwhen = { waiting_for = "vendor" }\neffect = "escalate"'
SET = 'effect = "set-field"\nfields = { team = "second" }'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (timer(CLOSE), "past_due: never acts: at the deadline the ticket closes"),
        (
            timer(CLOSE, LATE.replace('past_due = "1 day"', 'used = "150 %"')),
            "used: never acts: at the deadline the ticket closes",
        ),
        (
            timer(CLOSE + '\nafter_reopening = "stays-ended"') + REOPEN,
            "past_due: never acts: at the deadline the ticket closes",
        ),
        (
            timer('from = ["opened", "reopened"]\neffect = "close"') + REOPEN,
            "past_due: never acts: at the deadline the ticket closes",
        ),
        (
            timer('from = "waiting-since"\neffect = "refund"') + REOPEN,
            "past_due: never acts: at the deadline the ticket closes",
        ),
        (
            timer(
                'from = "dispute-opened"\nwhen = { dispute_kind = "claim" }\n'
                'effect = "lose-dispute"'
            ),
            "past_due: never acts: at the deadline the dispute ends",
        ),
        (
            timer('from = "opened"\nmet_by = "assigned"\neffect = "assign"\nassignee = "ann"'),
            'past_due: never acts: at the deadline "assigned" meets the timer',
        ),
        (
            timer('from = "opened"\nwhen = { acknowledged = false }\neffect = "acknowledge"'),
            "past_due: never acts: at the deadline acknowledged changes and the timer no longer "
            "applies",
        ),
        (
            timer(ESCALATE),
            "past_due: never acts: at the deadline waiting_for changes and the timer no longer "
            "applies",
        ),
        (
            timer('from = "applied"\nwhen = { fields.team = "first" }\n' + SET),
            "past_due: never acts: at the deadline fields.team changes and the timer no longer "
            "applies",
        ),
        (
            timer(
                'from = "applied"\nunless = { assigned_to = "ann" }\neffect = "assign"\n'
                'assignee = "ann"'
            ),
            "past_due: never acts: at the deadline assigned_to changes and the timer no longer "
            "applies",
        ),
    ],
)
def test_a_level_after_the_end_of_its_timer_never_acts(text: str, expected: str) -> None:
    """A level after the deadline is reported with what ends its timer there."""
    (problem,) = problems(BASE + text)

    assert problem.partition(": timer[0].level[0].")[2] == expected + REMEDY


@pytest.mark.parametrize(
    "text",
    [
        timer(CLOSE, LATE.replace("past_due", "before_due").replace("1 day", "1 minute")),
        timer(CLOSE, LATE.replace('past_due = "1 day"', 'used = "100 %"')),
        timer('from = "opened"\neffect = "breach"\nmet_by = "replied"'),
        timer(CLOSE) + REOPEN,
        timer(CLOSE) + REOPEN.replace("reopen", "review"),
        timer('from = "waiting-since"\nwhen = { fields.team = "first" }\n' + SET),
        timer(CLOSE) + '[closing]\nreply_reopens = "customer"\n',
        timer(CLOSE + '\npauses = "p"') + '[pauses.p]\nwhen = { fields.team = "second" }\n',
        timer('from = "opened"\neffect = "escalate"'),
        timer('from = "opened"\nwhen = { fields.team = "first" }\n' + SET),
        timer('from = "opened"\nmet_by = "acknowledged"\neffect = "acknowledge"'),
        timer(
            'from = "opened"\nmet_by = { event = "field-set", when = { fields.team = "first" } }\n'
            + SET
        ),
        timer('from = "opened"\nmet_by = { event = "field-set", by = "vendor" }\n' + SET),
        timer(ESCALATE, "") + timer(ESCALATE.replace('"vendor"', '"customer"')),
    ],
)
def test_a_level_may_act_while_its_timer_goes_on(text: str) -> None:
    """The timer goes on after the deadline, or can come back to its count."""
    parse_policy(BASE + text)
