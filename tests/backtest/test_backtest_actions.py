"""Recorded events become the commands that people would have sent."""

from pathlib import Path
from typing import Any

import attrs
import pytest

from support.histories.backtests import (
    CLICKBANK,
    ORDER,
    START,
    hours,
    opened,
    refusal_counts,
    replied,
    run_backtest,
    timer_counts,
)
from ticketcore import commands as c
from ticketcore import events as e
from ticketcore.backtest._actions import RecordedTicket, actions_of
from ticketcore.errors import MoneyError
from ticketcore.events import History
from ticketcore.policies import FieldDefinition, parse_policy

PARTY: dict[str, Any] = {"at": START, "by": "vendor", "actor": "anna"}


SHIPMENT = e.Shipment(number="S1", shipped_at=START)
EARLIER = e.Reference(kind="ticket", number="5")
FIELDS = {"team": FieldDefinition(name="team", choices=("first", "second"))}

CASES: list[tuple[e.Event, c.Command]] = [
    (
        e.Replied(**PARTY, text="hello", channel="mail", interim=True, solution=True),
        c.Reply(**PARTY, text="hello", channel="mail", interim=True, solution=True),
    ),
    (
        e.TypeChanged(**PARTY, type="incident", text="x", consent=True),
        c.ChangeType(**PARTY, type="INCIDENT", text="x", consent=True),
    ),
    (e.Escalated(**PARTY, reason="r", text="x"), c.Escalate(**PARTY, reason="r", text="x")),
    (e.HandedBack(**PARTY, text="x"), c.HandBack(**PARTY, text="x")),
    (e.Acknowledged(**PARTY), c.Acknowledge(**PARTY)),
    (e.InfoRequested(**PARTY, text="x"), c.RequestInfo(**PARTY, text="x")),
    (e.Assigned(**PARTY, assignee="bo"), c.Assign(**PARTY, assignee="bo")),
    (e.Shared(**PARTY, with_person="bo"), c.Share(**PARTY, with_person="bo")),
    (e.Unshared(**PARTY, with_person="bo"), c.Unshare(**PARTY, with_person="bo")),
    (
        e.Refunded(**PARTY, amount=ORDER.amount, reference="r1", units=("u",), reason="x"),
        c.Refund(**PARTY, amount=ORDER.amount, reference="r1", units=("u",), reason="x"),
    ),
    (
        e.Refunded(**PARTY, amount=ORDER.amount),
        c.Refund(**PARTY, amount=ORDER.amount, reference="2026-01-05T09:00:00.000000Z"),
    ),
    (e.RefundConfirmed(**PARTY, reference="r1"), c.ConfirmRefund(**PARTY, reference="r1")),
    (
        e.RefundFailed(**PARTY, reference="r1", reason="x"),
        c.FailRefund(**PARTY, reference="r1", reason="x"),
    ),
    (
        e.Cancelled(**PARTY, units=("u",), reason="x"),
        c.Cancel(**PARTY, units=("u",), reason="x"),
    ),
    (e.Closed(**PARTY, text="x", consent=True), c.Close(**PARTY, text="x", consent=True)),
    (e.Closed(**PARTY, kind="withdrawn", reason="x"), c.Withdraw(**PARTY, reason="x")),
    (
        e.Closed(**PARTY, kind="duplicate", duplicate_of="7"),
        c.MarkDuplicate(**PARTY, of="7"),
    ),
    (
        e.Classified(**PARTY, category="a", subcategory="b", reason="c"),
        c.Classify(**PARTY, category="a", subcategory="b", reason="c"),
    ),
    (
        e.OrderCorrected(**PARTY, order=ORDER, units=("u",)),
        c.CorrectOrder(**PARTY, order=ORDER),
    ),
    (e.ShipmentAdded(**PARTY, shipment=SHIPMENT), c.AddShipment(**PARTY, shipment=SHIPMENT)),
    (e.DuplicateUnmarked(**PARTY, text="x"), c.UnmarkDuplicate(**PARTY, text="x")),
    (
        e.Split(**PARTY, into="8", messages=("m",)),
        c.SplitTicket(**PARTY, into="8", messages=("m",)),
    ),
    (e.Linked(**PARTY, target=EARLIER), c.Link(**PARTY, target=EARLIER)),
    (
        e.FieldSet(**PARTY, field="team", kind="text", value="second"),
        c.SetField(**PARTY, field="team", value="second"),
    ),
    (e.Tagged(**PARTY, tag="vip"), c.Tag(**PARTY, tag="vip")),
    (e.Untagged(**PARTY, tag="vip"), c.Untag(**PARTY, tag="vip")),
    (e.NoteAdded(**PARTY, text="x"), c.AddNote(**PARTY, text="x")),
    (e.Reopened(**PARTY, text="x"), c.Reopen(**PARTY, text="x")),
    (e.ReviewRequested(**PARTY, text="x"), c.RequestReview(**PARTY, text="x")),
    (e.Reviewed(**PARTY, abuse=True, text="x"), c.Review(**PARTY, abuse=True, text="x")),
    (
        e.DisputeOpened(
            **PARTY, dispute="d", kind="claim", deadline=START, amount=ORDER.amount, reason="x"
        ),
        c.OpenDispute(
            **PARTY, dispute="d", kind="claim", deadline=START, amount=ORDER.amount, reason="x"
        ),
    ),
    (
        e.DisputeCorrected(**PARTY, dispute="d", deadline=START, amount=ORDER.amount),
        c.CorrectDispute(**PARTY, dispute="d", deadline=START, amount=ORDER.amount),
    ),
    (
        e.DisputeAnswered(**PARTY, dispute="d", text="x"),
        c.AnswerDispute(**PARTY, dispute="d", text="x"),
    ),
    (
        e.DisputeResolved(**PARTY, dispute="d", outcome="won"),
        c.ResolveDispute(**PARTY, dispute="d", outcome="won"),
    ),
]


