"""Timers and levels that set fields, add tags and assign; timers that count from a field."""

from datetime import timedelta
from typing import Any

import pytest

from support.policies.permissive_policy import T0, at
from support.policies.policy_problems import HEAD, OPEN, problems
from support.policies.small_policies import names, opened, policy_of
from ticketcore import commands as c
from ticketcore.decider import advance, decide, decide_and_apply
from ticketcore.events import Assigned, Event, FieldSet, Tagged
from ticketcore.ticket import fold

FIELDS = """
[fields.team]
choices = ["first", "second"]
default = "first"
[fields.state]
choices = ["open", "pending"]
waiting_for = { pending = "customer" }
[fields.cost]
type = "money"
[fields.delivered_at]
type = "instant"
[fields.noted_at]
type = "instant"
[tags]
values = ["escalated", "late"]
"""


def timer(lines: str, name: str = "t", since: str = '"opened"') -> str:
    """Return the lines of a timer of an hour."""
    return f'[[timer]]\nname = "{name}"\nfrom = {since}\nafter = "1 hour"\n{lines}'


def acts(events: tuple[Event, ...]) -> list[Event]:
    """Return the events other than `Scheduled`."""
    return [event for event in events if event.NAME not in ("opened", "scheduled")]


def test_a_timer_sets_fields() -> None:
    """A timer sets fields at its deadline, which may change whose answer is awaited."""
    policy = policy_of(
        FIELDS
        + timer(
            'effect = "set-field"\n'
            'fields = { team = "second", state = "pending", cost = "5.00 USD" }\n'
        )
    )
    ticket = opened(policy)
    events = advance(ticket, policy, at(2))
    derived: dict[str, Any] = {"at": at(1), "kind": "text", "timer": "t", "derived": True}

    assert [
        FieldSet(**derived, field="team", value="second"),
        FieldSet(**derived, field="state", value="pending", waiting_for="customer"),
        FieldSet(**{**derived, "kind": "money"}, field="cost", value="5.00 USD"),
    ] == acts(events)
    assert "customer" == fold(events, ticket).waiting_for
    assert () == advance(fold(events, ticket), policy, at(99))


def test_a_timer_tags_and_assigns() -> None:
    """Timers add tags and assign tickets by events that name the timer, so none fires twice."""
    policy = policy_of(
        FIELDS
        + timer('effect = "tag"\ntags = ["escalated", "late"]\n')
        + timer('effect = "assign"\nassignee = "night-shift"\n', "u")
    )
    ticket = opened(policy)
    events = advance(ticket, policy, at(2))

    assert [
        Tagged(at=at(1), tag="escalated", timer="t", derived=True),
        Tagged(at=at(1), tag="late", timer="t", derived=True),
        Assigned(at=at(1), assignee="night-shift", timer="u", derived=True),
    ] == acts(events)
    assert ("escalated", "late") == fold(events, ticket).tags


LEVELS = policy_of(
    FIELDS
    + timer('effect = "breach"\nmet_by = "closed"\n')
    + """
[[timer.level]]
name = "second-team"
past_due = "1 hour"
effect = "set-field"
fields = { team = "second" }
unless = { fields.team = "second" }
[[timer.level]]
name = "tagged"
past_due = "2 hours"
when = { fields.team = "second" }
effect = "tag"
tags = ["escalated", "late"]
"""
)


def test_levels_set_fields_and_tag() -> None:
    """A level may depend on the field that an earlier one set."""
    ticket = opened(LEVELS)
    events = advance(ticket, LEVELS, at(9))
    assert ["Breached", "FieldSet", "Tagged", "Tagged"] == names(tuple(acts(events)))
    _, team, tagged, other = acts(events)

    assert (
        FieldSet(
            at=at(2),
            field="team",
            kind="text",
            value="second",
            timer="t",
            level="second-team",
            derived=True,
        )
        == team
    )
    assert Tagged(at=at(3), tag="escalated", timer="t", level="tagged", derived=True) == tagged
    assert Tagged(at=at(3), tag="late", timer="t", level="tagged", derived=True) == other


def test_one_step_equals_many() -> None:
    """Advancing in one step gives the same events as advancing in many."""
    ticket = opened(LEVELS)
    steps: tuple[Event, ...] = ()
    for minutes in range(0, 600, 7):
        steps += advance(fold(steps, ticket), LEVELS, T0 + timedelta(minutes=minutes))

    assert advance(ticket, LEVELS, at(10)) == steps + advance(fold(steps, ticket), LEVELS, at(10))


def test_a_level_does_not_act_although_it_fits() -> None:
    """A level whose `unless` holds does not act."""
    ticket = opened(LEVELS, fields={"team": "second"})

    assert ["Breached", "Tagged", "Tagged"] == names(tuple(acts(advance(ticket, LEVELS, at(9)))))


