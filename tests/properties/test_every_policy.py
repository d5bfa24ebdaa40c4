"""Invariants under every policy: docs/reference/invariants.md names these tests."""

from datetime import timedelta
from functools import reduce
from typing import TypeAlias
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.commands import ChangePolicy, Command, Reopen
from ticketcore.decider import (
    advance,
    advance_ticket,
    available_commands,
    decide,
    decide_and_apply,
)
from ticketcore.errors import RefusedError
from ticketcore.events import (
    PARTIES,
    Closed,
    DeadlineSet,
    DisputeCorrected,
    Event,
    History,
    OrderCorrected,
    PauseEnded,
    Refunded,
    Reopened,
    Rescheduled,
    Unknown,
    read_histories,
    to_line,
)
from ticketcore.policies import Policy, load_policy, presets
from ticketcore.testing import TicketStory, violations
from ticketcore.testing.strategies import (
    accepted_commands,
    commands,
    histories,
    interesting_instants,
    invalid_commands,
    policies,
    scenarios,
)
from ticketcore.testing.strategies._damaged_histories import recorded_events
from ticketcore.ticket import Ticket, evolve, fold

pytestmark = pytest.mark.no_cover

TicketWithHistory: TypeAlias = tuple[Policy, Ticket, tuple[Event, ...]]

_MOVES_DEADLINES = (
    DeadlineSet,
    DisputeCorrected,
    OrderCorrected,
    PauseEnded,
    Reopened,
    Rescheduled,
)

under_each_preset = pytest.mark.parametrize(
    "policy", [*map(load_policy, presets())], ids=presets()
)


def _result(ticket: Ticket | None, command: Command, policy: Policy) -> tuple[Event, ...] | str:
    """Return the events of a command, or the code of its refusal."""
    try:
        return decide(ticket, command, policy)
    except RefusedError as refusal:
        return refusal.code


@st.composite
def tickets_with_history(draw: st.DrawFn, policy: Policy | None = None) -> TicketWithHistory:
    """Draw a policy, a ticket under it, and the events of the ticket."""
    story = draw(scenarios(policies() if policy is None else policy, invalid=False))
    events = story.events()
    return story.policy, fold(events), events


class TestHistories:
    """Invariants of one history, whatever backend stored it."""

    @given(scenarios())
    def test_no_invariant_is_violated(self, story: TicketStory) -> None:
        """Accepted and refused commands leave a history without violations."""
        assert () == violations(story.events(), story.policy)

    @under_each_preset
    @given(data=st.data())
    def test_no_invariant_is_violated_under_a_preset(
        self, policy: Policy, data: st.DataObject
    ) -> None:
        """No invariant is violated under any preset."""
        story = data.draw(scenarios(policy))

        assert () == violations(story.events(), policy)

    @given(histories())
    def test_every_prefix_folds(self, events: tuple[Event, ...]) -> None:
        """The ticket of a history that is cut after any event has as many versions as events."""
        versions = [fold(events[:end]).version for end in range(1, len(events) + 1)]

        assert list(range(1, len(events) + 1)) == versions

    @given(histories(), st.data())
    def test_a_fold_can_continue_from_any_ticket(
        self, events: tuple[Event, ...], data: st.DataObject
    ) -> None:
        """Folding the rest of a history onto a snapshot gives the ticket of the whole history."""
        cut = data.draw(st.integers(1, len(events)))

        assert reduce(evolve, events, None) == fold(events[cut:], fold(events[:cut]))

    @given(histories(), st.data())
    def test_an_unknown_event_changes_no_facts(
        self, events: tuple[Event, ...], data: st.DataObject
    ) -> None:
        """An event of a later version is counted, and named as unread."""
        position = data.draw(st.integers(1, len(events)))
        unknown = Unknown(name="from-the-future", schema=1, at=events[position - 1].at)
        ticket = fold((*events[:position], unknown, *events[position:]))

        known = attrs.evolve(ticket, version=ticket.version - 1, unread=())
        assert (fold(events), ("from-the-future",)) == (known, ticket.unread)

    @given(histories())
    def test_a_stored_history_gives_the_same_ticket(self, events: tuple[Event, ...]) -> None:
        """Lines that are written and read back give the same history and the same ticket."""
        lines = [to_line(recorded) + "\n" for recorded in recorded_events(events)]
        (history,) = read_histories(lines)

        assert History("T-1", events, 1) == history
        assert fold(events) == fold(history.events)