@pytest.mark.parametrize(("event", "command"), CASES)
def test_an_event_of_a_party_becomes_its_command(event: e.Event, command: c.Command) -> None:
    """An event of a party becomes a command with all its facts and the mapped type."""
    assert [command] == list(actions_of([event], str.upper))


def test_values_that_the_policy_cannot_read_are_left_out() -> None:
    """An undeclared field, and a value that a new ticket's field cannot have, are left out."""
    second = e.FieldValue(kind="text", value="second")
    high = e.FieldValue(kind="text", value="high")
    opening = attrs.evolve(opened(), fields={"team": second, "priority": high})
    wrong = attrs.evolve(opened(), fields={"team": high})
    other = e.FieldSet(**PARTY, field="priority", kind="text", value="low")
    team = e.FieldSet(**PARTY, field="team", kind="text", value="low")

    first, last = RecordedTicket(History("T", (opening, other, team), 1)).actions(str, FIELDS)
    (third,) = RecordedTicket(History("T", (wrong,), 1)).actions(str, FIELDS)

    assert isinstance(first, c.Open)
    assert isinstance(third, c.Open)
    assert ({"team": "second"}, {}) == (first.fields, third.fields)
    assert c.SetField(**PARTY, field="team", value="low") == last


def test_events_of_the_policy_are_not_replayed() -> None:
    """Another policy decides in a backtest, so changes of policy and rescheduling are left out."""
    changed = e.PolicyChanged(**PARTY, policy="p", policy_version="1")

    assert [] == list(actions_of([changed, e.Rescheduled(**PARTY)], str))


def test_every_command_is_the_action_of_an_event() -> None:
    """Every command but those about the policy and its clocks is replayed from some event."""
    replayed = {command.NAME for _, command in CASES} | {"open"}

    policy = {"change-policy", "reschedule", "set-deadline", "snooze", "unsnooze"}
    assert policy == c.COMMANDS.keys() - replayed


def test_events_of_the_system_are_not_replayed(tmp_path: Path) -> None:
    """Recorded timers and closings by the system are left to the policy's own timers."""
    ticket = [
        opened(),
        e.Scheduled(at=START),
        e.Warned(at=hours(1), timer="x"),
        e.Unknown(name="x", schema=1, at=hours(1)),
        e.DeadlineSet(at=hours(1), by="support", timer="x", due=hours(9)),
        e.Closed(at=hours(2), by="system"),
        replied(3, "support"),
    ]
    report = run_backtest(tmp_path, ticket, compare_recorded=True)
    assert (2, 0, []) == (report.actions, report.fired, refusal_counts(report))
    assert report.closings is not None
    assert (1, 0) == (
        report.closings.by_system.only_recorded,
        report.closings.by_system.both,
    )


