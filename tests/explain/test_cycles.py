"""An explained cycle has its used time, its pauses, and each move of its deadline."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from support.clocks.playing import LibraryDesk
from support.clocks.random_stories import ClockStory, clock_stories
from support.policies.permissive_policy import T0, at
from support.policies.small_policies import PLAIN, opened, policy_of
from ticketcore import commands as c
from ticketcore.decider import Usage, decide_and_apply
from ticketcore.errors import HistoryError
from ticketcore.events import Event, FieldSet, PauseEnded, Replied, Scheduled, Timer
from ticketcore.explain import CycleExplanation, explain_ticket
from ticketcore.metrics import timer_cycles
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket

HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
POLICY = policy_of("""
[fields.priority]
choices = ["low", "high"]
default = "low"

[pauses.customer-owes]
when = { waiting_for = "customer" }

[pauses.closed]
when = { status = "closed" }

[[timer]]
name = "solution"
from = "opened"
met_by = "closed"
pauses = ["customer-owes", "closed"]
after_by = "fields.priority"
after = { low = "8 hours", high = "4 hours" }
on_target_change = "recalculate"
effect = "breach"

[[timer.level]]
name = "soon"
used = "50 %"
effect = "warn"
""")


def history(policy: Policy, *commands: c.Command) -> tuple[Event, ...]:
    """Return all events of a ticket that is opened at T0 and then receives these commands."""
    ticket: Ticket | None = None
    happened: tuple[Event, ...] = ()
    for command in (c.Open(at=T0, by="customer"), *commands):
        ticket, events = decide_and_apply(ticket, command, policy)
        happened += events
    return happened


def told(cycle: CycleExplanation) -> list[tuple[object, ...]]:
    """Return the kind, hour, and deadline in hours of each change of a cycle."""
    return [
        (change.kind, (change.at - T0) / HOUR, (change.due - T0) / HOUR)
        for change in cycle.changes
    ]


def test_a_pause_before_the_count_begins_takes_no_time() -> None:
    """A count from a field may begin later: only the part of a pause after that moves it."""
    policy = policy_of("""
[fields.visit-at]
type = "instant"

[pauses.customer-owes]
when = { waiting_for = "customer" }

[[timer]]
name = "visit"
from = "fields.visit-at"
pauses = "customer-owes"
after = "8 hours"
effect = "breach"
""")
    by_vendor: dict[str, Any] = {"by": "vendor", "text": "?"}
    events = history(
        policy,
        c.SetField(at=at(1), by="support", field="visit-at", value=at(10)),
        c.Reply(at=at(2), **by_vendor),
        c.Reply(at=at(4), by="customer", text="!"),
        c.Reply(at=at(6), **by_vendor),
        c.Reply(at=at(13), by="customer", text="!"),
    )
    (visit,) = explain_ticket(events, policy)
    (counted,) = timer_cycles(events)

    assert [("continued", 4, 18), ("continued", 13, 21)] == [
        each for each in told(visit) if each[0] == "continued"
    ]
    assert (3 * HOUR, Usage(0 * HOUR, 8 * HOUR)) == (visit.paused_for, visit.usage)
    assert 3 * HOUR == counted.paused


def test_a_level_and_a_deadline_of_one_instant_are_two_changes() -> None:
    """A breach that a level of its own timer brings about is no cause of another timer's move."""
    rules = """
[fields.priority]
choices = ["normal", "high"]
default = "normal"
""" + "".join(
        f"""
[[timer]]
name = "{name}"
from = "opened"
met_by = "closed"
after_by = "fields.priority"
after = {targets}
on_target_change = "recalculate"
effect = "breach"
"""
        for name, targets in (
            ("other", '{ normal = "40 hours", high = "30 hours" }'),
            ("solution", '{ normal = "10 hours", high = "5 hours" }'),
        )
    )
    policy = policy_of(f"""{rules}
[[timer.level]]
name = "urgent"
used = "80 %"
effect = "set-field"
fields = {{ priority = "high" }}
""")
    solution, other = explain_ticket(history(policy), policy, at(9))

    assert [("started", 0, 40), ("moved", 8, 30)] == told(other)
    assert [["opened"], ["field-set"]] == [
        [event.NAME for event in change.causes] for change in other.changes
    ]
    assert [("started", 0, 10), ("level", 8, 10), ("moved", 8, 5), ("fired", 8, 5)] == told(
        solution
    )


