"""The invariants of docs/reference/invariants.md, one property each."""

from datetime import timedelta
from functools import reduce
from typing import TypeAlias
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.commands import ChangePolicy, Command, Reopen, Reschedule
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
    Event,
    History,
    Refunded,
    Unknown,
    read_histories,
    to_line,
)
from ticketcore.policies import Policy, load_policy, presets
from ticketcore.testing import Story, broken_laws
from ticketcore.testing.strategies import (
    commands,
    fitting,
    histories,
    misfit_commands,
    moments,
    policies,
    scenarios,
)
from ticketcore.testing.strategies._damage import stored
from ticketcore.ticket import Ticket, evolve, fold

Life: TypeAlias = tuple[Policy, Ticket, tuple[Event, ...]]

every_preset = pytest.mark.parametrize("policy", [*map(load_policy, presets())], ids=presets())


def _result(ticket: Ticket | None, command: Command, policy: Policy) -> tuple[Event, ...] | str:
    """What comes of a command: its events, or the code of its refusal."""
    try:
        return decide(ticket, command, policy)
    except RefusedError as refusal:
        return refusal.code


@st.composite
def lives(
    draw: st.DrawFn, policy: Policy | None = None
) -> tuple[Policy, Ticket, tuple[Event, ...]]:
    """A ticket under a policy, with its history."""
    story = draw(scenarios(policies() if policy is None else policy, misfits=False))
    events = story.events()
    return story.policy, fold(events), events


class TestAnyHistory:
    """I1 to I8: laws of a history, which hold whatever backend stored it."""

    @given(scenarios())
    def test_keeps_every_law(self, story: Story) -> None:
        """Whatever was asked, granted or refused, the history keeps all laws."""
        assert () == broken_laws(story.events(), story.policy)

    @every_preset
    @given(data=st.data())
    def test_keeps_every_law_under_each_preset(self, policy: Policy, data: st.DataObject) -> None:
        """The same, with a fair share for each preset."""
        story = data.draw(scenarios(policy))

        assert () == broken_laws(story.events(), policy)

    @given(histories())
    def test_every_prefix_folds(self, events: tuple[Event, ...]) -> None:
        """A history that is cut anywhere is one that was: it folds, one event a version."""
        versions = [fold(events[:end]).version for end in range(1, len(events) + 1)]

        assert list(range(1, len(events) + 1)) == versions

    @given(histories(), st.data())
    def test_the_fold_goes_on_from_anywhere(
        self, events: tuple[Event, ...], data: st.DataObject
    ) -> None:
        """To fold the rest on a ticket is to fold the whole: a snapshot may be taken anywhere."""
        cut = data.draw(st.integers(1, len(events)))

        assert reduce(evolve, events, None) == fold(events[cut:], fold(events[:cut]))

    @given(histories(), st.data())
    def test_unknown_events_change_nothing_but_the_version(
        self, events: tuple[Event, ...], data: st.DataObject
    ) -> None:
        """An event of a later schema is counted, and otherwise as if it were not there."""
        place = data.draw(st.integers(1, len(events)))
        stranger = Unknown(name="from-the-future", schema=1, at=events[place - 1].at)
        ticket = fold((*events[:place], stranger, *events[place:]))

        assert fold(events) == attrs.evolve(ticket, version=ticket.version - 1)

    @given(histories())
    def test_a_stored_history_gives_the_same_ticket(self, events: tuple[Event, ...]) -> None:
        """What is written as lines and read back is the same history, and the same ticket."""
        lines = [to_line(recorded) + "\n" for recorded in stored(events)]
        (history,) = read_histories(lines)

        assert History("T-1", events, 1) == history
        assert fold(events) == fold(history.events)


