"""The figures of timers: worked out by hand, in groups, and in words."""

from collections import Counter
from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks.playing import LibraryDesk
from support.clocks.random_stories import ClockStory, clock_stories
from support.policies.timed_desk import TIMED_DESK, TimedTicket, at
from ticketcore import commands as c
from ticketcore import decide, fold, load_policy
from ticketcore.errors import HistoryError, UnknownGroupingError
from ticketcore.events import Event, Opened, Scheduled, Timer
from ticketcore.metrics import (
    TIMER_DEFINITIONS,
    Ratio,
    Spread,
    TimerMetrics,
    measure,
    measure_timers,
    to_record,
)
from ticketcore.policies import parse_policy

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
LONG = timedelta(days=25)


def stories() -> list[tuple[str, tuple[Event, ...]]]:
    """Return four tickets: one in time, one late and paused, one reopened, one withdrawn."""
    in_time = TimedTicket().do(5, 12, "reply").do(5, 13, "close")
    late = TimedTicket(fields={"priority": "high"}).do(6, 10, "reply")
    late.do(6, 11, "set-field", field="supplier-awaited", value=True)
    late.do(7, 11, "set-field", field="supplier-awaited", value=False).do(7, 12, "close")
    reopened = (
        TimedTicket().do(5, 10, "reply").do(5, 11, "close").do(6, 11, "reopen", by="customer")
    )
    reopened.do(9, 11, "close")
    withdrawn = TimedTicket(fields={"priority": "high"}).do(5, 10, "withdraw", by="customer")
    tickets = (in_time, late, reopened, withdrawn)
    return [(str(number), ticket.events) for number, ticket in enumerate(tickets)]


def test_the_figures_of_two_timers_worked_out_by_hand() -> None:
    """The figures of two timers equal those worked out by hand.

    Late are cycles with a breach, met or missed; cancelled ones count neither way. The second
    ticket is answered on Tuesday at 10:00, due on Monday at 13:00: 5 working hours late. With a
    high priority it has 8 working hours until Monday, 17:00, and is closed on Wednesday at 12:00.
    The pause began after the deadline, so it stops nothing. The third has 16 working hours until
    Tuesday, 17:00, and is closed on Friday at 11:00, without the answer that was due on Tuesday at
    15:00.
    """
    reply, solution, silence = measure_timers(stories(), TIMED_DESK)

    assert ("reply", 5, Ratio(2, 4)) == (reply.timer, reply.cycles, reply.attained)
    assert (2, 1, 1, 1) == (reply.met_in_time, reply.met_late, reply.missed, reply.cancelled)
    assert Spread(count=1, median=21 * HOUR, p90=21 * HOUR) == reply.late_by
    assert Spread(count=1, median=5 * HOUR, p90=5 * HOUR) == reply.late_by_working
    assert ("solution", 4, Ratio(1, 3)) == (solution.timer, solution.cycles, solution.attained)
    assert (1, 2, 0, 1) == (
        solution.met_in_time,
        solution.met_late,
        solution.missed,
        solution.cancelled,
    )
    assert Spread(count=2, median=43 * HOUR, p90=66 * HOUR) == solution.late_by
    assert Spread(count=2, median=11 * HOUR, p90=18 * HOUR) == solution.late_by_working
    assert ("silence", 3, Ratio(0, 0), 3) == (
        silence.timer,
        silence.cycles,
        silence.attained,
        silence.cancelled,
    )