def test_pauses_and_targets_move_a_deadline_and_say_so() -> None:
    """A pause and a change of target each move the deadline by the counted time."""
    events = history(
        POLICY,
        c.Reply(at=at(3), by="vendor", text="which one?"),
        c.Reply(at=at(8), by="customer", text="this one"),
        c.SetField(at=at(8.5), by="vendor", field="priority", value="high"),
        c.Close(at=at(10), by="vendor"),
    )
    (cycle,) = explain_ticket(events, POLICY)

    assert [
        ("started", 0, 8),
        ("paused", 3, 8),
        ("continued", 8, 13),
        ("moved", 8.5, 9),
        ("fired", 9, 9),
        ("met", 10, 9),
    ] == told(cycle)
    _, paused, continued, moved, fired, met = cycle.changes
    assert ("customer-owes",) == paused.pauses
    assert (at(8), at(13), 5 * HOUR) == (
        continued.due_before,
        continued.due,
        continued.paused_for,
    )
    assert [Replied, PauseEnded] == [type(event) for event in continued.causes]
    assert [FieldSet] == [type(event) for event in moved.causes]
    assert ["breached"] == [event.NAME for event in fired.causes]
    assert "closed" == met.ended_by
    assert ("met", True, at(9), 5 * HOUR) == (
        cycle.outcome,
        cycle.is_late,
        cycle.fired_at,
        cycle.paused_for,
    )
    assert (at(10), Usage(5 * HOUR, -HOUR)) == (cycle.at, cycle.usage)


def test_a_level_is_named() -> None:
    """At 50 % of 8 hours the level warns; the deadline stays."""
    (cycle,) = explain_ticket(history(POLICY), POLICY, at(5))

    assert [("started", 0, 8), ("level", 4, 8)] == told(cycle)
    assert "soon" == cycle.changes[-1].level
    assert ("pending", False, None) == (cycle.outcome, cycle.is_late, cycle.fired_at)
    assert Usage(5 * HOUR, 3 * HOUR) == cycle.usage


def test_time_ends_where_it_is_asked_for() -> None:
    """An explanation ends at the given instant, by which due timers have fired."""
    events = history(POLICY, c.Close(at=at(12), by="vendor"))
    (early,) = explain_ticket(events, POLICY, at(1))
    (late,) = explain_ticket(history(POLICY), POLICY, at(8) + timedelta(microseconds=1))

    assert [("started", 0, 8)] == told(early)
    assert Usage(HOUR, 7 * HOUR) == early.usage
    assert "fired" == late.changes[-1].kind
    with pytest.raises(HistoryError):
        explain_ticket(events, POLICY, at(-1))


def test_a_reopening_lets_a_cycle_go_on() -> None:
    """After a reopening a cycle goes on, and the closed time counts as a pause."""
    events = history(
        POLICY,
        c.Reply(at=at(1), by="vendor", text="done?"),
        c.Close(at=at(2), by="vendor"),
        c.Reopen(at=at(6), by="customer", text="no"),
        c.Withdraw(at=at(7), by="customer"),
    )
    (cycle,) = explain_ticket(events, POLICY)

    assert [
        ("started", 0, 8),
        ("paused", 1, 8),
        ("met", 2, 8),
        ("went-on", 6, 13),
        ("cancelled", 7, 13),
    ] == told(cycle)
    assert [HOUR, 4 * HOUR] == [each.paused_for for each in cycle.changes if each.paused_for]
    assert ("cancelled", False, 5 * HOUR) == (cycle.outcome, cycle.is_late, cycle.paused_for)
    assert Usage(2 * HOUR, 6 * HOUR) == cycle.usage


def test_a_change_of_target_while_the_ticket_is_closed_is_no_pause() -> None:
    """A change of target on a closed ticket counts at the reopening, and not as a pause."""
    events = history(
        POLICY,
        c.Close(at=at(2), by="vendor"),
        c.SetField(at=at(3), by="vendor", field="priority", value="high"),
        c.Reopen(at=at(6), by="customer", text="no"),
    )
    (cycle,) = explain_ticket(events, POLICY)

    assert [("went-on", 6, 8), ("level", 6, 8)] == told(cycle)[-2:]
    assert cycle.changes[-2].paused_for is None


