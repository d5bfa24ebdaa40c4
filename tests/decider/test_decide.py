"""Deciding commands and advancing time: order, policies, timers, and the envelope of events."""

from datetime import date, datetime
from typing import Any

import attrs
import pytest

from support.policies.permissive_policy import ORDER, T0, at
from support.policies.small_policies import (
    PLAIN,
    names,
    opened,
    policy_of,
    refund,
    refusal,
    timer_text,
)
from ticketcore import commands as c
from ticketcore.decider import advance, advance_ticket, decide, decide_and_apply
from ticketcore.errors import (
    FieldError,
    InstantError,
    NaiveDatetimeError,
    RefusedError,
    UnknownTimerError,
    WrongPolicyError,
)
from ticketcore.events import Breached, Scheduled, Timer
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket, fold


def test_a_ticket_must_be_opened_once() -> None:
    """A command before the opening is refused, and so is a second opening that differs from the
    first."""
    assert "not-opened" == refusal(None, c.Close(at=T0, by="customer"), PLAIN).code
    ticket = opened(PLAIN)
    assert () == decide(ticket, c.Open(at=T0, by="customer"), PLAIN)
    assert "already-opened" == refusal(ticket, c.Open(at=at(1), by="vendor"), PLAIN).code


def test_references_are_compared_character_by_character() -> None:
    """An accent that is a character of its own, or another case, makes another reference."""
    ticket = opened(PLAIN)
    reply = c.Reply(at=at(1), by="customer", text="x", reference="<caf\u00e9@mail>")
    ticket, _ = decide_and_apply(ticket, reply, PLAIN)

    assert () == decide(ticket, attrs.evolve(reply, at=at(2)), PLAIN)
    for other in ("<cafe\u0301@mail>", "<CAF\u00c9@mail>"):
        assert decide(ticket, attrs.evolve(reply, at=at(2), reference=other), PLAIN)


@pytest.mark.parametrize("wrong", ["open", {"command": "open"}, c.Open])
def test_an_opening_must_be_a_command(wrong: Any) -> None:
    """Only an `Open` command opens a ticket; a name, JSON or a class raises an error."""
    with pytest.raises(FieldError) as caught:
        decide(None, wrong, PLAIN)
    assert ("decide.command", "a command, such as Open or Reply", wrong) == (
        f"{caught.value.owner}.{caught.value.field}",
        caught.value.expected,
        caught.value.value,
    )


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ({}, True),
        ({"text": "other words"}, False),
        ({"text": None}, False),
        ({"zone": "Europe/Rome"}, False),
        ({"zone": "UTC"}, True),
        ({"type": "other"}, False),
        ({"actor": "anna"}, False),
    ],
)
def test_an_opening_that_is_sent_again_changes_nothing(given: dict[str, Any], same: bool) -> None:
    """An opening that is sent again changes nothing; one with other facts is refused."""
    ticket = opened(PLAIN, text="words")
    again = c.Open(**{"at": T0, "by": "customer", "text": "words", **given})
    if same:
        assert () == decide(ticket, again, PLAIN)
        return
    with pytest.raises(RefusedError) as caught:
        decide(ticket, again, PLAIN)
    assert "already-opened" == caught.value.code


def test_an_opening_may_name_the_order_again() -> None:
    """An opening that names an equal order again counts as the same opening."""
    command = c.Open(at=T0, by="customer", order=ORDER)

    assert () == decide(opened(PLAIN, order=attrs.evolve(ORDER)), command, PLAIN)


REPEATED: list[c.Command] = [
    c.Reply(at=at(1), by="vendor", text="hello"),
    c.RequestInfo(at=at(1), by="vendor", text="which?"),
    c.ChangeType(at=at(1), by="customer", type="other"),
    c.Escalate(at=at(1), by="vendor"),
    c.Acknowledge(at=at(1), by="vendor"),
    c.Assign(at=at(1), by="vendor", assignee="team"),
    c.Share(at=at(1), by="customer", with_person="ann"),
    c.Close(at=at(1), by="customer"),
    c.Withdraw(at=at(1), by="customer"),
    c.MarkDuplicate(at=at(1), by="support", of="42"),
    c.OpenDispute(at=at(1), by="customer", dispute="d", kind="claim"),
]


@pytest.mark.parametrize("command", REPEATED, ids=lambda command: command.NAME)
def test_a_command_that_is_sent_twice_takes_effect_once(command: c.Command) -> None:
    """A command that is sent twice causes no event the second time."""
    ticket, events = decide_and_apply(opened(PLAIN), command, PLAIN)

    assert events
    assert () == decide(ticket, command, PLAIN)


