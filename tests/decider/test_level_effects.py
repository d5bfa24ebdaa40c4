"""The effects of levels: what happens on the way to a deadline, and after it.

Every event of a level names the system, the timer and the level, and is derived.
"""

from typing import Any

import pytest

from support.policies.permissive_policy import T0, at
from support.policies.small_policies import opened, policy_of
from ticketcore.commands import AddNote, SetField
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.events import FieldSet, Scheduled
from ticketcore.ticket import Ticket

FIELDS = """
[fields.team]
choices = ["first", "second"]
default = "first"
waiting_for = { second = "vendor" }
[fields.urgent]
type = "yes-no"
"""
TIMER = """
[[timer]]
name = "solution"
from = "opened"
after = "4 hours"
met_by = "closed"
effect = "breach"
[[timer.level]]
name = "half"
used = "50 %"
"""
REPEATS = """
[[timer.level]]
name = "hourly"
every = "1 hour"
times = 3
effect = "tag"
tags = ["late", "vip"]
"""


def events_of(lines: str, ticket: Ticket | None = None) -> list[dict[str, Any]]:
    """Return the events of the level with these lines, by name and own values."""
    policy = policy_of(FIELDS + TIMER + lines)
    _, events = advance_ticket(ticket or opened(policy), policy, at(3))
    caused = [event for event in events if not isinstance(event, Scheduled)]
    assert all(_cause(event) == ("system", "solution", "half", True) for event in caused)
    return [{"event": event.NAME, "at": event.at, **_values(event)} for event in caused]


def _cause(event: Any) -> tuple[object, ...]:
    """Return who caused an event: the party, the timer, the level, and whether it is derived."""
    return event.by, event.timer, event.level, event.derived


def _values(event: Any) -> dict[str, Any]:
    names = ("to", "assignee", "type", "field", "value", "waiting_for", "tag")
    return {name: value for name in names if (value := getattr(event, name, None)) is not None}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('effect = "warn"', [{"event": "warned"}]),
        ('effect = "escalate"', [{"event": "escalated", "to": "support"}]),
        ('effect = "escalate"\nto = "vendor"', [{"event": "escalated", "to": "vendor"}]),
        ('effect = "assign"\nassignee = "anna"', [{"event": "assigned", "assignee": "anna"}]),
        ('effect = "change-type"\ntype = "other"', [{"event": "type-changed", "type": "other"}]),
        (
            'effect = "set-field"\nfields = { team = "second", urgent = true }',
            [
                {
                    "event": "field-set",
                    "field": "team",
                    "value": "second",
                    "waiting_for": "vendor",
                },
                {"event": "field-set", "field": "urgent", "value": "yes"},
            ],
        ),
        (
            'effect = "tag"\ntags = ["late", "loud"]',
            [{"event": "tagged", "tag": "late"}, {"event": "tagged", "tag": "loud"}],
        ),
    ],
)
def test_a_level_acts_at_its_instant(lines: str, expected: list[dict[str, Any]]) -> None:
    """A level at half of four hours acts two hours after the opening."""
    assert [{**event, "at": at(2)} for event in expected] == events_of(lines)


def test_a_level_records_what_it_sets() -> None:
    """A level records the value that it sets, even if the field has it already."""
    lines = 'effect = "set-field"\nfields = { team = "second", urgent = true }'
    policy = policy_of(FIELDS + TIMER + lines)
    command = SetField(at=T0, by="support", field="urgent", value="yes")
    ticket, _ = decide_and_apply(opened(policy), command, policy)

    assert ["team", "urgent"] == [event["field"] for event in events_of(lines, ticket)]


def test_a_level_that_sets_a_personal_field_says_so() -> None:
    """A personal field that a level sets is erased with the person."""
    fields = FIELDS.replace("[fields.urgent]", "[fields.urgent]\npersonal = true")
    policy = policy_of(fields + TIMER + 'effect = "set-field"\nfields = { urgent = true }')
    _, events = advance_ticket(opened(policy), policy, at(3))

    assert [True] == [event.personal for event in events if isinstance(event, FieldSet)]


def test_a_level_with_two_tags_repeats_as_often_as_asked() -> None:
    """A level with two tags adds both at each repetition, as one firing."""
    policy = policy_of(FIELDS + TIMER + REPEATS)
    _, events = advance_ticket(opened(policy), policy, at(9))

    assert [at(hour) for hour in (1, 1, 2, 2, 3, 3)] == [
        event.at for event in events if event.NAME == "tagged"
    ]


def test_a_level_reads_as_one_line() -> None:
    """A level is shown as one line with its name and each key that is set."""
    policy = policy_of(FIELDS + TIMER + 'effect = "tag"\ntags = "late"')

    assert "half: used 50 %, effect tag, tags late" == str(policy.timers[0].levels[0])


def test_a_level_whose_condition_fails_does_nothing() -> None:
    """A level whose condition fails causes no event."""
    assert [] == events_of('effect = "warn"\nwhen = { fields.team = "second" }')


def test_a_level_that_the_policy_no_longer_has_does_nothing() -> None:
    """A level that the policy no longer has does nothing, and its timer keeps the deadline."""
    without = policy_of(FIELDS + TIMER.partition("[[timer.level")[0])
    ticket, events = advance_ticket(opened(policy_of(FIELDS + TIMER)), without, at(3))

    assert ["scheduled"] == [event.NAME for event in events]
    assert [(at(4), None)] == [(timer.due, timer.level) for timer in ticket.timers]


def test_a_pause_that_the_policy_no_longer_has_ends() -> None:
    """A pause that the policy no longer has ends, and the deadline moves by its length."""
    paused = FIELDS + '[pauses.waits]\nwhen = { fields.team = "first" }\n' + TIMER
    before = policy_of(paused.replace('from = "opened"', 'from = "opened"\npauses = "waits"'))
    without = policy_of(FIELDS + TIMER.partition("[[timer.level")[0])
    note = AddNote(at=at(1), by="support", text="a note")
    ticket, _ = decide_and_apply(opened(before), note, without)

    assert [(at(5), None)] == [(timer.due, timer.paused) for timer in ticket.timers]