def test_what_the_host_reports_is_an_action(tmp_path: Path) -> None:
    """In a history that a policy decided, only derived events are left out."""
    corrected = e.OrderCorrected(at=hours(1), by="system", order=ORDER, units=())
    reply = e.Replied(at=hours(2), by="system", text="automatic")
    for policy, actions in ((None, 2), ("service-desk", 3)):
        events = [opened(policy=policy), corrected, reply]
        assert actions == len(list(actions_of(events, str)))


def test_consequences_are_not_actions() -> None:
    """Consequences, such as a reopening by a reply, are not actions.

    A dispute that a bank opened or decided, and the system reported, is an action.
    """
    events = [
        opened(),
        e.Reopened(at=hours(1), by="customer"),
        replied(1, "customer"),
        e.Reopened(at=hours(2), by="customer"),
        e.DisputeResolved(at=hours(3), by="vendor", dispute="1", outcome="superseded"),
        e.DisputeResolved(at=hours(3), by="system", dispute="2", outcome="lost", timer="x"),
        e.DisputeResolved(at=hours(3), by="system", dispute="3", outcome="won"),
        e.DisputeOpened(at=hours(3), by="system", dispute="4", kind="claim"),
    ]
    commands = [command.NAME for command in actions_of(events, str)]
    assert ["open", "reply", "reopen", "resolve-dispute", "open-dispute"] == commands


def test_an_opening_is_replayed_with_all_its_facts() -> None:
    """Every fact that an opening records, and that `Open` has, is copied."""
    opening = e.Opened(
        **PARTY,
        type="incident",
        zone="Europe/Rome",
        default_handler="support",
        waiting_for="support",
        storefront="it",
        order=ORDER,
        units=("u-1",),
        customer="c-1",
        account="a-1",
        category="orders",
        subcategory="status",
        reason="late",
        subject="Where is it?",
        text="Please help",
        channel="portal",
        has_grace_period=False,
        possible_duplicates=("41",),
    )
    (command,) = actions_of([opening], str)
    shared = attrs.fields_dict(e.Opened).keys() & attrs.fields_dict(c.Open).keys()

    assert isinstance(command, c.Open)
    assert {name: getattr(opening, name) for name in shared} == {
        name: getattr(command, name) for name in shared
    }


def test_an_order_with_a_negative_amount_is_refused() -> None:
    """An order with a negative amount is refused, although an old history can hold one."""
    order = attrs.evolve(ORDER, amount=e.Money(-100, "EUR"))

    with pytest.raises(MoneyError, match=r"-1\.00 EUR"):
        list(actions_of([opened(order=order)], str))


def test_types_that_the_policy_lacks_are_replaced(tmp_path: Path) -> None:
    """A type that the policy lacks is replaced by its default type, or by the given type."""
    incident, refund = [opened()], [opened(type="refund", order=ORDER)]
    report = run_backtest(tmp_path, incident, refund, policy=CLICKBANK)
    assert (1, 1, 1) == (
        report.type_overridden,
        timer_counts(report, "vendor-silent-close")[0],
        timer_counts(report, "refund")[0],
    )
    report = run_backtest(tmp_path, incident, refund, policy=CLICKBANK, ticket_type="technical")
    assert (2, "technical") == (report.type_overridden, report.ticket_type)
    assert 2 == timer_counts(report, "vendor-silent-close")[0]


def test_a_policy_without_a_default_type_refuses_unknown_types(tmp_path: Path) -> None:
    """Without a default type and a given type, the recorded type is kept."""
    policy = parse_policy(
        'name = "strict"\neffective = 2020-01-01\n[types.request]\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
    )
    report = run_backtest(tmp_path, [opened()], policy=policy)
    assert ["unknown-type"] == [refusal.code for refusal in report.refusals]