def test_a_command_dated_before_the_last_event_is_refused() -> None:
    """A command that is dated before the last event is refused."""
    ticket = decide_and_apply(opened(PLAIN), c.Reply(at=at(2), by="vendor"), PLAIN)[0]
    late = attrs.evolve(PLAIN, name="late")

    assert "out-of-order" == refusal(ticket, c.Close(at=at(1), by="vendor"), PLAIN).code
    assert "out-of-order" == refusal(ticket, c.ChangePolicy(at=at(1), by="vendor"), late).code


def test_a_command_out_of_order_is_refused_with_both_instants() -> None:
    """A command out of order is refused with both instants in the ticket's zone."""
    ticket = opened(PLAIN, zone="Asia/Tokyo")

    assert (
        "out-of-order: the command is dated Mon 2026-01-05 17:30 UTC+09:00, before the ticket's"
        " last event on Mon 2026-01-05 18:00 UTC+09:00"
    ) == str(refusal(ticket, c.Reply(at=at(-0.5), by="vendor"), PLAIN))


def test_another_policy_or_version_is_an_error() -> None:
    """C21: a command or a due timer raises WrongPolicyError; nothing happens while no timer is
    due."""
    policy = policy_of(timer_text("close", "close"))
    other = policy_of(timer_text("close", "close"), effective="2026-02-01")
    ticket = opened(policy)

    with pytest.raises(WrongPolicyError, match="base 2026-01-01, not base 2026-02-01"):
        decide(ticket, c.Reply(at=at(1), by="vendor"), other)
    with pytest.raises(WrongPolicyError):
        advance(ticket, other, at(30))
    assert () == advance(ticket, other, at(1))


def test_a_ticket_without_a_policy_follows_the_given_one() -> None:
    """A ticket without a recorded policy is decided by the given one."""
    ticket = attrs.evolve(opened(PLAIN), policy=None, policy_version=None)

    assert ["Replied"] == names(decide(ticket, c.Reply(at=at(1), by="vendor"), PLAIN))


def test_a_ticket_without_a_version_needs_change_policy_first() -> None:
    """A ticket without a policy version must get one by `ChangePolicy` first."""
    ticket = attrs.evolve(opened(PLAIN), policy_version=None)

    with pytest.raises(WrongPolicyError, match="follows the policy base, not base 2026-01-01:"):
        decide(ticket, c.Reply(at=at(1), by="vendor"), PLAIN)
    assert ["PolicyChanged"] == names(decide(ticket, c.ChangePolicy(at=T0, by="support"), PLAIN))


def test_change_policy_records_the_policy_and_reschedules() -> None:
    """`ChangePolicy` records the policy and reschedules, after due timers have fired."""
    old = policy_of(timer_text("w", "warn"))
    new = policy_of(timer_text("w", "warn", "48 hours"), effective="2026-02-01")
    ticket = opened(old)
    change = c.ChangePolicy(at=at(25), by="support")

    assert "timers-due" == refusal(ticket, change, new).code
    assert "timers-due" == refusal(ticket, attrs.evolve(change, at=at(24)), new).code
    advanced = advance_ticket(ticket, old, at(25))[0]
    assert ["PolicyChanged"] == names(decide(advanced, change, new))
    moved, events = decide_and_apply(ticket, attrs.evolve(change, at=at(3)), new)
    assert ["PolicyChanged", "Scheduled"] == names(events)
    assert ("2026-02-01", (Timer("w", at(48), T0, cycle=2),)) == (
        moved.policy_version,
        moved.timers,
    )
    assert () == decide(moved, attrs.evolve(change, at=at(4)), new)


def test_change_policy_is_refused_from_a_due_instant_on() -> None:
    """A change of policy is refused from the due instant of a timer on."""
    policy = policy_of(timer_text("soon", "warn", "24 hours", "opened"))
    other = attrs.evolve(policy, name="another")
    ticket, _ = decide_and_apply(None, c.Open(at=T0, by="customer"), policy)

    assert decide(ticket, c.ChangePolicy(at=at(23.9), by="customer"), other)
    with pytest.raises(RefusedError) as refused:
        decide(ticket, c.ChangePolicy(at=at(24), by="customer"), other)
    assert (
        "timers-due: a timer is due on Tue 2026-01-06 09:00 UTC+00:00:"
        " advance the ticket under its present policy first"
    ) == str(refused.value)


