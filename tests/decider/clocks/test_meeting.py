"""What meets a timer, and how a timer ends otherwise."""

from datetime import datetime

import pytest

from support.policies.permissive_policy import OPEN, T0, at
from support.policies.small_policies import opened, policy_of, timer_text
from ticketcore import commands as c
from ticketcore.decider import decide_and_apply, due, plan
from ticketcore.events import Money
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket


def policy_with(met_by: str, more: str = "") -> Policy:
    """Return a policy with one timer that counts from the opening."""
    return policy_of(more + timer_text("t", "breach", "24 hours") + f"met_by = {met_by}\n")


def after(policy: Policy, *commands: c.Command) -> Ticket:
    """Return a ticket about an order after these commands."""
    ticket, _ = decide_and_apply(None, OPEN, policy)
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket


def ends(ticket: Ticket) -> list[tuple[str, str | None]]:
    """Return how the timers of a ticket ended."""
    return [(each.outcome, each.cause) for each in ticket.ended_timers]


def refund(amount: str, reference: str) -> c.Refund:
    """Return a refund on request."""
    return c.Refund(at=at(1), by="support", amount=Money.parse(amount), reference=reference)


PARTIAL = "[refunds]\npartial = true\n"


@pytest.mark.parametrize(
    ("met_by", "command", "expected"),
    [
        ('"replied"', c.Reply(at=at(1), by="vendor"), [("met", "replied")]),
        ('"replied"', c.Reply(at=at(1), by="vendor", interim=True), []),
        ('"replied"', c.Reply(at=at(1), by="vendor", automatic=True), []),
        ('{ event = "replied", by = "handler" }', c.Reply(at=at(1), by="support"), []),
        (
            '{ event = "replied", by = "handler" }',
            c.Reply(at=at(1), by="vendor"),
            [("met", "replied")],
        ),
        ('"solved"', c.Reply(at=at(1), by="vendor"), []),
        ('"solved"', c.Reply(at=at(1), by="vendor", solution=True), [("met", "solved")]),
        ('"assigned"', c.Assign(at=at(1), by="support", assignee="ann"), [("met", "assigned")]),
        ('"assigned"', c.Reply(at=at(1), by="vendor"), []),
        ('"acknowledged"', c.Acknowledge(at=at(1), by="support"), [("met", "acknowledged")]),
        ('"closed"', c.Close(at=at(1), by="vendor"), [("met", "closed")]),
        ('"closed"', c.Withdraw(at=at(1), by="customer"), [("cancelled", "closed")]),
        ('"replied"', c.Close(at=at(1), by="vendor"), [("cancelled", "closed")]),
        ('"fully-refunded"', refund("100.00 EUR", "r"), [("met", "fully-refunded")]),
        ('"fully-refunded"', refund("99.00 EUR", "r"), []),
        ('"fully-refunded"', c.Reply(at=at(1), by="vendor"), []),
    ],
)
def test_a_timer_is_met_or_cancelled(
    met_by: str, command: c.Command, expected: list[tuple[str, str | None]]
) -> None:
    """`met_by` decides which commands meet a timer; interim and automatic replies meet none."""
    assert expected == ends(after(policy_with(met_by, PARTIAL), command))


STATES = '[fields.state]\nchoices = ["new", "resolved", "done"]\ndefault = "new"\n[fields.team]\n'
RESOLVED = '{ event = "field-set", when = { fields.state = ["resolved", "done"] } }'


@pytest.mark.parametrize(
    ("met_by", "field", "value", "expected"),
    [
        (RESOLVED, "state", "resolved", [("met", "field-set")]),
        (RESOLVED, "state", "done", [("met", "field-set")]),
        (RESOLVED, "team", "resolved", []),
        (RESOLVED.replace("when", 'by = "vendor", when'), "state", "done", []),
    ],
)
def test_an_event_meets_a_timer_if_a_condition_holds_after_it(
    met_by: str, field: str, value: str, expected: list[tuple[str, str | None]]
) -> None:
    """An event meets a timer if the condition in `met_by` holds after the event."""
    policy = policy_with(met_by, STATES + 'type = "text"\n')
    set_field = c.SetField(at=at(1), by="support", field=field, value=value)

    assert expected == ends(after(policy, set_field))


