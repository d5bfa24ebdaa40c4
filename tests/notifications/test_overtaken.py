"""Tests of notifications that later events have overtaken."""

from datetime import timedelta

import pytest

from support.stories.notifications import boise, opening, samples
from ticketcore import commands as c
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.events import Recorded
from ticketcore.notifications import Notification, is_overtaken, notifications
from ticketcore.policies import NotificationKind, load_policy, parse_policy
from ticketcore.ticket import Ticket, fold_each

CLICKBANK = load_policy("clickbank")
LATE = parse_policy(
    'extends = "kaufland"\nname = "late"\n'
    '[[notification]]\nname = "late"\non = "breached"\nto = "vendor"\n'
)


def warned() -> tuple[Notification, Ticket]:
    """Return the first warning of a silent vendor, and the ticket after it."""
    ticket, events = decide_and_apply(None, opening("technical"), CLICKBANK)
    ticket, more = advance_ticket(ticket, CLICKBANK, boise(14, 11))
    history = enumerate((*events, *more), 1)
    found = [
        notification
        for (seq, event), (after, _) in zip(history, fold_each((*events, *more)), strict=True)
        for notification in notifications(Recorded("7", seq, event), after, CLICKBANK)
    ]
    return next(one for one in found if one.kind == "inactivity-warning"), ticket


def breached() -> tuple[Notification, Ticket]:
    """Return the notification of a late answer at Kaufland, and the ticket after it."""
    facts = {"storefront": "de", "reason": "not-delivered", "zone": None}
    ticket, events = decide_and_apply(None, opening(None, **facts), LATE)
    ticket, more = advance_ticket(ticket, LATE, boise(16, 0))
    recorded = Recorded("7", len(events) + 1, more[0])
    (notification,) = notifications(recorded, ticket, LATE)
    return notification, ticket


def test_a_reminder_stands_while_nobody_acts() -> None:
    """C17: a reminder is not overtaken by later warnings."""
    notification, ticket = warned()
    later, _ = advance_ticket(ticket, CLICKBANK, boise(16, 11))

    assert not is_overtaken(notification, ticket)
    assert not is_overtaken(notification, later)


@pytest.mark.parametrize(
    "command",
    [
        c.Reply(at=boise(14, 12), by="vendor", text="Try again."),
        c.Reply(at=boise(14, 12), by="customer", text="Hello?"),
        c.Close(at=boise(14, 12), by="customer"),
    ],
    ids=["vendor", "customer", "closing"],
)
def test_an_action_overtakes_a_reminder(command: c.Command) -> None:
    """A reminder is overtaken as soon as somebody acts."""
    notification, ticket = warned()
    later, _ = decide_and_apply(ticket, command, CLICKBANK)

    assert is_overtaken(notification, later)


def test_the_closing_by_a_timer_overtakes_a_reminder() -> None:
    """C15: a ticket that was closed for silence asks for no answer."""
    notification, ticket = warned()
    later, _ = advance_ticket(ticket, CLICKBANK, boise(20, 0))

    assert is_overtaken(notification, later)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (c.Reply(at=boise(16, 12), by="vendor", interim=True, text="Soon."), False),
        (c.Reply(at=boise(16, 12), by="customer", text="Hello?"), False),
        (c.Reply(at=boise(16, 12), by="vendor", text="Here it is."), True),
        (c.Escalate(at=boise(16, 12), by="vendor", reason="account", text="Help."), True),
        (c.Close(at=boise(16, 12), by="vendor"), True),
    ],
    ids=["interim", "customer", "answer", "escalated", "closed"],
)
def test_an_answer_overtakes_the_message_that_it_is_late(
    command: c.Command, expected: bool
) -> None:
    """K9: an interim notice is not an answer, so the answer is still late."""
    notification, ticket = breached()
    later, _ = decide_and_apply(ticket, command, LATE)

    assert not is_overtaken(notification, ticket)
    assert expected == is_overtaken(notification, later)


DESK = parse_policy(
    """
extends = "help-desk"
name = "desk"
[[notification]]
name = "late"
on = ["breached", "warned"]
to = "support"
"""
)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (c.Reply(at=boise(30, 1), by="support", text="Soon."), False),
        (c.Reply(at=boise(30, 1), by="customer", text="When?"), False),
        (c.Close(at=boise(30, 1), by="support"), True),
    ],
    ids=["answer", "customer", "closing"],
)
def test_a_late_solution_is_not_overtaken_by_an_answer(command: c.Command, expected: bool) -> None:
    """A warning and a message about a late solution stand until the timer of it is met."""
    ticket, events = decide_and_apply(None, opening(None, zone=None), DESK)
    ticket, more = advance_ticket(ticket, DESK, boise(30, 0))
    history = (*events, *more)
    found = [
        notification
        for seq, (after, event) in enumerate(fold_each(history), 1)
        for notification in notifications(Recorded("7", seq, event), after, DESK)
        if getattr(event, "timer", None) == "resolution"
    ]
    later, _ = decide_and_apply(ticket, command, DESK)

    assert {"breached", "inactivity-warning"} == {one.kind for one in found}
    assert {False} == {is_overtaken(one, ticket) for one in found}
    assert {expected} == {is_overtaken(one, later) for one in found}


def test_a_message_about_what_happened_is_never_overtaken() -> None:
    """Both sides are notified of every action, however late the message is sent (C2)."""
    _, ticket = warned()
    ticket, _ = decide_and_apply(ticket, c.Close(at=boise(14, 12), by="customer"), CLICKBANK)
    asks: set[NotificationKind] = {"inactivity-warning", "breached"}
    reports = [s.notification for kind, s in samples().items() if kind not in asks]

    assert not any(is_overtaken(notification, ticket) for notification in reports)


def test_a_notification_knows_when_its_event_happened_and_was_noticed() -> None:
    """A notification has the due instant of its event, and the instant of recording."""
    ticket, events = decide_and_apply(None, opening("technical"), CLICKBANK)
    noticed = boise(12, 10) + timedelta(minutes=7)
    recorded = Recorded("7", 1, events[0], noticed)
    sent = notifications(recorded, ticket, CLICKBANK)

    assert {(boise(12, 10), noticed)} == {(one.occurred_at, one.noticed_at) for one in sent}