@pytest.mark.parametrize("hour", [2, 3])
def test_change_policy_waits_for_a_dispute_that_another_ticket_ended(hour: float) -> None:
    """A2: a change of policy is refused while a claim waits to be ended by the chargeback of
    another ticket, from the instant of the chargeback on."""
    kinds = '[disputes.chargeback]\nsupersedes = ["claim"]\n'
    policy, other = policy_of(kinds), policy_of(kinds, effective="2026-02-01")
    first, second = (_of_order(number, policy) for number in "12")
    claim = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim")
    chargeback = attrs.evolve(claim, at=at(2), dispute="E", kind="chargeback")
    claimed, _ = decide_and_apply(first, claim, policy)
    charged, _ = decide_and_apply(second, chargeback, policy)
    change = c.ChangePolicy(at=at(hour), by="support")

    with pytest.raises(RefusedError, match="timers-due"):
        decide(claimed, change, other, Ledger.of({"1": claimed, "2": charged}))
    assert decide(claimed, change, other)


def test_a_timer_that_a_changed_policy_makes_due_pays_no_refunded_order() -> None:
    """A4: a timer that acts at the change of policy reads the refunds of the other tickets."""
    old, new = (
        policy_of(timer_text("pay", "refund", hours), effective=effective)
        for hours, effective in (("48 hours", "2026-01-01"), ("24 hours", "2026-02-01"))
    )
    first, second = (_of_order(number, old) for number in "12")
    refunded, _ = decide_and_apply(second, refund("R"), old)
    change = c.ChangePolicy(at=at(30), by="support")

    assert "Refunded" in names(decide(first, change, new))
    ledger = Ledger.of({"1": first, "2": refunded})
    assert "Refunded" not in names(decide(first, change, new, ledger))


@pytest.mark.parametrize(
    ("hours", "due", "breached"),
    [
        ("24 hours", 24, True),  # the same deadline: the breach follows the command
        ("48 hours", 48, False),
        ("12 hours", 24, True),  # the new deadline is past, so the timer fires at the change
    ],
)
def test_change_policy_comes_before_a_timer_that_fires_after_its_instant(
    hours: str, due: float, *, breached: bool
) -> None:
    """A command at the due instant comes before a timer that fires after that instant."""
    old = policy_of(timer_text("late", "breach", "24 hours"))
    new = policy_of(timer_text("late", "breach", hours), effective="2026-02-01")
    ticket = opened(old)
    assert () == advance(ticket, old, at(24))

    moved, events = decide_and_apply(ticket, c.ChangePolicy(at=at(24), by="support"), new)
    fired = [e.at for e in (*events, *advance(moved, new, at(36))) if isinstance(e, Breached)]

    assert "PolicyChanged" == names(events)[0]
    assert breached == bool(fired)
    assert [at(due)] == (fired or [timer.due for timer in moved.timers])


def test_a_due_timer_that_the_policy_lacks_is_an_error() -> None:
    """A due timer that the edited policy lacks is an error."""
    ticket = opened(policy_of(timer_text("close", "close")))

    with pytest.raises(UnknownTimerError, match="policy base 2026-01-01 has no timer 'close'"):
        advance(ticket, PLAIN, at(24))


def test_an_answer_at_the_due_instant_is_in_time() -> None:
    """An answer at the due instant is in time if the timer fires "after" it."""
    late = (
        timer_text("late", "breach", since="waiting-since") + 'when = { waiting_for = "vendor" }\n'
    )
    policy = policy_of(late + timer_text("w", "warn"))
    ticket = opened(policy)

    assert ["Warned"] == names(advance(ticket, policy, at(24)))
    assert ["Warned", "Breached"] == names(advance(ticket, policy, at(24.001)))
    in_time = decide(ticket, c.Reply(at=at(24), by="vendor"), policy)
    assert ["Warned", "Replied", "Scheduled"] == names(in_time)


def test_a_timer_that_fires_can_start_another() -> None:
    """A timer that fires can start another, such as an escalation support's timer."""
    call = timer_text("call", "escalate", "24 hours", "opened")
    answer = timer_text("answer", "breach", "10 hours", "waiting-since")
    policy = policy_of(call + answer + 'when = { waiting_for = "support" }\n')
    ticket, _ = decide_and_apply(None, c.Open(at=T0, by="customer"), policy)
    after, events = advance_ticket(ticket, policy, at(24))

    assert isinstance(events[-1], Scheduled)
    assert fold(events, ticket) == after
    assert [("answer", at(34))] == [(timer.name, timer.due) for timer in after.pending_timers]


def test_a_deadline_in_the_past_is_due_at_once() -> None:
    """A timer whose deadline is already past fires at the instant of the command."""
    slow, fast = (
        policy_of(timer_text("w", "warn", "48 hours")),
        policy_of(timer_text("w", "warn", "1 hour")),
    )
    ticket, events = decide_and_apply(opened(slow), c.Reschedule(at=at(5), by="support"), fast)

    expected = [(name, at(5)) for name in ("Rescheduled", "Scheduled", "Warned")]
    assert expected == [(type(e).__name__, e.at) for e in events]
    assert Scheduled(at=at(5), timers=(Timer("w", at(1), T0, cycle=2),)) == events[1]
    assert () == ticket.pending_timers