def test_the_time_that_a_timer_stands_still_is_added_up() -> None:
    """The time that a timer is paused is added up, such as two hours and three."""
    ticket = TimedTicket()
    for hour, value in ((10, True), (12, False), (13, True), (16, False)):
        ticket.do(5, hour, "set-field", field="supplier-awaited", value=value)
    figures = {each.timer: each for each in measure_timers([("1", ticket.events)], TIMED_DESK)}

    assert (5 * HOUR, 1) == (figures["solution"].paused, figures["solution"].running)
    assert timedelta() == figures["reply"].paused


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("fields.priority", [("high", 2), ("normal", 3)]),
        ("month", [("2026-01", 5)]),
        ("day", [("2026-01-05", 4), ("2026-01-06", 1)]),
        ("team", [("(none)", 5)]),
        (("type", "fields.priority"), [("request high", 2), ("request normal", 3)]),
    ],
)
def test_cycles_count_in_the_group_in_which_they_were_set(by: Any, groups: object) -> None:
    """A cycle counts in the group of the period in which its timer was set."""
    figures = measure_timers(stories(), TIMED_DESK, by)

    assert groups == [
        (" ".join(e.group.values()), e.cycles) for e in figures if e.timer == "reply"
    ]


def test_a_field_groups_the_other_metrics_too() -> None:
    """All metrics can be grouped by a field; tickets without a value are in the group (none)."""
    plain = (Opened(at=at(5), by="customer", type="request", zone="UTC"),)
    measured = measure([*stories(), ("5", plain)], TIMED_DESK, "fields.priority")

    assert [("(none)", 1), ("high", 2), ("normal", 2)] == [
        (each.group["fields.priority"], each.tickets) for each in measured
    ]


@pytest.mark.parametrize("measuring", [measure, measure_timers])
def test_a_field_that_the_policy_does_not_declare_is_refused(measuring: Any) -> None:
    """A grouping by an undeclared field is refused with the groupings that exist."""
    expected = r"'fields.prio': use day, .*, team, fields.priority, fields.supplier-awaited$"
    with pytest.raises(UnknownGroupingError, match=expected):
        measuring([], TIMED_DESK, "fields.prio")


def test_timers_that_the_policy_lacks_follow_by_name() -> None:
    """Timers that the policy lacks are counted by name, without working time."""
    (figures,) = measure_timers([("1", _met_late("gone"))], TIMED_DESK)

    assert ("gone", 1, Ratio(0, 0), 1) == (
        figures.timer,
        figures.cycles,
        figures.attained,
        figures.met_late,
    )
    assert (1, 0) == (figures.late_by.count, figures.late_by_working.count)
    first, second = measure_timers([("1", (*_met_late("gone"), *_silent()))], TIMED_DESK)
    assert ["silence", "gone"] == [first.timer, second.timer]


def _met_late(name: str) -> tuple[Event, ...]:
    """Return a ticket with a timer that is met an hour late."""
    from ticketcore.events import Breached, EndedTimer

    timer = Timer(name, at(5, 10), at(5), cycle=2)
    return (
        Opened(at=at(5), by="customer", type="request", zone="UTC"),
        Scheduled(at=at(5), timers=(timer,)),
        Breached(at=at(5, 10), timer=name),
        Scheduled(at=at(5, 11), ended=(EndedTimer(name, 2, "met"),)),
    )


def _silent() -> tuple[Event, ...]:
    return (Scheduled(at=at(5, 12), timers=(Timer("silence", at(12), at(5, 12), cycle=5),)),)


def test_a_ticket_that_cannot_be_measured_is_left_out() -> None:
    """The error of a ticket that cannot be measured goes to *on_broken*, or is raised."""
    broken: list[str] = []
    histories = [("1", stories()[0][1][1:]), stories()[0]]
    figures = measure_timers(
        histories, TIMED_DESK, on_broken=lambda number, _: broken.append(number)
    )

    assert (["1"], 1) == (broken, figures[0].cycles)
    with pytest.raises(HistoryError):
        measure_timers(histories, TIMED_DESK)