def test_a_timer_that_a_state_met_begins_anew_when_the_state_is_left() -> None:
    """A timer that counts from its condition starts again when the ticket leaves the state."""
    unless = 'unless = { fields.state = ["resolved", "done"] }\n'
    once, anew = (
        timer_text(name, "breach", since=since) + f"met_by = {RESOLVED}\n{unless}"
        for name, since in (("once", "opened"), ("anew", "applied"))
    )
    policy = policy_of(STATES + 'type = "text"\n' + once + anew)
    ticket = after(
        policy,
        c.SetField(at=at(1), by="support", field="state", value="done"),
        c.SetField(at=at(2), by="support", field="state", value="resolved"),
        c.SetField(at=at(3), by="support", field="state", value="new"),
    )

    assert [("met", "field-set")] * 2 == ends(ticket)
    assert [("anew", at(3))] == [(timer.name, timer.since) for timer in ticket.timers]


@pytest.mark.parametrize("met_by", ['["assigned", "classified"]', '["classified", "assigned"]'])
def test_the_first_event_that_meets_a_timer_is_its_cause(met_by: str) -> None:
    """If several events of a command meet a timer, the first one is recorded as the cause."""
    policy = policy_with(met_by, '[categories.tax]\nteam = "finance"\n')
    classified = c.Classify(at=at(1), by="support", category="tax")

    assert [("met", "classified")] == ends(after(policy, classified))


@pytest.mark.parametrize(
    ("since", "more", "met", "pending"),
    [
        ("last-activity", 'activity_by = "vendor"\n', at(1), at(3)),
        ("waiting-since", 'when = { waiting_for = "vendor" }\n', at(0), at(2)),
    ],
)
def test_an_interim_notice_meets_an_update_clock(
    since: str, more: str, met: datetime, pending: datetime
) -> None:
    """An interim notice meets a timer for updates, which counts again, and no other timer."""
    timer = timer_text("t", "breach", "24 hours", since=since)
    policy = policy_of(timer + more + 'met_by = { event = "replied", by = "handler" }\n')
    ticket = after(
        policy,
        c.Reply(at=at(1), by="vendor"),
        c.Reply(at=at(2), by="customer"),
        c.Reply(at=at(3), by="vendor", interim=True),
    )

    assert [("met", met)] == [(each.outcome, each.timer.since) for each in ticket.ended_timers]
    assert [pending] == [timer.since for timer in ticket.timers]


def test_only_the_answer_that_settles_the_matter_meets_a_timer_by_it() -> None:
    """Only an answer that solves the ticket meets a timer for a solution."""
    timer = timer_text("t", "breach", "24 hours", since="applied")
    policy = policy_of(timer + 'met_by = "solved"\nwhen = { tags = "vip" }\n')
    settled = c.Reply(at=at(1), by="vendor", solution=True)
    tagged = c.Tag(at=at(2), by="support", tag="vip")
    ticket = after(policy, settled, tagged, c.Reply(at=at(3), by="vendor"))
    again, _ = decide_and_apply(ticket, c.Reply(at=at(4), by="vendor", solution=True), policy)

    assert [] == ends(ticket)
    assert [("met", "solved")] == ends(again)


def test_an_answer_to_the_dispute_meets_its_timer() -> None:
    """An answer to the dispute meets its timer, and a reply does not."""
    policy = policy_of(
        timer_text("claim", "lose-dispute", since="dispute-opened") + 'when.dispute_kind = "claim"'
    )
    claim = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim")
    replied = after(policy, claim, c.Reply(at=at(2), by="vendor"))
    answered = after(policy, claim, c.AnswerDispute(at=at(2), by="vendor", dispute="D"))

    assert ["claim"] == [timer.name for timer in replied.timers]
    assert [("met", "dispute-answered")] == ends(answered)


def test_a_dispute_without_a_target_has_no_timer() -> None:
    """A dispute has no timer if no target fits the category of the ticket."""
    policy = policy_of(
        '[[timer]]\nname = "t"\nfrom = "dispute-opened"\n'
        'effect = "lose-dispute"\nwhen.dispute_kind = "claim"\n'
        'after_by = "category"\nafter = { orders = "1 hour" }\n'
    )
    claim = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim")

    assert () == after(policy, claim).timers


