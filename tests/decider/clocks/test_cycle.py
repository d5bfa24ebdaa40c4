"""When a new cycle of a timer begins, and when its count goes on."""

from datetime import datetime

import pytest

from support.policies.permissive_policy import OPEN, at
from support.policies.small_policies import names, policy_of, timer_text
from ticketcore import commands as c
from ticketcore.decider import decide_and_apply
from ticketcore.events import Scheduled
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket

APPLIED = """
[[timer]]
name = "vip"
when = { tags = "vip" }
from = "applied"
after = "8 hours"
met_by = "replied"
effect = "breach"
"""
POLICY = policy_of(APPLIED)
ALTERNATIVES = policy_of(APPLIED + APPLIED.replace('tags = "vip"', 'tags = "gold"'))


def tag(hour: float, name: str = "vip") -> c.Tag:
    """Return a command that gives the ticket a tag."""
    return c.Tag(at=at(hour), by="support", tag=name)


def untag(hour: float, name: str = "vip") -> c.Untag:
    """Return a command that takes the tag away."""
    return c.Untag(at=at(hour), by="support", tag=name)


def reply(hour: float, *, solution: bool = False) -> c.Reply:
    """Return an answer."""
    return c.Reply(at=at(hour), by="vendor", solution=solution)


def after(*commands: c.Command, policy: Policy = POLICY) -> Ticket:
    """Return the ticket after its opening and these commands."""
    ticket, _ = decide_and_apply(None, OPEN, policy)
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket


def starts(ticket: Ticket) -> list[datetime]:
    """Return the instants from which the pending timers count."""
    return [timer.since for timer in ticket.timers]


class TestApplied:
    """A timer that counts from the instant at which its condition began to hold."""

    def test_it_counts_from_that_instant(self) -> None:
        """Later commands leave the start of a timer that counts from its condition."""
        assert [at(1)] == starts(after(tag(1), tag(2, "other")))

    def test_it_is_met_once(self) -> None:
        """A timer that was met does not start again while its condition still holds."""
        ticket = after(tag(1), reply(2), tag(3, "other"), reply(4))

        assert [] == starts(ticket)
        assert [("met", at(1))] == [(t.outcome, t.timer.since) for t in ticket.ended_timers]

    def test_it_is_met_once_even_at_the_instant_of_its_start(self) -> None:
        """A timer that was met at its start does not start again by a command of that instant."""
        assert [] == starts(after(tag(1), reply(1), tag(1, "other")))

    def test_it_begins_anew_if_its_condition_holds_again(self) -> None:
        """A timer starts again if its condition has stopped holding and then holds again."""
        assert [at(4)] == starts(after(tag(1), untag(2), tag(4)))
        assert [at(4)] == starts(after(tag(1), reply(2), untag(3), tag(4)))

    def test_a_reopening_continues_it(self) -> None:
        """A reopening continues a timer whose condition held at the closing and still holds."""
        closed = after(tag(1), c.Close(at=at(2), by="vendor"))
        reopened, _ = decide_and_apply(closed, c.Reopen(at=at(5), by="customer"), POLICY)

        assert [at(1)] == starts(reopened)

    def test_a_reopening_does_not_begin_a_met_one(self) -> None:
        """A reopening does not restart a timer that was met before the closing."""
        ticket = after(
            tag(1),
            reply(2),
            c.Close(at=at(3), by="vendor"),
            c.Reopen(at=at(4), by="customer"),
            tag(5, "other"),
        )

        assert [] == starts(ticket)

    def test_a_condition_that_began_to_hold_on_a_closed_ticket_counts_from_the_reopening(
        self,
    ) -> None:
        """A condition that began to hold on a closed ticket counts from the reopening."""
        ticket = after(c.Close(at=at(1), by="vendor"), tag(2), c.Reopen(at=at(5), by="customer"))

        assert [at(5)] == starts(ticket)

    def test_a_count_that_begins_again_at_its_instant_is_another_cycle(self) -> None:
        """A condition that ceases and holds again, all at one instant, begins another cycle."""
        first, again = after(tag(1)), after(tag(1), untag(1), tag(1))

        assert [at(1)] == starts(first) == starts(again)
        assert [timer.cycle for timer in first.timers] < [timer.cycle for timer in again.timers]

    def test_the_alternatives_of_a_name_are_one_count(self) -> None:
        """A ticket that changes from one timer of a name to another keeps its start."""
        both = (tag(1), tag(2, "gold"), untag(3))

        assert [at(1)] == starts(after(*both, policy=ALTERNATIVES))
        assert [] == starts(
            after(tag(1), reply(1.5), *both[1:], tag(4, "other"), policy=ALTERNATIVES)
        )


