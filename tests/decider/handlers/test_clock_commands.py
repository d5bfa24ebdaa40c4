"""Deadlines set by hand, and snoozes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from support.policies.permissive_policy import OPEN, T0, at
from support.policies.small_policies import opened, policy_of, refusal, timer_text
from ticketcore import commands as c
from ticketcore.decider import advance_ticket, decide, decide_and_apply
from ticketcore.events import Breached, DeadlineSet, Snoozed, Unsnoozed
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket

POLICY = policy_of(
    '[calendars.work]\nhours = "mon-fri 09:00-17:00"\n'
    '[calendars.weekends]\nhours = "sat-sun 09:00-17:00"\n'
    + timer_text("answer", "breach", "8 hours")
    + 'met_by = ["replied", "solved", "closed"]\n'
)
BY: dict[str, Any] = {"by": "support"}


def after(*commands: c.Command, policy: Policy = POLICY) -> Ticket:
    """Return the ticket after its opening and these commands."""
    ticket = opened(policy)
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket


def by_hand(hour: float, due: float, timer: str = "answer") -> c.SetDeadline:
    """Return a command that sets a deadline."""
    return c.SetDeadline(at=at(hour), timer=timer, due=at(due), **BY)


def snooze(hour: float, **given: Any) -> c.Snooze:
    """Return a command that snoozes the ticket."""
    return c.Snooze(at=at(hour), **given, **BY)


class TestDeadlines:
    """A deadline that a party sets is moved by no rule."""

    def test_it_takes_the_place_of_the_computed_one(self) -> None:
        """`reschedule` leaves a deadline set by hand, which fires at its instant."""
        ticket = after(by_hand(1, 3), c.Reschedule(at=at(2), **BY))
        (timer,) = ticket.timers

        assert (at(3), True) == (timer.due, timer.by_hand)
        fired = advance_ticket(ticket, POLICY, at(4))[1]
        assert [Breached(at=at(3), timer="answer", derived=True)] == [*fired]

    def test_the_same_deadline_again_changes_nothing(self) -> None:
        """Setting the same deadline again changes nothing, and setting another one does."""
        ticket = after(by_hand(1, 3))

        assert () == decide(ticket, by_hand(2, 3), POLICY)
        assert (
            DeadlineSet(at=at(2), timer="answer", due=at(4), **BY)
            == (decide(ticket, by_hand(2, 4), POLICY)[0])
        )

    def test_a_timer_that_has_ended_can_get_another_deadline(self) -> None:
        """A timer that has ended can get another deadline, which counts in reports."""
        ticket = after(c.Reply(at=at(1), by="vendor"), by_hand(2, 3))

        assert ((), at(3)) == (ticket.timers, ticket.ended_timers[0].timer.due)
        assert () == decide(ticket, by_hand(4, 3), POLICY)

    def test_an_unknown_timer_is_refused(self) -> None:
        """A deadline for an unknown timer is refused with the timers that the ticket has."""
        refused = refusal(after(), by_hand(1, 3, "nothing"), POLICY)

        assert "unknown-timer" == refused.code
        assert 'unknown timer "nothing"; this ticket has answer, deadline' == refused.reason

    def test_a_deadline_needs_no_timer_in_the_policy(self) -> None:
        """A deadline without a timer of the policy breaches unless the ticket is settled."""
        ticket = after(c.Reply(at=at(1), by="vendor"), by_hand(1, 30, "deadline"))
        closed, _ = decide_and_apply(ticket, c.Close(at=at(2), by="vendor"), POLICY)
        reopened, _ = decide_and_apply(closed, c.Reopen(at=at(3), by="customer"), POLICY)

        assert [("deadline", True)] == [(t.name, t.by_hand) for t in ticket.pending_timers]
        assert [("deadline", "met")] == [
            (each.timer.name, each.outcome)
            for each in closed.ended_timers
            if each.timer.name == "deadline"
        ]
        assert [("deadline", at(30))] == [
            (t.name, t.due) for t in reopened.pending_timers if t.name == "deadline"
        ]
        assert (
            Breached(at=at(30), timer="deadline", derived=True)
            in (advance_ticket(ticket, POLICY, at(40))[1])
        )

    @pytest.mark.parametrize(("timer", "until"), [("deadline", at(2)), ("answer", at(1))])
    def test_a_deadline_that_is_set_again_keeps_its_start(
        self, timer: str, until: datetime
    ) -> None:
        """A running timer whose deadline is set keeps its start; later pauses do not count."""
        ticket = after(by_hand(1, 30, timer), by_hand(2, 40, timer))
        (found,) = [each for each in ticket.timers if each.name == timer]

        assert (at(40), T0, until) == (found.due, found.since, found.pauses_until)

    def test_a_solution_meets_it(self) -> None:
        """A solution meets a deadline set by hand; it stays met while the ticket is solved."""
        solved = after(by_hand(1, 30, "deadline"), c.Reply(at=at(2), by="vendor", solution=True))
        later, _ = decide_and_apply(solved, c.Reply(at=at(3), by="vendor", solution=True), POLICY)

        assert () == later.pending_timers


class TestSnoozes:
    """A ticket is put aside until an instant or for a span."""

    @pytest.mark.parametrize(
        ("given", "end"),
        [
            ({"until": at(5)}, at(5)),
            ({"span": "2 hours"}, at(3)),
            ({"span": "9 working hours", "calendar": "work"}, at(26)),
        ],
    )
    def test_its_end_is_given_or_counted(self, given: dict[str, Any], end: Any) -> None:
        """A snooze ends at a given instant, or after a span that a calendar counts."""
        ticket, events = decide_and_apply(after(), snooze(1, **given), POLICY)

        assert Snoozed(at=at(1), until=end, **BY) == events[0]
        woken, happened = advance_ticket(ticket, POLICY, end)
        assert Unsnoozed(at=end, timer="snooze", derived=True) in happened
        assert (None, ["answer"]) == (
            woken.snoozed_until,
            [timer.name for timer in woken.timers],
        )

    def test_the_same_end_again_changes_nothing(self) -> None:
        """Snoozing until another instant moves the end; only a snoozed ticket can be unsnoozed."""
        ticket = after(snooze(1, until=at(5)))
        moved, _ = decide_and_apply(ticket, snooze(2, until=at(6)), POLICY)
        awake, events = decide_and_apply(moved, c.Unsnooze(at=at(3), **BY), POLICY)

        assert () == decide(ticket, snooze(2, until=at(5)), POLICY)
        assert at(6) == moved.snoozed_until
        assert Unsnoozed(at=at(3), **BY) == events[0]
        assert () == decide(awake, c.Unsnooze(at=at(4), **BY), POLICY)

    def test_a_span_with_the_same_end_changes_nothing(self) -> None:
        """The end that a span gives is compared, whatever gave the end before."""
        span = {"span": "1 working hours", "calendar": "weekends"}
        for first in ({"until": at(121)}, span):
            ticket = after(snooze(1, **first))

            assert () == decide(ticket, snooze(2, **span), POLICY)
            assert (
                at(4)
                == decide_and_apply(ticket, snooze(2, span="2 hours"), POLICY)[0].snoozed_until
            )

    def test_other_commands_leave_its_timer(self) -> None:
        """Other commands leave the timer of a snooze; only the end of the wait ends it."""
        ticket = after(snooze(1, until=at(5)), by_hand(2, 7))

        assert [("snooze", at(5)), ("answer", at(7))] == [(t.name, t.due) for t in ticket.timers]

    @pytest.mark.parametrize(
        ("given", "refused"),
        [
            ({}, 'span-required: give either "until" or "span"'),
            (
                {"until": at(5), "span": "1 hour"},
                'span-required: give either "until" or "span"',
            ),
            (
                {"span": "2 moons"},
                'span-required: "2 moons" is not a span: did you mean "2 months"?',
            ),
            (
                {"until": at(1)},
                "not-ahead: a snooze must end later than now, not on "
                "Mon 2026-01-05 10:00 UTC+00:00",
            ),
            (
                {"span": "2 hours", "calendar": "nights"},
                'unknown-calendar: unknown calendar "nights"; base has work, weekends',
            ),
        ],
    )
    def test_a_wrong_end_is_refused(self, given: dict[str, Any], refused: str) -> None:
        """A wrong end of a snooze is refused with a code and a sentence with the right form."""
        assert refused == str(refusal(after(), snooze(1, **given), POLICY))

    def test_a_policy_without_calendars_says_so(self) -> None:
        """A policy without calendars refuses a snooze that names one."""
        policy = policy_of("")
        refused = refusal(opened(policy), snooze(1, span="1 hour", calendar="work"), policy)

        assert 'unknown calendar "work"; base has none' == refused.reason


def test_the_first_event_of_a_pause_has_the_id_of_the_command() -> None:
    """All events of a command that begins a pause have the id of the command."""
    policy = policy_of(
        '[pauses.answered]\nwhen = { waiting_for = "customer" }\n'
        + timer_text("solve", "breach", "8 hours")
        + 'pauses = "answered"\n'
    )
    reply = c.Reply(at=at(1), by="vendor", command_id="c-1")
    events = decide(decide_and_apply(None, OPEN, policy)[0], reply, policy)

    assert {"c-1"} == {event.command_id for event in events}
    assert T0 + timedelta(hours=1) == events[-1].at