def test_a_timer_that_was_met_does_not_come_back() -> None:
    """A timer that was met stays ended after a reopening, unless it continues."""
    reply = c.Reply(at=at(1), by="vendor")
    close, reopen = c.Close(at=at(2), by="vendor"), c.Reopen(at=at(3), by="customer")
    stays = policy_with('"solved"\nafter_reopening = "stays-ended"')

    assert () == after(policy_with('"replied"'), reply, close, reopen).timers
    assert () == after(stays, close, reopen).timers
    assert [at(24)] == [t.due for t in after(policy_with('"solved"'), close, reopen).timers]


def test_a_value_without_a_target_has_no_timer() -> None:
    """A timer does not run if its table has no target for the ticket's value."""
    policy = policy_of(
        '[[timer]]\nname = "t"\nfrom = "opened"\neffect = "breach"\n'
        'after_by = "category"\nafter = { orders = "1 hour" }\n'
    )
    other = opened(policy, category="strange")

    assert () == other.timers
    assert [at(1)] == [timer.due for timer in opened(policy, category="orders").timers]
    assert due(other, policy, policy.timers[0], T0) is None
    assert () == plan(opened(policy), policy, at(1))


def test_a_calendar_is_selected_by_a_fact() -> None:
    """A change of the fact that selects a calendar computes the deadline again."""
    policy = policy_of(
        '[calendars.day]\nhours = "mon-fri 09:00-17:00"\n'
        '[calendars.late]\nhours = "mon-fri 12:00-20:00"\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\neffect = "breach"\n'
        'after = "2 working hours"\ncalendar_by = "type"\n'
        'calendar = { request = "day", other = "late" }\non_target_change = "recalculate"\n'
        '[[timer]]\nname = "u"\nfrom = "opened"\neffect = "warn"\n'
        'after_by = "acknowledged"\nafter = { yes = "1 hour", no = "5 hours" }\n'
    )
    ticket = opened(policy)
    changed, _ = decide_and_apply(
        ticket, c.ChangeType(at=at(1), by="customer", type="other"), policy
    )

    assert {"t": at(2), "u": at(5)} == {timer.name: timer.due for timer in ticket.timers}
    assert {"t": at(5), "u": at(5)} == {timer.name: timer.due for timer in changed.timers}


def test_a_calendar_without_an_entry_has_no_timer() -> None:
    """A timer does not run if its calendar table has no entry for the ticket's category."""
    policy = policy_of(
        '[calendars.day]\nhours = "mon-fri 09:00-17:00"\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\neffect = "breach"\n'
        'after = "2 working hours"\ncalendar_by = "category"\ncalendar = { orders = "day" }\n'
    )

    assert () == opened(policy, category="strange").timers
    assert [at(2)] == [timer.due for timer in opened(policy, category="orders").timers]


def test_a_target_that_no_calendar_counts_any_more_is_left() -> None:
    """If the policy no longer has a recorded calendar, the pause is counted in the present one."""
    text = (
        '[calendars.{0}]\nhours = "mon-fri 09:00-17:00"\n'
        '[pauses.asked]\nwhen = {{ waiting_for = "customer" }}\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\neffect = "breach"\npauses = "asked"\n'
        'after_by = "type"\ncalendar = "{0}"\n'
        'after = {{ request = "4 working hours", other = "8 working hours" }}\n'
    )
    first, second = policy_of(text.format("day")), policy_of(text.format("night"))
    ticket = after(first, c.Reply(at=at(1), by="vendor"))
    resumed, _ = decide_and_apply(ticket, c.Reply(at=at(2), by="customer"), second)

    assert [at(5)] == [timer.due for timer in resumed.timers]


def test_the_opening_meets_no_timer() -> None:
    """An opening that assigns the ticket does not meet a timer that ends at an assignment."""
    policy = policy_with('["assigned", "opened"]', '[categories.bikes]\nteam = "workshop"\n')
    ticket = opened(policy, category="bikes")

    assert "workshop" == ticket.assigned_to
    assert ["t"] == [timer.name for timer in ticket.timers]

    ticket, _ = decide_and_apply(ticket, c.Assign(at=at(1), by="support", assignee="ann"), policy)
    assert [("met", "assigned")] == ends(ticket)