@pytest.mark.parametrize(
    "command",
    [
        c.Snooze(at=at(1), by="support", until=at(5)),
        c.SetDeadline(at=at(1), by="support", timer="deadline", due=at(5)),
    ],
)
def test_the_timer_of_a_command_is_one_cycle(command: c.Command) -> None:
    """A cycle is identified by the number of the event that first listed it."""
    ticket, _ = decide_and_apply(None, OPEN, POLICY)
    first, events = decide_and_apply(ticket, command, POLICY)
    (timer,) = first.timers
    later, more = decide_and_apply(first, tag(2, "other"), POLICY)

    assert isinstance(events[-1], Scheduled)
    assert ticket.version + len(events) == timer.cycle
    assert first.timers == later.timers
    assert "Scheduled" not in names(more)


@pytest.mark.parametrize(
    ("mode", "due"),
    [
        ("keep", at(8)),
        ("recalculate", at(3)),
        ("recalculate-without-pauses", at(3)),
        ("restart", at(5)),
    ],
)
def test_a_target_can_change_twice(mode: str, due: datetime) -> None:
    """A target can change twice; a deadline that is then set by hand stays."""
    policy = policy_of(
        '[fields.priority]\nchoices = ["low", "high", "urgent"]\ndefault = "low"\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\neffect = "breach"\nafter_by = "fields.priority"\n'
        'after = { low = "8 hours", high = "4 hours", urgent = "3 hours" }\n'
        f'on_target_change = "{mode}"\n'
    )
    priorities = [
        c.SetField(at=at(hour), by="support", field="priority", value=value)
        for hour, value in ((1, "high"), (2, "urgent"))
    ]
    changed = after(*priorities, policy=policy)
    by_hand = c.SetDeadline(at=at(2), by="support", timer="t", due=at(20))
    moved, _ = decide_and_apply(changed, by_hand, policy)
    back = c.SetField(at=at(2.5), by="support", field="priority", value="low")
    kept, _ = decide_and_apply(moved, back, policy)

    assert [due] == [timer.due for timer in changed.timers]
    assert [(at(20), True)] == [(timer.due, timer.by_hand) for timer in kept.timers]
    assert [timer.target for timer in changed.timers] == [timer.target for timer in moved.timers]


def test_pauses_that_overlap_are_one_pause() -> None:
    """After a change of target, time that two pauses share counts as paused once."""
    policy = policy_of(
        '[fields.priority]\nchoices = ["low", "high"]\ndefault = "low"\n'
        '[pauses.first]\nwhen = { tags = "first" }\n[pauses.second]\nwhen = { tags = "second" }\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\neffect = "breach"\nafter_by = "fields.priority"\n'
        'after = { low = "8 hours", high = "10 hours" }\npauses = ["first", "second"]\n'
        'on_target_change = "recalculate"\n'
    )
    paused = (tag(1, "first"), tag(2, "second"), untag(3, "first"), untag(4, "second"))
    raised = c.SetField(at=at(7), by="support", field="priority", value="high")
    ticket = after(*paused, tag(5, "first"), untag(6, "first"), raised, policy=policy)

    assert [(at(14), None)] == [(timer.due, timer.paused) for timer in ticket.timers]


def test_a_deadline_before_its_pause_keeps_its_target() -> None:
    """A deadline that a new target moves before the pause passes, and keeps the target."""
    policy = policy_of(
        '[fields.priority]\nchoices = ["low", "high"]\ndefault = "low"\n'
        '[pauses.asked]\nwhen = { tags = "asked" }\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\neffect = "breach"\npauses = "asked"\n'
        'after_by = "fields.priority"\nafter = { low = "8 hours", high = "4 hours" }\n'
        'on_target_change = "recalculate"\n'
    )
    high = c.SetField(at=at(6), by="support", field="priority", value="high")
    paused, passed = (
        after(tag(5, "asked"), *more, policy=policy).timers[0] for more in ((), (high,))
    )

    assert (at(8), at(5), "8 hours") == (paused.due, paused.paused, paused.target)
    assert (at(4), None, "4 hours") == (passed.due, passed.paused, passed.target)
    assert passed.passed