class TestTime:
    """I9 to I13: what the clock brings about depends on nothing but the promises."""

    @given(lives(), st.data())
    def test_one_step_or_many_are_the_same(self, life: Life, data: st.DataObject) -> None:
        """To advance in one step is to advance in any number of steps."""
        policy, ticket, _ = life
        stops = sorted(data.draw(st.lists(moments(ticket), min_size=1, max_size=5)))
        at_once = advance(ticket, policy, stops[-1])
        bit_by_bit: list[Event] = []
        for stop in stops:
            ticket, events = advance_ticket(ticket, policy, stop)
            bit_by_bit += events

        assert at_once == tuple(bit_by_bit)

    @given(lives(), st.data())
    def test_deciding_after_advancing_is_deciding(self, life: Life, data: st.DataObject) -> None:
        """A host that looks at the clocks first, and one that does not, keep the same events."""
        policy, ticket, _ = life
        at = data.draw(moments(ticket))
        fits = fitting(ticket, policy, at)
        if not fits:
            return
        command = data.draw(st.sampled_from(fits))
        advanced, past = advance_ticket(ticket, policy, at)

        assert decide(ticket, command, policy) == (*past, *decide(advanced, command, policy))

    @given(lives(), st.data())
    def test_silence_ends(self, life: Life, data: st.DataObject) -> None:
        """A ticket that nobody touches comes to rest: nothing is pending any more, and what is
        not yet due falls due within each timer once."""
        policy, ticket, _ = life
        fired = 0
        while ticket.timers and fired <= len(policy.timers) * (len(ticket.disputes) + 1):
            due = ticket.timers[0].due + timedelta(microseconds=1)
            ticket, _ = advance_ticket(ticket, policy, due)
            fired += 1

        assert () == ticket.timers

    @given(scenarios(), st.data())
    def test_what_comes_later_does_not_count(self, story: Story, data: st.DataObject) -> None:
        """No decision looks ahead: a story that ends sooner begins with the same events."""
        end = data.draw(st.integers(1, len(story.commands)))
        shorter = Story(policy=story.policy, commands=story.commands[:end]).events()
        whole = story.events()

        assert shorter == whole[: len(shorter)]

    @every_preset
    @given(data=st.data())
    def test_a_promise_moves_only_by_replan(self, policy: Policy, data: st.DataObject) -> None:
        """Whatever else is asked, a timer that stays pending is due when it was."""
        _, ticket, _ = data.draw(lives(policy))
        command = data.draw(commands(ticket, policy)) if not ticket.final else None
        if command is None or isinstance(command, Reschedule | ChangePolicy):
            return
        before = {(t.name, t.since, t.dispute): t.due for t in ticket.timers}
        after, _ = decide_and_apply(ticket, command, policy)
        kept = {(t.name, t.since, t.dispute): t.due for t in after.timers}

        assert kept == {**kept, **{timer: before[timer] for timer in before if timer in kept}}


class TestCommands:
    """I14 to I17: a command is granted or refused, and that is all."""

    @given(lives(), st.data())
    def test_a_refused_command_leaves_no_trace(self, life: Life, data: st.DataObject) -> None:
        """It raises, the same each time, and the ticket is as it was."""
        policy, ticket, events = life
        command = data.draw(misfit_commands(ticket, policy))
        first = _result(ticket, command, policy)

        assert isinstance(first, str)
        assert first == _result(ticket, command, policy)
        assert fold(events) == ticket

    @given(lives(), st.data())
    def test_a_granted_command_is_granted_again(self, life: Life, data: st.DataObject) -> None:
        """The decider is pure: the same ticket and command give the same events."""
        policy, ticket, _ = life
        at = data.draw(moments(ticket))
        for command in fitting(ticket, policy, at):
            assert _result(ticket, command, policy) == _result(ticket, command, policy)

    @given(lives(), st.data())
    def test_a_command_sent_twice_counts_once(self, life: Life, data: st.DataObject) -> None:
        """Sent again, a command does nothing, or meets a refusal; unless a timer undid it at once,
        as one of no minutes closes a ticket that was reopened."""
        policy, ticket, _ = life
        at = data.draw(moments(ticket))
        for command in fitting(ticket, policy, at):
            after, _ = decide_and_apply(ticket, command, policy)
            if isinstance(command, Reopen) and after.closed_at is not None:
                continue
            again = _result(after, command, policy)

            assert () == again or isinstance(again, str), (command, again)

    @given(lives(), st.data())
    def test_what_is_listed_is_what_is_decided(self, life: Life, data: st.DataObject) -> None:
        """C20: an option that is allowed is accepted, and any other refused with its code."""
        policy, ticket, _ = life
        at = data.draw(moments(ticket))
        for option in available_commands(ticket, data.draw(st.sampled_from(PARTIES)), policy, at):
            expected = option.refusal.code if option.refusal else option.events

            assert expected == _result(ticket, option.command, policy)


class TestMoney:
    """I18 and I19: money never leaves twice, nor above the cap."""

    @every_preset
    @given(data=st.data())
    def test_no_more_goes_back_than_may(self, policy: Policy, data: st.DataObject) -> None:
        """Refunds of all sizes and references, retried in any order, stay within the cap."""
        ticket, _ = decide_and_apply(None, data.draw(commands(None, policy)), policy)
        for _ in range(data.draw(st.integers(1, 12))):
            at = ticket.at + timedelta(minutes=data.draw(st.sampled_from([0, 1, 60, 1500])))
            paying = [
                command
                for command in fitting(ticket, policy, at)
                if "refund" in command.NAME or "dispute" in command.NAME
            ]
            ticket, _ = (
                decide_and_apply(ticket, data.draw(st.sampled_from(paying)), policy)
                if paying
                else advance_ticket(ticket, policy, at)
            )
        order = ticket.opened.order

        assert ticket.refunded <= (0 if order is None else policy.refunds.cap(order.amount))


class TestWeekends:
    """I20: where a policy rolls, nothing ends at a weekend."""

    @pytest.mark.parametrize("name", ["clickbank", "clickbank-24-7"])
    @given(data=st.data())
    def test_no_ticket_is_closed_by_the_clock_at_a_weekend(
        self, name: str, data: st.DataObject
    ) -> None:
        """C15, C16, C6: a silent ticket is closed on a weekday of the vendor's zone, and under
        the rules of the seed refunds are too."""
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