@pytest.mark.parametrize("at", [date(2026, 1, 1), "tomorrow", None, datetime(2026, 1, 1)])  # noqa: DTZ001
def test_advance_refuses_anything_but_an_aware_datetime(at: Any) -> None:
    """`advance` refuses anything but an aware datetime."""
    with pytest.raises((InstantError, NaiveDatetimeError)):
        advance(opened(PLAIN), PLAIN, at)


@pytest.mark.parametrize("hours", [[], [24]])
def test_advance_refuses_a_naive_datetime_even_if_no_timer_is_pending(hours: list[int]) -> None:
    """`advance` refuses a naive datetime even if no timer is pending."""
    ticket = attrs.evolve(
        opened(PLAIN), timers=tuple(Timer(name="t", due=at(h), since=T0) for h in hours)
    )

    with pytest.raises(NaiveDatetimeError):
        advance(ticket, PLAIN, datetime(2026, 1, 5))  # noqa: DTZ001


class TestEnvelope:
    """`decide` marks each event with the id of its command, and marks derived events."""

    def test_all_events_of_a_command_have_its_id(self) -> None:
        """All events of a command have its id: the opening, the assignment, the timers."""
        text = timer_text("w", "warn") + '[categories.bills]\nteam = "billing"\n'
        command = c.Open(at=T0, by="customer", category="bills", command_id="c-1")
        events = decide(None, command, policy_of(text))

        assert [
            ("Opened", "c-1", False),
            ("Assigned", "c-1", True),
            ("Scheduled", "c-1", True),
        ] == [(type(event).__name__, event.command_id, event.derived) for event in events]

    def test_one_event_of_each_command_is_not_derived(self) -> None:
        """One event of each command is not derived; replaying produces the others again."""
        policy = policy_of('[closing]\nreply_reopens = ["customer"]\n' + timer_text("w", "warn"))
        closed = decide_and_apply(opened(policy), c.Close(at=at(1), by="support"), policy)[0]
        commands = [
            c.Reply(at=at(2), by="customer", command_id="c-1"),
            c.Reopen(at=at(2), by="customer", command_id="c-1"),
        ]

        for command in commands:
            events = decide(closed, command, policy)
            own = "Replied" if command.NAME == "reply" else "Reopened"
            assert [own] == [type(event).__name__ for event in events if not event.derived]
            assert {"c-1"} == {event.command_id for event in events}

    def test_events_of_timers_are_derived_and_have_no_command(self) -> None:
        """Timers that fire before a command, or at once after it, have derived events."""
        slow, fast = (
            policy_of(timer_text("w", "warn", span) + timer_text("soon", "escalate"))
            for span in ("48 hours", "1 hour")
        )
        ticket = opened(slow)
        before = decide(ticket, c.Reply(at=at(30), by="vendor", command_id="c-1"), slow)
        at_once = decide(ticket, c.Reschedule(at=at(5), by="support", command_id="c-1"), fast)

        assert [
            ("Escalated", True, None),
            ("Replied", False, "c-1"),
        ] == [(type(event).__name__, event.derived, event.command_id) for event in before]
        assert [
            ("Rescheduled", False, "c-1"),
            ("Scheduled", True, "c-1"),
            ("Warned", True, None),
        ] == [(type(event).__name__, event.derived, event.command_id) for event in at_once]

    def test_a_store_records_events_not_the_decider(self) -> None:
        """The decider sets no `recorded_at`; a command without an id causes events without one."""
        events = decide(None, c.Open(at=T0, by="customer"), policy_of(timer_text("w", "warn")))

        assert [None, None] == [event.command_id for event in events]


def test_a_timer_that_is_due_at_the_opening_pays_no_refunded_order() -> None:
    """A4: a timer that an opening makes due at once reads the refunds of the other tickets."""
    policy = policy_of(
        '[fields.bought]\ntype = "instant"\n'
        + timer_text("pay", "refund", "24 hours", since="fields.bought")
    )
    bought = {"bought": at(-48)}
    command = c.Open(at=at(2), by="customer", number="1", order=ORDER, zone="UTC", fields=bought)
    refunded, _ = decide_and_apply(_of_order("2", policy), refund("R"), policy)

    assert "Refunded" in names(decide(None, command, policy))
    assert "Refunded" not in names(decide(None, command, policy, Ledger.of({"2": refunded})))


def _of_order(number: str, policy: Policy) -> Ticket:
    """Return one of several tickets about an order."""
    return opened(policy, number=number, order=ORDER, zone="UTC")