def test_a_condition_that_holds_again_brings_the_levels_back() -> None:
    """If a condition holds again, the levels are pending again, counted from the timer's start."""
    level = '[[timer.level]]\nname = "half"\nused = "50 %"\n'
    policy = policy_of(APPLIED.replace("applied", "opened") + level)
    ticket = after(tag(1), untag(2), tag(3), policy=policy)

    assert [("half", at(4))] == [(timer.level, timer.level_at) for timer in ticket.timers]


def test_a_condition_that_holds_again_counts_the_pauses_since_the_start() -> None:
    """If a condition holds again, the deadline moves by the pauses in the time between, too."""
    timer = APPLIED.replace("applied", "opened") + 'pauses = "asked"\n'
    policy = policy_of('[pauses.asked]\nwhen = { tags = "asked" }\n' + timer)
    ticket = after(tag(1), untag(2), tag(3, "asked"), untag(5, "asked"), tag(6), policy=policy)

    assert [at(10)] == [timer.due for timer in ticket.timers]


def test_a_timer_that_counts_all_pauses_counts_those_that_another_one_left_out() -> None:
    """Of two timers of one name, one recalculates without the pauses before, the other with
    them: when the other applies, all pauses since the start count again."""
    timer = (
        '[[timer]]\nname = "t"\nwhen = {{ fields.plan = "{}" }}\nfrom = "opened"\nafter = "{}"\n'
        'effect = "breach"\npauses = "asked"\non_target_change = "{}"\n'
    )
    policy = policy_of(
        '[fields.plan]\nchoices = ["basic", "silver", "gold"]\ndefault = "basic"\n'
        '[pauses.asked]\nwhen = { tags = "asked" }\n'
        + timer.format("basic", "8 hours", "recalculate")
        + timer.format("silver", "9 hours", "recalculate-without-pauses")
        + timer.format("gold", "10 hours", "recalculate")
    )
    silver, gold = (
        c.SetField(at=at(hour), by="support", field="plan", value=plan)
        for hour, plan in ((3, "silver"), (4, "gold"))
    )
    pause = (tag(1, "asked"), untag(2, "asked"))

    assert [at(9)] == [each.due for each in after(*pause, silver, policy=policy).timers]
    assert [at(11)] == [each.due for each in after(*pause, silver, gold, policy=policy).timers]


def test_a_closed_ticket_has_timers_from_its_closing_only() -> None:
    """A closed ticket has only timers that count from its closing; a duplicate has none."""
    timers = APPLIED.replace("vip", "never").replace("applied", "opened") + (
        '[[timer]]\nname = "survey"\nfrom = "closed"\nafter = "1 hour"\neffect = "warn"\n'
    )
    policy = policy_of(timers)
    endings = (
        c.Close(at=at(1), by="vendor"),
        c.Withdraw(at=at(1), by="customer"),
        c.MarkDuplicate(at=at(1), by="support", of="T-1"),
    )

    assert [["survey"], ["survey"], []] == [
        [timer.name for timer in after(ending, policy=policy).timers] for ending in endings
    ]


def test_a_paused_timer_without_a_start_goes_on() -> None:
    """A paused timer keeps its start while a closed ticket waits for nobody."""
    policy = policy_of(
        '[pauses.resting]\nwhen = { status = "closed" }\n'
        + timer_text("t", "breach", "8 hours", since="waiting-since")
        + 'pauses = "resting"\n'
    )
    closed = after(c.Close(at=at(1), by="vendor"), tag(2), policy=policy)

    assert closed.waiting_since is None
    assert [(at(0), at(1))] == [(timer.since, timer.paused) for timer in closed.timers]


def test_a_changed_policy_can_begin_a_cycle() -> None:
    """A changed policy begins a new cycle if the instant from which it counts is a later one."""
    first, second = (
        policy_of(timer_text("t", "breach", "8 hours").replace('"opened"', anchors))
        for anchors in ('"opened"', '["opened", "reopened"]')
    )
    ticket = after(c.Close(at=at(1), by="vendor"), c.Reopen(at=at(2), by="customer"), policy=first)
    changed, _ = decide_and_apply(ticket, c.ChangePolicy(at=at(3), by="support"), second)

    assert [at(0)] == starts(ticket)
    assert [(at(2), at(10))] == [(timer.since, timer.due) for timer in changed.timers]