def test_an_answer_in_time_is_a_cycle_met_in_time() -> None:
    """Under Kaufland's policy both count the same answers, in time and late (K2, K11)."""
    policy = load_policy("kaufland")
    histories = []
    for number, hours in enumerate((4, 47, 48, 49, 90)):
        opening = c.Open(at=at(5), by="customer", storefront="de", number=f"{number:011}")
        events = decide(None, attrs.evolve(opening, order=_order()), policy)
        reply = c.Reply(at=at(5) + hours * HOUR, by="vendor", text="yes")
        histories.append((str(number), (*events, *_decided(events, reply, policy))))
    (answers,) = measure(histories, policy)
    (response,) = measure_timers(histories, policy)

    assert Ratio(3, 5) == response.attained == answers.in_time == answers.first_in_time


def _order() -> Any:
    from support.builders import order

    return order()


def _decided(events: tuple[Event, ...], command: c.Command, policy: Any) -> tuple[Event, ...]:
    return decide(fold(events), command, policy)


def test_a_record_has_the_names_of_the_definitions() -> None:
    """A record has the names of the definitions, after the names of the groups."""
    (reply, *_) = measure_timers(stories(), TIMED_DESK, "fields.priority")
    record = to_record(reply)

    assert "fields.priority timer cycles attained attained_of".split() == list(record)[:5]
    assert (0.0, 1, 75_600.0) == (
        record["attained"],
        record["attained_of"],
        record["late_by_median"],
    )
    assert {"group"} == set(TIMER_DEFINITIONS) - {name.removesuffix("_median") for name in record}


@pytest.mark.no_cover
@given(st.lists(clock_stories(QUARTER), min_size=1, max_size=3))
def test_groups_and_outcomes_add_up(drawn: list[ClockStory]) -> None:
    """The outcomes of a timer add up to its cycles, and groups add up to totals."""
    policy = parse_policy(drawn[0].policy)
    histories = [(str(number), _events_of(story)) for number, story in enumerate(drawn)]
    figures = {each.timer: each for each in measure_timers(histories, policy)}
    for each in figures.values():
        late = each.met_late + each.missed
        outcomes = each.met_in_time, late, each.fired, each.cancelled, each.running
        assert each.cycles == sum(outcomes)
    for by in (("fields.priority",), ("week", "fields.state"), ("month",)):
        assert {name: _counts(each) for name, each in figures.items()} == _summed(
            measure_timers(histories, policy, by)
        )


@pytest.mark.no_cover
@given(clock_stories(QUARTER))
def test_one_timer_never_changes_the_figures_of_another(story: ClockStory) -> None:
    """The figures of a timer are the same without the events of all other timers."""
    policy, events = parse_policy(story.policy), _events_of(story)
    for figures in measure_timers([("1", events)], policy):
        assert (figures,) == measure_timers([("1", _only(figures.timer, events))], policy)


def _events_of(story: ClockStory) -> tuple[Event, ...]:
    desk = LibraryDesk(parse_policy(story.policy))
    for action in story.actions:
        desk.do(action.at, action.command, action.by, **action.values)
    desk.until(story.actions[-1].at + LONG)
    return desk.events


def _only(name: str, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return the events without everything about other timers."""
    return tuple(
        attrs.evolve(
            event,
            timers=tuple(timer for timer in event.timers if timer.name == name),
            ended=tuple(end for end in event.ended if end.name == name),
        )
        if isinstance(event, Scheduled)
        else event
        for event in events
        if getattr(event, "timer", None) in (None, name)
    )


COUNTS = ("cycles", "met_in_time", "met_late", "missed", "fired", "cancelled", "running")


def _counts(metrics: TimerMetrics) -> Counter[str]:
    counts = {name: getattr(metrics, name) for name in COUNTS}
    counts |= {
        "paused": int(metrics.paused.total_seconds()),
        "attained": metrics.attained.part,
        "attained_of": metrics.attained.whole,
        "late_by": metrics.late_by.count,
    }
    return Counter(counts)


def _summed(groups: tuple[TimerMetrics, ...]) -> dict[str, Counter[str]]:
    summed: dict[str, Counter[str]] = {}
    for each in groups:
        summed.setdefault(each.timer, Counter()).update(_counts(each))
    return summed