class TestTime:
    """The events of timers depend on the recorded deadlines only."""

    @given(tickets_with_history(), st.data())
    def test_one_step_equals_many(self, drawn: TicketWithHistory, data: st.DataObject) -> None:
        """Advancing in one step gives the same events as advancing in many."""
        policy, ticket, _ = drawn
        stops = sorted(data.draw(st.lists(interesting_instants(ticket), min_size=1, max_size=5)))
        in_one_step = advance(ticket, policy, stops[-1])
        in_many_steps: list[Event] = []
        for stop in stops:
            ticket, events = advance_ticket(ticket, policy, stop)
            in_many_steps += events

        assert in_one_step == tuple(in_many_steps)

    @given(tickets_with_history(), st.data())
    def test_deciding_includes_advancing(
        self, drawn: TicketWithHistory, data: st.DataObject
    ) -> None:
        """Deciding gives the same events with or without a call of `advance` before it."""
        policy, ticket, _ = drawn
        at = data.draw(interesting_instants(ticket))
        accepted = accepted_commands(ticket, policy, at)
        if not accepted:
            return
        command = data.draw(st.sampled_from(accepted))
        advanced, past = advance_ticket(ticket, policy, at)

        assert decide(ticket, command, policy) == (*past, *decide(advanced, command, policy))

    @given(tickets_with_history(), st.data())
    def test_an_untouched_ticket_comes_to_rest(
        self, drawn: TicketWithHistory, data: st.DataObject
    ) -> None:
        """If nobody acts, each timer and level acts at most once, and then none is pending."""
        policy, ticket, _ = drawn
        fired = 0
        levels = sum(1 + len(timer.levels) for timer in policy.timers)
        most = levels * (len(ticket.disputes) + 1)
        while (timer := ticket.next_timer) is not None and fired <= most:
            acts = timer.level_at if timer.passed and timer.level_at is not None else timer.due
            ticket, _ = advance_ticket(ticket, policy, acts + timedelta(microseconds=1))
            fired += 1

        assert None is ticket.next_timer

    @given(scenarios(), st.data())
    def test_later_commands_do_not_change_earlier_events(
        self, story: TicketStory, data: st.DataObject
    ) -> None:
        """Later commands do not change earlier events."""
        end = data.draw(st.integers(1, len(story.commands)))
        shorter = TicketStory(policy=story.policy, commands=story.commands[:end]).events()
        whole = story.events()

        assert shorter == whole[: len(shorter)]

    @under_each_preset
    @given(data=st.data())
    def test_a_deadline_moves_only_if_an_event_says_why(
        self, policy: Policy, data: st.DataObject
    ) -> None:
        """A deadline moves only if an event says why; other commands keep it."""
        _, ticket, _ = data.draw(tickets_with_history(policy))
        command = data.draw(commands(ticket, policy)) if not ticket.final else None
        if command is None or isinstance(command, ChangePolicy):
            return
        after, events = decide_and_apply(ticket, command, policy)
        if any(isinstance(event, _MOVES_DEADLINES) for event in events):
            return
        recorded = {(t.name, t.cycle, t.dispute, t.target): t.due for t in ticket.timers}
        pending = {(t.name, t.cycle, t.dispute, t.target): t.due for t in after.timers}
        kept = recorded.keys() & pending.keys()

        assert [recorded[timer] for timer in kept] == [pending[timer] for timer in kept]