class TestAnchors:
    """A timer counts from a field that holds an instant."""

    POLICY = policy_of(
        FIELDS
        + timer('effect = "close"\n', since='"fields.delivered_at"')
        + timer('effect = "warn"\n', "u", '["fields.delivered_at", "fields.noted_at"]')
    )

    def due(self, *commands: c.Command) -> dict[str, float]:
        """Return the deadlines after these commands, in hours after the opening."""
        ticket = opened(self.POLICY)
        for command in commands:
            ticket, _ = decide_and_apply(ticket, command, self.POLICY)
        hour = timedelta(hours=1)
        return {timer.name: (timer.due - T0) / hour for timer in ticket.timers}

    @staticmethod
    def at_set(hours: float, value: float | None, field: str = "delivered_at") -> c.SetField:
        """Return a command that sets a field to an instant, in hours after the opening."""
        content = None if value is None else at(value)
        return c.SetField(at=at(hours), by="support", field=field, value=content)

    def test_it_runs_once_the_field_has_a_value(self) -> None:
        """A timer that counts from a field runs once the field has a value."""
        assert {} == self.due()
        assert {"t": 2.0, "u": 2.0} == self.due(self.at_set(1.5, 1))
        assert {"t": 6.0, "u": 6.0} == self.due(self.at_set(1.5, 5))

    def test_it_follows_corrections(self) -> None:
        """A timer follows a corrected field, and ends if the field loses its value."""
        first = self.at_set(1, 5)

        assert {"t": 8.0, "u": 8.0} == self.due(first, self.at_set(2, 7))
        assert {"t": 4.0, "u": 4.0} == self.due(first, self.at_set(2, 3))
        assert {} == self.due(first, self.at_set(2, None))

    def test_the_latest_of_several_counts(self) -> None:
        """A timer counts from the latest of several anchors; a change of another moves nothing."""
        first, noted = self.at_set(1, 5), self.at_set(2, 3, "noted_at")

        assert {"t": 6.0, "u": 6.0} == self.due(first, noted)
        assert {"t": 6.0, "u": 9.0} == self.due(first, self.at_set(2, 8, "noted_at"))

    def test_a_deadline_in_the_past_fires_at_once(self) -> None:
        """If a field moves a deadline into the past, the timer fires at that change."""
        ticket = opened(self.POLICY)
        events = decide(ticket, self.at_set(9, 1), self.POLICY)

        assert {at(9)} == {event.at for event in events}
        assert {"FieldSet", "Closed"} == set(names(tuple(acts(events))))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('effect = "set-field"\n', 'timer[0].fields: missing; effect = "set-field" needs it'),
        ('effect = "tag"\n', 'timer[0].tags: missing; effect = "tag" needs it'),
        ('effect = "assign"\n', 'timer[0].assignee: missing; effect = "assign" needs it'),
        (
            'effect = "warn"\ntags = "late"\n',
            'timer[0].tags: only works with effect = "tag": remove it',
        ),
        (
            'effect = "tag"\ntags = "lat"\n',
            'timer[0].tags: no tag "lat"; did you mean "late"?',
        ),
        (
            'effect = "set-field"\nfields = { tem = "first" }\n',
            'timer[0].fields.tem: no field "tem"; did you mean "team"?',
        ),
        (
            'effect = "set-field"\nfields = { team = "third" }\n',
            'timer[0].fields.team: expected "first" or "second", found the text "third"',
        ),
        (
            'effect = "warn"\n[[timer.level]]\nname = "l"\npast_due = "1 hour"\n'
            'effect = "set-field"\nfields = { cost = 5 }\n',
            'timer[0].level[0].fields.cost: expected an amount such as "49.00 USD", '
            "found the integer 5",
        ),
    ],
)
def test_mistakes(lines: str, expected: str) -> None:
    """Each mistake in a timer from a field is reported with the right form."""
    (found,) = problems(HEAD + OPEN + FIELDS + timer(lines))

    assert expected == found.split(" ", 1)[1]


def test_a_timer_cannot_count_from_a_text() -> None:
    """A timer can count only from fields that hold instants."""
    (found,) = problems(HEAD + OPEN + FIELDS + timer('effect = "warn"\n', since='"fields.cost"'))

    assert found.endswith('cost is not an instant: it is an amount such as "49.00 USD"')


ROUTING = policy_of(
    FIELDS.replace('"late"]', '"late", "vip"]')
    + "".join(
        f'[[timer]]\nname = "to-{name}"\nwhen = {{ {condition} }}\nfrom = "applied"\n'
        f'after = "0 minutes"\neffect = "assign"\nassignee = "{name}"\n'
        for name, condition in (
            ("second-level", 'fields.team = "second"'),
            ("front-desk", 'fields.team = "first"'),
            ("key-accounts", 'tags = "vip"'),
        )
    )
)


def test_a_field_or_a_tag_routes_a_ticket_at_once() -> None:
    """Timers without a span assign at the opening, and at each change of the field or tag."""
    ticket = opened(ROUTING)
    assigned = [ticket.assigned_to]
    for command in (
        c.SetField(at=at(1), by="vendor", field="team", value="second"),
        c.SetField(at=at(2), by="vendor", field="team", value="first"),
        c.Tag(at=at(3), by="vendor", tag="vip"),
        c.SetField(at=at(4), by="vendor", field="team", value="second"),
    ):
        ticket, events = decide_and_apply(ticket, command, ROUTING)
        assigned += [event.assignee for event in events if isinstance(event, Assigned)]

    assert ["front-desk", "second-level", "front-desk", "key-accounts", "second-level"] == assigned
    assert "key-accounts" == opened(ROUTING, tags=("vip",)).assigned_to
    assert "second-level" == opened(ROUTING, fields={"team": "second"}).assigned_to