def test_a_ticket_can_be_paused_from_its_opening() -> None:
    """A ticket can be paused from its opening: the timer starts and is paused at one instant."""
    policy = policy_of("""
[pauses.always]
when = { type = "request" }
[[timer]]
name = "solution"
from = "opened"
after = "8 hours"
pauses = "always"
effect = "close"
""")
    (cycle,) = explain_ticket(history(policy), policy, at(20))

    assert [("started", 0, 8), ("paused", 0, 8)] == told(cycle)
    assert ("pending", Usage(timedelta(), 8 * HOUR)) == (cycle.outcome, cycle.usage)


def test_a_timer_that_closes_the_ticket_has_fired() -> None:
    """A timer that closes the ticket has fired and is not late."""
    policy = policy_of("""
[[timer]]
name = "silence"
from = "opened"
after = "8 hours"
effect = "close"
""")
    (cycle,) = explain_ticket(history(policy), policy, at(9))

    assert [("started", 0, 8), ("fired", 8, 8), ("cancelled", 8, 8)] == told(cycle)
    assert ("closed", at(8), False) == (
        cycle.changes[-1].ended_by,
        cycle.fired_at,
        cycle.is_late,
    )


def test_a_timer_that_the_policy_lacks_is_told_without_its_time() -> None:
    """A timer that the policy lacks is explained without its used time."""
    events = history(
        POLICY,
        c.Reply(at=at(3), by="vendor", text="which one?"),
        c.Close(at=at(4), by="vendor"),
        c.Reopen(at=at(6), by="customer", text="no"),
        c.Reply(at=at(6.5), by="vendor", text="now?"),
        c.Reply(at=at(6.75), by="customer", text="now"),
    )
    (cycle,) = explain_ticket(events, PLAIN)

    assert (None, None, timedelta()) == (cycle.definition, cycle.usage, cycle.paused_for)
    assert ["started", "paused", "met", "went-on", "paused", "continued"] == [
        change.kind for change in cycle.changes
    ]
    assert () == cycle.changes[1].pauses


def test_a_timer_whose_end_was_not_recorded_is_cancelled() -> None:
    """A timer whose end was not recorded counts as cancelled."""
    ticket = opened(PLAIN)
    timer = Timer("strange", at(8), T0, cycle=2)
    events = (ticket.opened, Scheduled(at=T0, timers=(timer,)), Scheduled(at=at(1)))
    (cycle,) = explain_ticket(events, PLAIN)

    assert ("cancelled", None) == (cycle.outcome, cycle.changes[-1].ended_by)


@pytest.mark.no_cover
@given(clock_stories(QUARTER))
def test_the_changes_lead_from_each_deadline_to_the_next(story: ClockStory) -> None:
    """Each move of a deadline is one change, from the deadline before to the next."""
    desk = LibraryDesk(parse_policy(story.policy))
    for action in story.actions:
        desk.do(action.at, action.command, action.by, **action.values)
    end = story.actions[-1].at + timedelta(days=25)
    cycles = explain_ticket(desk.events, desk.policy, end)
    desk.until(end)

    assert cycles == explain_ticket(desk.events, desk.policy, end)
    recorded = {
        (timer.name, timer.cycle): timer.due
        for event in desk.events
        if isinstance(event, Scheduled)
        for timer in event.timers
    }
    assert recorded == {(cycle.timer.name, cycle.timer.cycle): cycle.timer.due for cycle in cycles}
    for cycle in cycles:
        dues = [change.due for change in cycle.changes]
        assert dues[:-1] == [change.due_before for change in cycle.changes[1:]]
        assert all(change.causes for change in cycle.changes)
        assert sorted(change.at for change in cycle.changes) == [
            change.at for change in cycle.changes
        ]
        late = any(
            event.NAME == "breached" and event in change.causes
            for change in cycle.changes
            for event in desk.events
        )
        assert late == (cycle.fired_at is not None)


def test_instants_are_utc() -> None:
    """The same instant in another zone gives the same explanation."""
    events = history(POLICY)
    there = datetime.fromisoformat("2026-01-05T12:00:00+01:00")

    assert explain_ticket(events, POLICY, there.astimezone(UTC)) == explain_ticket(
        events, POLICY, there
    )