class TestCommands:
    """A command is accepted or refused, and has no other effect."""

    @given(tickets_with_history(), st.data())
    def test_a_refused_command_changes_nothing(
        self, drawn: TicketWithHistory, data: st.DataObject
    ) -> None:
        """A refused command leaves the ticket unchanged, and is refused again in the same way."""
        policy, ticket, events = drawn
        command = data.draw(invalid_commands(ticket, policy))
        first = _result(ticket, command, policy)

        assert isinstance(first, str)
        assert first == _result(ticket, command, policy)
        assert fold(events) == ticket

    @given(tickets_with_history(), st.data())
    def test_the_decider_is_pure(self, drawn: TicketWithHistory, data: st.DataObject) -> None:
        """The decider is pure: equal tickets and commands give equal events."""
        policy, ticket, _ = drawn
        at = data.draw(interesting_instants(ticket))
        for command in accepted_commands(ticket, policy, at):
            assert _result(ticket, command, policy) == _result(ticket, command, policy)

    @given(tickets_with_history(), st.data())
    def test_a_repeated_command_has_no_second_effect(
        self, drawn: TicketWithHistory, data: st.DataObject
    ) -> None:
        """A command that is sent twice has no effect the second time, or is refused.

        A reopening is an exception if a timer of zero minutes closes the ticket again at once.
        """
        policy, ticket, _ = drawn
        at = data.draw(interesting_instants(ticket))
        for command in accepted_commands(ticket, policy, at):
            after, _ = decide_and_apply(ticket, command, policy)
            if isinstance(command, Reopen) and after.closed_at is not None:
                continue
            second = _result(after, command, policy)

            assert () == second or isinstance(second, str), (command, second)

    @given(tickets_with_history(), st.data())
    def test_available_commands_agree_with_decide(
        self, drawn: TicketWithHistory, data: st.DataObject
    ) -> None:
        """C20: `decide` gives the refusal or the events that are listed with each command.

        The events of timers that are due come before them.
        """
        policy, ticket, _ = drawn
        at = data.draw(interesting_instants(ticket))
        by = data.draw(st.sampled_from(PARTIES))
        due = advance(ticket, policy, at)
        for available in available_commands(ticket, by, policy, at):
            refusal = available.refusal
            expected = refusal.code if refusal is not None else due + available.events

            assert expected == _result(ticket, available.command, policy)


class TestMoney:
    """Refunds do not exceed the cap."""

    @under_each_preset
    @given(data=st.data())
    def test_refunds_stay_within_the_cap(self, policy: Policy, data: st.DataObject) -> None:
        """Refunds of any amount and reference, repeated in any order, stay within the cap."""
        ticket, _ = decide_and_apply(None, data.draw(commands(None, policy)), policy)
        for _ in range(data.draw(st.integers(1, 12))):
            at = ticket.at + timedelta(minutes=data.draw(st.sampled_from([0, 1, 60, 1500])))
            about_money = [
                command
                for command in accepted_commands(ticket, policy, at)
                if "refund" in command.NAME or "dispute" in command.NAME
            ]
            ticket, _ = (
                decide_and_apply(ticket, data.draw(st.sampled_from(about_money)), policy)
                if about_money
                else advance_ticket(ticket, policy, at)
            )
        order = ticket.opened.order

        assert ticket.refunded <= (0 if order is None else policy.refunds.cap(order.amount))


class TestWeekends:
    """Where a policy rolls deadlines forward, none lies at a weekend."""

    @pytest.mark.parametrize("name", ["clickbank", "clickbank-24-7"])
    @given(data=st.data())
    def test_no_timer_acts_at_a_weekend(self, name: str, data: st.DataObject) -> None:
        """C6, C15, C16: a timer closes a ticket on a weekday of the vendor's zone.

        Under `clickbank`, a timer refunds on a weekday too.
        """
        policy = load_policy(name)
        history = data.draw(scenarios(policy)).events()
        ticket = fold(history)
        zone = ZoneInfo(ticket.opened.zone)
        rolled = {"vendor-silent-close", "customer-silent-close"}
        if name == "clickbank":
            rolled |= {"refund", "cancellation"}
        events = (*history, *advance(ticket, policy, ticket.at + timedelta(days=60)))
        weekdays = [
            event.at.astimezone(zone).weekday()
            for event in events
            if isinstance(event, Closed | Refunded) and event.timer in rolled
        ]

        assert all(day < 5 for day in weekdays)
